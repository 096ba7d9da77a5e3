import { describe, expect, test } from "bun:test";
import { Fuzzer, loadTargets } from "../scripts/fuzzer.ts";

const RUN_MS = 1000;
/** However slow the machine is. */
const LEAST = 200;

describe("fuzz targets hold for a second each, and 200 inputs", async () => {
  for (const target of await loadTargets()) {
    test(target.name, async () => {
      const seed = Math.floor(Math.random() * 2 ** 32);
      const fuzzer = new Fuzzer(target, seed);
      const end = performance.now() + RUN_MS;
      do {
        const failure = await fuzzer.run(100);
        if (failure)
          throw new Error(`seed ${seed}, input ${Buffer.from(failure.input).toString("hex")}`, {
            cause: failure.error,
          });
      } while (performance.now() < end || fuzzer.executions < LEAST);
    });
  }
});

describe("the fuzzer", () => {
  const target = {
    name: "no three in a row",
    run(input: Uint8Array): void {
      for (let i = 2; i < input.length; i++) {
        if (input[i] === 10 && input[i - 1] === 10 && input[i - 2] === 10) throw new Error("three in a row");
      }
    },
  };

  test("finds a failure and shrinks it to what matters", async () => {
    const failure = await new Fuzzer(target, 1).run(1_000_000);
    expect(failure?.input).toEqual(Uint8Array.of(10, 10, 10));
    expect(failure?.error).toEqual(new Error("three in a row"));
  });

  test("repeats itself with the same seed", async () => {
    const inputs = async (seed: number): Promise<string[]> => {
      const seen: string[] = [];
      await new Fuzzer({ name: "spy", run: (input) => void seen.push(Buffer.from(input).toString("hex")) }, seed).run(
        200,
      );
      return seen;
    };
    expect(await inputs(7)).toEqual(await inputs(7));
    expect(await inputs(7)).not.toEqual(await inputs(8));
  });
});

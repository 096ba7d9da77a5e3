import { describe, expect } from "bun:test";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Client, client } from "../support/clients.ts";
import { until } from "../support/deadline.ts";
import { FtpServer } from "../support/ftp.ts";
import { Program, run } from "../support/program.ts";
import { Random, SEED } from "../support/random.ts";
import { TempFolder } from "../support/temp.ts";

const SIZE = 4 * 1024 * 1024;
/** So slow that a moment can be chosen: the whole takes a quarter of a second. */
const RATE = "16M";
const KILLS = 9;

const curl = client("curl");

/** Moments spread over the whole transfer, one in each part of it, and one when all bytes have gone. */
function moments(): readonly number[] {
  const random = new Random(SEED);
  return [...Array.from({ length: KILLS }, (_, part) => (part + random.below(1000) / 1000) / KILLS), 1];
}

/** Kills a client as soon as so much has moved. */
async function killsAt(
  command: readonly string[],
  moved: () => number | Promise<number>,
  bytes: number,
): Promise<void> {
  await using program = new Program(command);
  while (program.running && (await moved()) < bytes) await new Promise((resolve) => setImmediate(resolve));
  program.kill("SIGKILL");
  await program.exited().catch(() => {});
}

async function finishes(by: Client, command: readonly string[]): Promise<void> {
  const { code, stderr } = await run(command, { ms: 30_000 });
  expect({ code, stderr, seed: SEED }).toEqual({ code: 0, stderr: "", seed: SEED });
  by.exchanged();
}

describe("a client that is killed in the middle", () => {
  for (const [at, moment] of moments().entries()) {
    const shown = `${(100 * moment).toFixed(1)} % (seed ${SEED}, kill ${at})`;

    curl.test(`of a put at ${shown} leaves no half file, and goes on`, async () => {
      await using server = await FtpServer.start();
      using folder = new TempFolder();
      const bytes = randomBytes(SIZE);
      await Bun.write(folder.file("it"), bytes);
      const url = `ftp://127.0.0.1:${server.port}/it`;
      const put = [curl.path, "-sS", "--max-time", "20", "-T", folder.file("it"), url];
      using watcher = await server.guest();
      const moved = async () => {
        await watcher.sends("SIZE it");
        const reply = await watcher.control.readLine();
        return reply.startsWith("213 ") ? Number(reply.slice(4)) + 1 : 0;
      };
      await killsAt([...put, "--limit-rate", RATE], moved, moment * SIZE);
      if (existsSync(server.file("it"))) expect((await server.read("it")).equals(bytes)).toBe(true);
      await finishes(curl, [...put, "-C", "-"]);
      expect((await server.read("it")).equals(bytes)).toBe(true);
    });

    curl.test(`of a get at ${shown} goes on`, async () => {
      await using server = await FtpServer.start();
      using folder = new TempFolder();
      const bytes = randomBytes(SIZE);
      await server.write("it", bytes);
      const target = folder.file("it");
      const get = [curl.path, "-sS", "--max-time", "20", "-o", target, `ftp://127.0.0.1:${server.port}/it`];
      const moved = () => statSync(target, { throwIfNoEntry: false })?.size ?? 0;
      await killsAt([...get, "--limit-rate", RATE], moved, moment * SIZE);
      await finishes(curl, [...get, "-C", "-"]);
      expect(Buffer.from(await Bun.file(target).arrayBuffer()).equals(bytes)).toBe(true);
    });
  }
});

describe("a server that is killed in the middle", () => {
  curl.test("of a put has no half file when it is back, and goes on", async () => {
    using folder = new TempFolder();
    const share = folder.file("share");
    mkdirSync(share);
    const bytes = randomBytes(SIZE);
    await Bun.write(folder.file("it"), bytes);
    const put = (port: number) => [
      curl.path,
      "-sS",
      "--max-time",
      "20",
      "-T",
      folder.file("it"),
      `ftp://127.0.0.1:${port}/it`,
    ];
    for (const moment of moments().slice(0, 3)) {
      await using server = await FtpServer.start(["--allow-write"], share);
      await using program = new Program([...put(server.port), "--limit-rate", RATE]);
      const part = () => readdirSync(share).find((name) => name !== "it");
      const size = () => statSync(join(share, part() ?? "none"), { throwIfNoEntry: false })?.size ?? 0;
      await until(() => size() >= moment * SIZE, "the bytes");
      server.tincan.signal("SIGKILL");
      expect(await server.tincan.exited()).not.toBe(0);
      expect(await program.exited()).not.toBe(0);
      expect(existsSync(join(share, "it"))).toBe(false);
      await using again = await FtpServer.start(["--allow-write"], share);
      await finishes(curl, [...put(again.port), "-C", "-"]);
      expect((await again.read("it")).equals(bytes)).toBe(true);
      expect(readdirSync(share)).toEqual(["it"]);
      rmSync(join(share, "it"));
    }
  });
});

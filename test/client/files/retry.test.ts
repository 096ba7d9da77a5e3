import { expect, test } from "bun:test";
import { Retry } from "../../../src/client/files/retry.ts";
import { Passing, Stopped } from "../../../src/client/files/trouble.ts";
import { until } from "../../support/deadline.ts";
import { HandClock } from "../../support/hand-clock.ts";

function open(retries: number) {
  const clock = new HandClock();
  const told: string[] = [];
  const controller = new AbortController();
  const retry = new Retry({ retries, clock, signal: controller.signal, tell: (line) => told.push(line) });
  return { clock, told, controller, retry };
}

/** Lets every wait pass until `done` settles. */
async function settled(clock: HandClock, done: Promise<unknown>): Promise<void> {
  let isDone = false;
  const end = done
    .catch(() => {})
    .then(() => {
      isDone = true;
    });
  await until(() => {
    clock.move(clock.waiting > 0 ? 40_000 : 0);
    return isDone;
  }, "the last try");
  await end;
}

test("trouble that may pass is tried again, and so often in a row only", async () => {
  const { clock, told, retry } = open(3);
  let tries = 0;
  const work = () => {
    tries += 1;
    return Promise.reject(new Passing("it was lost"));
  };
  const done = retry.run("a", () => 0, work);
  done.catch(() => {});
  await settled(clock, done);
  expect([tries, told.length]).toEqual([4, 3]);
  expect(await done.catch((error: Error) => error.message)).toContain("given up after 3 tries");
});

test("bytes that moved begin a new row", async () => {
  const { clock, told, retry } = open(2);
  let tries = 0;
  const done = retry.run(
    "a",
    () => tries,
    () => {
      tries += 1;
      return tries < 9 ? Promise.reject(new Passing("it was lost")) : Promise.resolve("done");
    },
  );
  await settled(clock, done);
  expect(await done).toBe("done");
  expect(told.every((line) => line.endsWith("(1 of 2)"))).toBe(true);
});

test("other trouble is final", async () => {
  const { retry } = open(3);
  expect(
    await retry
      .run(
        "a",
        () => 0,
        () => Promise.reject(new Error("no")),
      )
      .catch((error: Error) => error.message),
  ).toBe("no");
});

test("who is stopped does not wait", async () => {
  const { told, retry, controller } = open(3);
  const done = retry.run(
    "a",
    () => 0,
    () => Promise.reject(new Passing("it was lost")),
  );
  await until(() => told.length > 0, "the first wait");
  controller.abort();
  expect(await done.catch((error: unknown) => error)).toBeInstanceOf(Stopped);
});

import { expect, test } from "bun:test";
import { PassThrough } from "node:stream";
import { pump } from "../../../src/client/fetch/pump.ts";
import { StreamSink } from "../../../src/client/fetch/stream-sink.ts";
import { HandClock } from "../../support/hand-clock.ts";

/** A reader that takes a chunk only when it is told to. */
class SlowReader {
  readonly got: string[] = [];
  #take: (() => void) | null = null;

  readonly sink = new StreamSink((chunk) => {
    this.got.push(Buffer.from(chunk).toString());
    return new Promise((resolve) => {
      this.#take = resolve;
    });
  });

  take(): void {
    this.#take?.();
  }
}

const { signal } = new AbortController();
const watch = { begins() {}, resumes() {}, moved() {} };

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

test("a slow reader is waited for, however long it takes, and no timer is left", async () => {
  const clock = new HandClock();
  const reader = new SlowReader();
  const body = new PassThrough();
  const done = pump(body, reader.sink, { clock, signal }, watch);
  body.write("one");
  await turn();
  body.end("two");
  await turn();
  expect(reader.got).toEqual(["one"]);
  clock.move(600_000);
  reader.take();
  await turn();
  expect(reader.got).toEqual(["one", "two"]);
  reader.take();
  await done;
  expect(reader.sink.received).toBe(6);
  expect(clock.waiting).toBe(0);
});

test("a break is told only when the sink has what came before it", async () => {
  const clock = new HandClock();
  const reader = new SlowReader();
  const body = new PassThrough();
  let outcome = "";
  const done = pump(body, reader.sink, { clock, signal }, watch).catch((error) => {
    outcome = String(error.message);
  });
  body.write("one");
  await turn();
  body.destroy(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
  await turn();
  expect(outcome).toBe("");
  reader.take();
  await done;
  expect(outcome).toBe("the connection broke");
  expect(reader.sink.received).toBe(3);
  expect(clock.waiting).toBe(0);
});

test("a body that has broken before it is read is not waited for", async () => {
  const body = new PassThrough();
  body.destroy();
  await turn();
  const sink = new StreamSink(async () => {});
  await expect(pump(body, sink, { clock: new HandClock(), signal }, watch)).rejects.toThrow("the connection broke");
});

test("a reader that takes nothing does not hold up who is stopped", async () => {
  const reader = new SlowReader();
  const body = new PassThrough();
  const stop = new AbortController();
  const done = pump(body, reader.sink, { clock: new HandClock(), signal: stop.signal }, watch);
  body.write("one");
  await turn();
  body.destroy();
  stop.abort();
  await expect(done).rejects.toThrow("the connection broke");
});

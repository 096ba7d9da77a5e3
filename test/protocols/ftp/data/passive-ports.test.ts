import { expect, test } from "bun:test";
import { NoPortError, PassivePorts } from "../../../../protocols/ftp/data/passive-ports.ts";
import type { Arrival, Net } from "../../../../src/net/protocol.ts";
import { HandClock } from "../../../support/hand-clock.ts";

/** Listens on nothing; tells when a listener's client has come. */
class Listening implements Pick<Net, "listenOnce"> {
  readonly arrive = new Map<number, () => void>();

  listenOnce({ port }: { readonly port: number }) {
    const { promise, resolve } = Promise.withResolvers<Arrival>();
    this.arrive.set(port, () => resolve({} as Arrival));
    return { port, arrived: promise, cancel() {} };
  }
}

function range(from: number, to: number) {
  const clock = new HandClock();
  const listening = new Listening();
  const ports = new PassivePorts({ from, to }, clock);
  const listen = () => ports.listen(listening as unknown as Net, { host: "127.0.0.1", timeoutMs: 30_000 });
  return { clock, listening, listen };
}

test("each port of the range is given once, and again when its client has come", async () => {
  const { clock, listening, listen } = range(5000, 5001);
  const given = [(await listen()).port, (await listen()).port];
  expect(given.sort()).toEqual([5000, 5001]);
  const third = listen();
  clock.move(4_999);
  listening.arrive.get(5001)?.();
  expect((await third).port).toBe(5001);
  expect(clock.waiting).toBe(0);
});

test("who waits for a port for five seconds is told that all are taken", async () => {
  const { clock, listen } = range(5000, 5000);
  await listen();
  const second = listen();
  clock.move(5_000);
  await expect(second).rejects.toThrow(NoPortError);
  expect(clock.waiting).toBe(0);
});

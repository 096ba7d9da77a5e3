import { describe, expect, test } from "bun:test";
import { until } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { TestDoor } from "./test-door.ts";

const BYTES = 64 * 1024 * 1024;
/** Slower than the loopback, so that there is always more to read. */
const WORK_MS = 1;
/** Ten chunks come before it, and all of it takes many times as long. */
const DEADLINE_MS = 60_000;

function work(): void {
  const until = performance.now() + WORK_MS;
  while (performance.now() < until);
}

/** Counts what is done between two looks of the loop at everybody. */
class Turns {
  most = 0;
  private done = 0;
  private ended = false;

  constructor() {
    this.next();
  }

  did(): void {
    this.done += 1;
  }

  end(): void {
    this.ended = true;
  }

  private next(): void {
    this.most = Math.max(this.most, this.done);
    this.done = 0;
    if (!this.ended) setImmediate(() => this.next());
  }
}

describe("somebody who sends without end, and faster than it is handled", () => {
  for (const borrows of [false, true]) {
    test(`has a few chunks of a turn, ${borrows ? "lent" : "its own"}, and is not said to wait`, async () => {
      const turns = new Turns();
      let got = 0;
      let waits = 0;
      await using door = await TestDoor.open(() => ({
        borrows,
        onData(chunk) {
          turns.did();
          work();
          got += chunk.length;
          setImmediate(() => {
            waits += [...door.runtime.connections()].filter(({ waiting }) => waiting).length;
          });
        },
      }));
      await using sender = Bun.spawn(["bash", "-c", `head -c ${BYTES} /dev/zero >/dev/tcp/127.0.0.1/${door.port}`]);
      await until(() => got === BYTES, "all bytes");
      turns.end();
      expect(await sender.exited).toBe(0);
      // Bun's chunk, and what fits into the time that is lent.
      expect(turns.most).toBeLessThanOrEqual(borrows ? 4 : 2);
      expect(waits).toBe(0);
    });

    test(`is neither idle nor stalled meanwhile, ${borrows ? "lent" : "its own"}`, async () => {
      const clock = new HandClock();
      let got = 0;
      await using door = await TestDoor.open(
        (conn) => {
          conn.deadline("stall", DEADLINE_MS);
          conn.deadline("idle", DEADLINE_MS);
          return {
            borrows,
            onData(chunk) {
              got += chunk.length;
              clock.move(DEADLINE_MS / 10);
            },
          };
        },
        { clock },
      );
      await using sender = Bun.spawn(["bash", "-c", `head -c ${BYTES} /dev/zero >/dev/tcp/127.0.0.1/${door.port}`]);
      await until(() => got === BYTES || door.endings.length > 0, "all bytes");
      expect(await sender.exited).toBe(0);
      expect(clock.mono()).toBeGreaterThan(2 * DEADLINE_MS);
      expect(await door.ending()).toEqual({ kind: "peer" });
    });
  }
});

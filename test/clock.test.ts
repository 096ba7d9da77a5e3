import { expect, test } from "bun:test";
import { systemClock } from "../src/clock.ts";

test("waits for longer than the system's timers can", async () => {
  const fired: string[] = [];
  const cancel = systemClock.after(2 ** 31, () => void fired.push("in 25 days"));
  await new Promise<void>((resolve) => systemClock.after(5, resolve));
  cancel();
  expect(fired).toEqual([]);
});

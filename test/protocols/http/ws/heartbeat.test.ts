import { expect, test } from "bun:test";
import { Heartbeat } from "../../../../protocols/http/ws/heartbeat.ts";
import { HandClock } from "../../../support/hand-clock.ts";

test("all who have joined beat every 25 seconds by one timer, until they leave", () => {
  const clock = new HandClock();
  const heartbeat = new Heartbeat(clock);
  const beats: string[] = [];
  const [a, b] = ["a", "b"].map((name) => ({ beat: () => void beats.push(name) })) as [
    { beat(): void },
    { beat(): void },
  ];
  heartbeat.join(a);
  clock.move(10_000);
  heartbeat.join(b);
  clock.move(15_000);
  expect(beats).toEqual(["a", "b"]);
  heartbeat.leave(a);
  clock.move(25_000);
  expect(beats).toEqual(["a", "b", "b"]);
  heartbeat.leave(b);
  heartbeat.leave(b);
  clock.move(60_000);
  expect(beats).toHaveLength(3);
  heartbeat.join(a);
  clock.move(25_000);
  expect(beats).toEqual(["a", "b", "b", "a"]);
});

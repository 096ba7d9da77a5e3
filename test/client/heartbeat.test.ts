import { expect, test } from "bun:test";
import { Heartbeat } from "../../src/client/heartbeat.ts";
import type { WireEvent } from "../../src/client/messages.ts";
import { Wire } from "../../src/client/wire.ts";
import { until } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { ScriptedServer } from "./scripted-server.ts";

async function open(server: ScriptedServer) {
  const clock = new HandClock();
  const closed = Promise.withResolvers<Error | null>();
  const events: WireEvent[] = [];
  const listener = { event: (event: WireEvent) => void events.push(event), closed: closed.resolve };
  const wire = await Wire.connect(server.target, listener);
  const heartbeat = new Heartbeat(clock, wire, 1000);
  return { clock, wire, events, heartbeat, closed: closed.promise };
}

test("a server that neither speaks nor answers counts as gone", async () => {
  using server = new ScriptedServer();
  server.handlers["ping"] = () => null;
  const { clock, wire, closed } = await open(server);
  clock.move(1000);
  expect(wire.open).toBe(true);
  clock.move(1000);
  expect((await closed)?.message).toBe("the server does not answer any more");
});

test("one that answers does not, nor one that speaks", async () => {
  using server = new ScriptedServer();
  const { clock, wire, events, heartbeat } = await open(server);
  clock.move(1000);
  await until(() => server.requests.length === 1 && wire.activity > 0, "the answer to a ping");
  for (let said = 1; said < 5; said++) {
    server.peers[0]?.send({ event: "notice" });
    await until(() => events.length === said, "an event");
    clock.move(1000);
  }
  expect([wire.open, server.requests.length]).toEqual([true, 1]);
  heartbeat.stop();
  wire.close();
});

test("who does not listen does not miss anything", async () => {
  using server = new ScriptedServer();
  server.handlers["ping"] = () => null;
  const { clock, wire, heartbeat } = await open(server);
  wire.pause();
  clock.move(10_000);
  expect(wire.open).toBe(true);
  heartbeat.stop();
  wire.close();
});

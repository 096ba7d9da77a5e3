import { expect, test } from "bun:test";
import { Share } from "../../../files/share.ts";
import { until } from "../../../support/deadline.ts";
import { HandClock } from "../../../support/hand-clock.ts";
import { RawWebSocket } from "../../../support/raw-web-socket.ts";
import { clientFrame } from "../../../support/ws-frames.ts";
import { HttpDoor } from "../door.ts";

const MINUTE_MS = 60_000;

test("who did not go on is told with what", async () => {
  const clock = new HandClock();
  await using share = new Share();
  await using door = await HttpDoor.open({ clock, vault: share.vault, anonymous: ["read", "upload"] });
  const to = { port: door.port };
  using mute = await RawWebSocket.connect(to);
  using slow = await RawWebSocket.chat(to, "ann");
  using idle = await RawWebSocket.chat(to, "bob");
  await slow.tcp.write(clientFrame({ opcode: 1, payload: '{"op":"ping","id":2}' }).subarray(0, 10));
  await idle.say({ op: "put", path: "/a", size: 9, id: 2 });
  while ((await idle.readJson())["id"] !== 2);
  await until(() => door.runtime.inputBudget.used > 0, "what ann has begun");
  clock.move(MINUTE_MS + 1);
  const text = async (ws: RawWebSocket) => (await ws.readEnd()).bye;
  expect(await text(mute)).toEqual({ event: "bye", reason: "stall", text: "no hello was granted in time" });
  expect(await text(slow)).toEqual({
    ...{ event: "bye", reason: "stall" },
    text: "a message that was begun did not come in time",
  });
  expect(await text(idle)).toEqual({ event: "bye", reason: "stall", text: "a transfer has not moved for too long" });
});

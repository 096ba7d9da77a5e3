import { expect, test } from "bun:test";
import { DataChannel } from "../../../../protocols/ftp/transfer/channel.ts";
import { TestDoor } from "../../../net/test-door.ts";
import { until } from "../../../support/deadline.ts";
import { HandClock } from "../../../support/hand-clock.ts";
import { connect } from "../../../support/tcp.ts";

test("a drain waits for an upload, and not for the rest of one that was refused", async () => {
  const clock = new HandClock();
  let refuses = false;
  await using door = await TestDoor.open(
    (conn) => {
      const channel: DataChannel = new DataChannel(conn, () => {
        if (refuses) channel.refuse("there is no room for it");
      });
      return channel;
    },
    { clock },
  );
  using going = await connect({ port: door.port });
  using refused = await connect({ port: door.port });
  await going.write("first");
  await until(() => door.door.stats().bytesIn === 5, "what is taken");
  refuses = true;
  await refused.write("first");
  await refused.readAll();
  const drained = door.door.drain(clock.mono() + 60_000);
  clock.move(1_500);
  await refused.write("more");
  await until(() => door.door.stats().bytesIn === 14, "what is heard out");
  clock.move(1_000);
  expect(await door.ending()).toEqual({ kind: "local" });
  expect(door.endings.length).toBe(1);
  going.halfClose();
  expect(await drained).toEqual({ killed: 1 });
});

import { expect, test } from "bun:test";
import { Pieces } from "../../../../protocols/ftp/listing/pieces.ts";
import type { DataChannel } from "../../../../protocols/ftp/transfer/channel.ts";
import { ListCargo } from "../../../../protocols/ftp/transfer/listing.ts";
import { utf8 } from "../../../../src/bytes/charset.ts";
import type { Entry } from "../../../../src/files/entry.ts";
import { file } from "../listing/entries.ts";

test("the next piece of a list is made when little of the ones before is still waiting", async () => {
  let made = 0;
  async function* entries(): AsyncGenerator<readonly Entry[]> {
    for (; made < 3; ) yield [file({ name: `line ${++made}` })];
  }
  const sent: string[] = [];
  let room = Promise.withResolvers<boolean>();
  const conn = {
    state: "open",
    // Below high water: there would be room for more.
    send: (bytes: Uint8Array) => sent.push(Buffer.from(bytes).toString()) > 0,
    drained: () => room.promise,
    finish: () => {},
  };
  const channel = { conn, flushed: () => Promise.resolve(true) } as unknown as DataChannel;
  const reply = new ListCargo(await Pieces.open(entries()), ({ name }) => name, utf8).move(channel);
  for (const lines of [1, 2, 3]) {
    await new Promise(setImmediate);
    expect(sent).toEqual(["line 1\r\n", "line 2\r\n", "line 3\r\n"].slice(0, lines));
    const before = room;
    room = Promise.withResolvers();
    before.resolve(true);
  }
  expect(await reply).toEqual({ code: 226, text: "Listed 3" });
});

import { expect, test } from "bun:test";
import type { Access } from "../../src/files/access.ts";
import { type Transfer, Transfers } from "../../src/files/transfers.ts";
import { HandClock } from "../support/hand-clock.ts";
import { refusal, Share } from "./share.ts";

const SIZE = 9;

/** A share by hand's clock, and what is told of its transfers that end. */
function scene() {
  const clock = new HandClock();
  const transfers = new Transfers(clock);
  const ended: Transfer[] = [];
  transfers.onEnd((transfer) => ended.push(transfer));
  const share = new Share({ clock, transfers });
  return { clock, transfers, ended, share, [Symbol.asyncDispose]: () => share[Symbol.asyncDispose]() };
}

/** One piece of the upload of `/a`, as a request brings it: by an entrance of its own. */
async function piece(access: Access, text: string, resume = true): Promise<void> {
  const upload = await access.write("/a", { size: SIZE, resume, coming: text.length });
  upload.write(Buffer.from(text));
  if (upload.received === SIZE) await upload.commit();
  else await upload.rest();
  access.leave();
}

test("an upload in pieces is one transfer, which runs between them and is told of once", async () => {
  await using at = scene();
  let begun = 0;
  at.transfers.onBegin(() => begun++);
  await piece(at.share.enter(), "one", false);
  const [transfer] = at.transfers.running;
  expect([transfer?.spec.offset, transfer?.spec.length, transfer?.bytes]).toEqual([0, SIZE, 3]);
  at.clock.move(59_000);
  await piece(at.share.enter(), "two");
  at.clock.move(59_000);
  expect([...at.transfers.running]).toEqual(transfer === undefined ? [] : [transfer]);
  await piece(at.share.enter(), "six");
  expect(at.ended.map(({ outcome, detail, bytes }) => [outcome, detail, bytes])).toEqual([["done", null, SIZE]]);
  expect([begun, at.transfers.count, at.share.read("a")]).toEqual([1, 0, "onetwosix"]);
});

test("without a next piece it has broken off after a minute, and who comes later goes on by another", async () => {
  await using at = scene();
  await piece(at.share.enter(), "one", false);
  at.clock.move(60_000);
  expect(at.ended.map(({ outcome, detail, bytes }) => [outcome, detail, bytes])).toEqual([
    ["broken", "no next piece came within a minute", 3],
  ]);
  await piece(at.share.enter(), "twosix");
  const [, rest] = at.ended;
  expect([rest?.outcome, rest?.spec.offset, rest?.spec.length, rest?.bytes]).toEqual(["done", 3, 6, 6]);
});

test("who begins anew ends the one before, as does the end of the server", async () => {
  await using at = scene();
  await piece(at.share.enter(), "one", false);
  await piece(at.share.enter(), "eins", false);
  expect(at.ended.map(({ outcome, detail, bytes }) => [outcome, detail, bytes])).toEqual([
    ["broken", "the upload was begun anew", 3],
  ]);
  await at.share.vault.close();
  expect(at.ended.slice(1).map(({ outcome, detail, bytes }) => [outcome, detail, bytes])).toEqual([
    ["broken", "the server was stopped", 4],
  ]);
});

test("a piece that breaks off, or is taken over, is gone on with as any other", async () => {
  await using at = scene();
  const first = await at.share.enter().write("/a", { size: SIZE, coming: 5 });
  first.write(Buffer.from("one"));
  await first.keep("the peer went away");
  const second = await at.share.enter().write("/a", { size: SIZE, resume: true, coming: 6 });
  second.write(Buffer.from("two"));
  await piece(at.share.enter(), "six");
  expect(await refusal(second.commit())).toBe("replaced");
  expect(at.ended.map(({ outcome, bytes }) => [outcome, bytes])).toEqual([["done", SIZE]]);
  const alone = await at.share.enter().write("/b", { size: SIZE, coming: 5 });
  alone.write(Buffer.from("one"));
  await alone.keep("the peer went away");
  at.clock.move(60_000);
  expect(at.ended.slice(1).map(({ outcome, detail }) => [outcome, detail])).toEqual([["broken", "the peer went away"]]);
});

test("one that leaves nothing behind waits for nothing", async () => {
  await using at = scene();
  const upload = await at.share.enter().write("/a", { size: SIZE, resume: true });
  await upload.rest();
  expect([at.transfers.count, at.ended[0]?.outcome]).toEqual([0, "broken"]);
});

test("a first piece takes over from one that still comes, and others are added to it", async () => {
  await using at = scene();
  const older = await at.share.enter().write("/a", { size: SIZE, resume: false, coming: 3 });
  older.write(Buffer.from("ei"));
  let replaced = false;
  older.onReplaced = () => {
    replaced = true;
  };
  await piece(at.share.enter(), "one", false);
  expect(replaced).toBe(true);
  expect(() => older.write(Buffer.from("n"))).toThrow("another connection has taken this upload over");
  await piece(at.share.enter(), "twosix");
  expect(at.share.read("a")).toBe("onetwosix");
  expect(at.share.names()).toEqual(["a"]);
});

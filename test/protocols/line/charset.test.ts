import { expect, test } from "bun:test";
import { formOf } from "../../../protocols/line/form.ts";
import { charsetOf, utf8 } from "../../../src/bytes/charset.ts";
import { SharedDelivery } from "../../../src/chat/delivery.ts";
import type { ChatEvent } from "../../../src/chat/event.ts";
import { systemClock } from "../../../src/clock.ts";
import { charsetOption } from "../../../src/net/charset-option.ts";
import { Chat } from "./chat.ts";

const gbk = charsetOf("gbk");
const inGbk = (text: string) => Buffer.from(gbk?.encode(text) ?? []);

/** Ann writes UTF-8, bob GBK, because of where they are. */
async function annAndBob() {
  const chat = new Chat(0, systemClock, charsetOption("").parse("10.0.0.0/8=gbk"));
  const ann = await chat.enter("ann");
  const bob = await chat.connect("10.0.0.5");
  await bob.type("/nick bob\n");
  for (const each of [ann, bob]) each.takeBytes();
  return { chat, ann, bob };
}

test("each reads and writes what their network does", async () => {
  const { ann, bob } = await annAndBob();
  await bob.type(inGbk("你好\n"));
  expect(ann.take()).toEqual(["bob: 你好"]);
  await ann.type("中文 €\n");
  expect(bob.takeBytes()).toEqual(inGbk("ann: 中文 €\r\n"));
});

test("a character in two chunks, and a line without its end", async () => {
  const { ann, bob } = await annAndBob();
  const line = inGbk("你好");
  for (const byte of line) await bob.type(Uint8Array.of(byte));
  bob.session?.onPeerEnd?.();
  expect(ann.take()[0]).toBe("bob: 你好");
});

test("what cannot be expressed is shown as a question mark, and others see it whole", async () => {
  const { chat, ann, bob } = await annAndBob();
  const eve = await chat.enter("eve", ann, bob);
  await ann.type("tea 😀 한\n");
  expect(bob.takeBytes().toString("latin1")).toBe("ann: tea ? ?\r\n");
  expect(eve.take()).toEqual(["ann: tea 😀 한"]);
});

test("what is not valid becomes U+FFFD", async () => {
  const { ann, bob } = await annAndBob();
  await bob.type(Uint8Array.of(0x61, 0x80 + 0x7f - 1, 0x20, 0x0a));
  expect(ann.take()).toEqual(["bob: a\ufffd "]);
});

test("names, notices, lists and the past are written in it too", async () => {
  const { ann, bob } = await annAndBob();
  await ann.type("/topic 茶\n");
  expect(bob.takeBytes()).toEqual(inGbk("-- ann set the topic: 茶\r\n"));
  await bob.type(inGbk("/nick 鲍勃\n"));
  expect(bob.takeBytes()).toEqual(inGbk("-- you are now called 鲍勃\r\n"));
  await bob.type("/who\n");
  expect(bob.takeBytes()).toEqual(inGbk("-- in #lobby: ann, 鲍勃\r\n"));
  await bob.type("/history\n");
  expect(bob.takeBytes().toString("latin1")).toEndWith(inGbk("ann set the topic: 茶\r\n").toString("latin1"));
});

test("what a charset makes of text drives no terminal", async () => {
  const { ann, bob } = await annAndBob();
  await bob.type(Buffer.concat([inGbk("你"), Uint8Array.of(0x1b, 0x5b, 0x32, 0x4a, 0x0a)]));
  expect(ann.takeBytes().includes(0x1b)).toBe(false);
  expect(bob.takeBytes().includes(0x1b)).toBe(false);
});

test("byte 255 is a letter where the charset says so", async () => {
  const chat = new Chat(0, systemClock, charsetOption("").parse("10.0.0.0/8=windows-1251"));
  const ann = await chat.enter("ann");
  const bob = await chat.connect("10.0.0.5");
  ann.takeBytes();
  await bob.type(Uint8Array.of(0xff, 0xfd, 0x01, 0xff, 0xf0, 0x0a));
  expect(bob.takeBytes().includes(0xfc)).toBe(false);
  await bob.type(Buffer.from("ffe1ebeeeaee0a", "hex"));
  expect(ann.take().at(-1)).toEndWith(": яблоко");
});

test("an event is encoded once for all who write alike", () => {
  const event: ChatEvent = { event: "notice", text: "茶", time: "" };
  const delivery = new SharedDelivery(event);
  const bytes = delivery.as(formOf(gbk).codecFor(event, null));
  expect(delivery.as(formOf(charsetOf("cp936")).codecFor(event, "#dev"))).toBe(bytes);
  expect(delivery.as(formOf(null).codecFor(event, null))).toBe(delivery.as(formOf(utf8).codecFor(event, null)));
  expect(Buffer.from(bytes)).toEqual(inGbk("-- 茶\r\n"));
});

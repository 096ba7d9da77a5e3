import { expect, test } from "bun:test";
import { ChatVisitor } from "../../../protocols/services/chat-visitor.ts";
import type { Seat } from "../../../src/chat/member.ts";
import { visitor } from "../../files/share.ts";

const seat = { name: "Annie" } as Seat;

test("is the visitor that it was, by its name in the chat, also when its login is void", () => {
  const ann = { ...visitor(["read"]), account: "ann", ended: false };
  const inChat = new ChatVisitor(ann, seat);
  expect([inChat.nick, inChat.account, inChat.ended, inChat.may("read")]).toEqual(["Annie", "ann", false, true]);
  ann.ended = true;
  expect(inChat.ended).toBe(true);
});

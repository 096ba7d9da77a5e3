import { expect, test } from "bun:test";
import { RepeatedReply, Repetition } from "../../../../protocols/http/wire/repeated-reply.ts";

const reply = { status: 200, fields: { ETag: '"1"' }, body: Buffer.from("body") };
const QUESTION = Buffer.from("GET /files/a HTTP/1.1\r\nHost: x\r\n\r\n");

test("an answer is made once a second, and only while it is fresh", () => {
  let fresh = true;
  const again = new RepeatedReply(reply, () => fresh);
  const first = again.at("Date: 1\r\n");
  expect(Buffer.from(first ?? []).toString()).toMatch(
    /^HTTP\/1\.1 200 OK\r\nDate: 1\r\n.*Content-Length: 4\r\n.*\r\n\r\nbody$/s,
  );
  expect(again.at("Date: 1\r\n")).toBe(first);
  expect(Buffer.from(again.at("Date: 2\r\n") ?? []).includes("Date: 2")).toBe(true);
  fresh = false;
  expect(again.at("Date: 2\r\n")).toBeNull();
  fresh = true;
  again.forget();
  expect(again.at("Date: 2\r\n")).toBeNull();
});

test("only the very same request gets it, and only in the same second", () => {
  const repetition = Repetition.of(QUESTION, new RepeatedReply(reply, () => true), "Date: 1\r\n");
  expect(repetition?.answer(Buffer.from(QUESTION), "Date: 1\r\n")).toBeInstanceOf(Uint8Array);
  expect(repetition?.answer(QUESTION.subarray(1), "Date: 1\r\n")).toBeNull();
  expect(repetition?.answer(Buffer.from(QUESTION.toString().replace("/a", "/b")), "Date: 1\r\n")).toBeNull();
  expect(repetition?.answer(QUESTION, "Date: 2\r\n")).toBeNull();
});

test("a request of more than 1 KiB is not kept for it", () => {
  const again = new RepeatedReply(reply, () => true);
  expect(Repetition.of(Buffer.alloc(1024), again, "Date: 1\r\n")).not.toBeNull();
  expect(Repetition.of(Buffer.alloc(1025), again, "Date: 1\r\n")).toBeNull();
});

import { describe, expect, test } from "bun:test";
import { AckFramer } from "../../src/bytes/ack-framer.ts";
import { ProtocolError } from "../../src/bytes/decoder.ts";
import { FrameLengthError } from "../../src/bytes/frame-length.ts";
import { parseHeaderFormat } from "../../src/bytes/header.ts";
import { bytes } from "./chunks.ts";
import { encodeHeader, HEADERS } from "./frames-model.ts";
import { cutsOf } from "./read-frames.ts";

/** An echo's view of its peer: every body is answered, so that `ok` must come behind every body. */
function converse(format: string, chunks: Iterable<Uint8Array>): { said: string[]; framer: AckFramer } {
  const framer = new AckFramer(parseHeaderFormat(format), 100);
  const said: string[] = [];
  for (const chunk of chunks) {
    for (const item of framer.push(chunk)) {
      if (item.kind === "header") said.push(`header ${item.length}`);
      else if (item.kind === "body") {
        said.push(`body ${Buffer.from(item.body)}`);
        framer.expectOk();
      } else said.push("ok");
    }
  }
  for (const item of framer.end()) said.push(item.kind);
  return { said, framer };
}

describe("every header format", () => {
  for (const header of HEADERS) {
    test(`"${header.format}": header, body and ok, at every cut`, () => {
      const stream = Buffer.concat([encodeHeader(header, 2n), bytes("hiok"), encodeHeader(header, 0n), bytes("ok")]);
      for (const chunks of cutsOf(stream)) {
        const { said, framer } = converse(header.format, chunks);
        if (said.join() !== "header 2,body hi,ok,header 0,body ,ok")
          throw new Error(`${said} for ${chunks.join(" | ")}`);
        if (framer.buffered !== 0) throw new Error(`${framer.buffered} bytes held for ${chunks.join(" | ")}`);
      }
    });
  }
});

test("a header is told before its body comes, and an empty body with it", () => {
  const framer = new AckFramer(parseHeaderFormat("!H"), 100);
  expect([...framer.push(Uint8Array.of(0, 3))]).toEqual([{ kind: "header", length: 3 }]);
  expect([...framer.push(bytes("ab"))]).toEqual([]);
  expect(framer.buffered).toBe(2);
  expect([...framer.push(bytes("c"))]).toEqual([{ kind: "body", body: bytes("abc") }]);
  expect([...framer.push(Uint8Array.of(0, 0))]).toEqual([
    { kind: "header", length: 0 },
    { kind: "body", body: new Uint8Array(0) },
  ]);
});

test("half an ok is held", () => {
  const framer = new AckFramer(parseHeaderFormat("!H"), 100);
  framer.expectOk();
  expect([...framer.push(bytes("o"))]).toEqual([]);
  expect(framer.buffered).toBe(1);
});

test("a body that one chunk holds is a view of it", () => {
  const framer = new AckFramer(parseHeaderFormat("!H"), 100);
  expect([...framer.push(Uint8Array.of(0, 3))].length).toBe(1);
  const chunk = bytes("abc");
  const [item] = [...framer.push(chunk)];
  expect(item?.kind === "body" && item.body.buffer).toBe(chunk.buffer);
});

test("what is not ok is refused at its first byte, and quoted", () => {
  const cases = [
    ["x", "x"],
    ["O", "O"],
    ["ox", "ox"],
    ["oko\x00", null],
    ["\x1b[2J", "\\x1b[2J"],
    ["\0\0\0\x05hello, and much more than is shown", "\\x00\\x00\\x00\\x05hello, and m"],
  ] as const;
  for (const [came, shown] of cases) {
    for (const at of [0, 1]) {
      const framer = new AckFramer(parseHeaderFormat("!I"), 100);
      framer.expectOk();
      const read = () => [...framer.push(bytes(came.slice(0, at))), ...framer.push(bytes(came.slice(at)))];
      if (shown === null) expect(read()).toEqual([{ kind: "ok" }]);
      else if (at === 0) expect(read).toThrow(`a header was sent and "ok" must come next, but "${shown}" came`);
      else expect(read).toThrow(ProtocolError);
    }
  }
});

test("the limit is checked on the header", () => {
  const framer = () => new AckFramer(parseHeaderFormat("!H"), 100);
  expect([...framer().push(Uint8Array.of(0, 100))]).toEqual([{ kind: "header", length: 100 }]);
  expect(() => [...framer().push(Uint8Array.of(0, 101))]).toThrow(FrameLengthError);
  const signed = new AckFramer(parseHeaderFormat("b"), 100);
  expect(() => [...signed.push(Uint8Array.of(0xff))]).toThrow("a frame header says -1 bytes, which is negative");
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readClose } from "../../../../protocols/http/ws/close-code.ts";
import { closeFrame, encodeFrame } from "../../../../protocols/http/ws/frame.ts";
import { WebSocketReader } from "../../../../protocols/http/ws/reader.ts";
import { WebSocketError } from "../../../../protocols/http/ws/violation.ts";
import { cut } from "../../../bytes/chunks.ts";
import { type ClientFrame, clientFrame } from "../../../support/ws-frames.ts";

const MOST = 70_000;

/** What is read: "1:text", with "…" behind it when bytes of a message are held; or the code of a violation. */
function read(chunks: readonly Uint8Array[], most = MOST): string[] {
  const reader = new WebSocketReader(most);
  const out: string[] = [];
  try {
    for (const chunk of chunks) {
      reader.push(chunk);
      for (let next = reader.next(); !next.done; next = reader.next())
        out.push(`${next.value.opcode}:${Buffer.from(next.value.payload).toString("latin1")}`);
    }
  } catch (error) {
    if (!(error instanceof WebSocketError)) throw error;
    return [...out, String(error.code)];
  }
  return reader.buffered > 0 ? [...out, "…"] : out;
}

const frames = (...list: readonly ClientFrame[]) => Buffer.concat(list.map(clientFrame));

describe("a client's frames", () => {
  const talk = frames(
    { opcode: 1, payload: "hello" },
    { opcode: 1, payload: "one ", fin: false, mask: [9, 0, 255, 7] },
    { opcode: 9, payload: "ping" },
    { opcode: 0, payload: "", fin: false },
    { opcode: 10 },
    { opcode: 0, payload: "two" },
    { opcode: 2, payload: "x".repeat(130) },
    { opcode: 8 },
  );
  const heard = ["1:hello", "9:ping", "10:", "1:one two", `2:${"x".repeat(130)}`, "8:"];

  test("are messages, wherever they are cut", () => {
    for (let at = 1; at < talk.length; at++) expect(read(cut(talk, [at]))).toEqual(heard);
    expect(
      read(
        cut(
          talk,
          Array.from(talk, (_, i) => i),
        ),
      ),
    ).toEqual(heard);
  });

  test("of every length are read", () => {
    for (const size of [0, 1, 2, 3, 124, 125, 126, 127, 65_535, 65_536, MOST]) {
      const payload = "y".repeat(size);
      expect(read([clientFrame({ opcode: 2, payload })])).toEqual([`2:${payload}`]);
      expect(read(cut(clientFrame({ opcode: 2, payload }), [1, 3, 9, 13, 14, 15]))).toEqual([`2:${payload}`]);
    }
  });

  test("are read the same wherever random ones are cut", () => {
    const frame = fc.record({
      opcode: fc.constantFrom(0, 0, 1, 1, 2, 8, 9, 10, 3),
      payload: fc.string({ maxLength: 8 }),
      fin: fc.boolean(),
      reserved: fc.constantFrom(0, 0, 0, 0, 0, 0x40),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), fc.array(fc.nat(80), { maxLength: 8 }), (list, positions) => {
        const data = frames(...list);
        const inside = positions.filter((at) => at < data.length);
        expect(read(cut(data, inside))).toEqual(read([data]));
      }),
      { numRuns: 2000 },
    );
  });

  test("are collected in linear time, and a claim costs nothing", () => {
    const reader = new WebSocketReader(1 << 20);
    const data = clientFrame({ opcode: 2, payload: Buffer.alloc(1 << 20) });
    const started = performance.now();
    let messages = 0;
    for (let at = 0; at < data.length; at += 8) {
      reader.push(data.subarray(at, at + 8));
      if (reader.next().done !== true) messages++;
    }
    expect(messages).toBe(1);
    expect(performance.now() - started).toBeLessThan(5_000);
    reader.push(data.subarray(0, 20));
    reader.next();
    expect(reader.buffered).toBe(20);
  });
});

const violations: readonly (readonly [what: string, bytes: Uint8Array, code: number])[] = [
  ["is not masked", clientFrame({ opcode: 1, payload: "a", mask: null }), 1002],
  ["has a reserved bit", clientFrame({ opcode: 1, payload: "a", reserved: 0x40 }), 1002],
  ["is of an unknown kind", clientFrame({ opcode: 3 }), 1002],
  ["is of an unknown kind of control", clientFrame({ opcode: 11 }), 1002],
  ["is a control frame in pieces", clientFrame({ opcode: 9, fin: false }), 1002],
  ["is a control frame of 126 bytes", clientFrame({ opcode: 9, payload: "x".repeat(126) }), 1002],
  ["continues nothing", clientFrame({ opcode: 0, payload: "a" }), 1002],
  ["begins a message within another", frames({ opcode: 1, fin: false }, { opcode: 1 }), 1002],
  ["has a length in two bytes that fits in one", clientFrame({ opcode: 1, payload: "a", lengthBytes: 2 }), 1002],
  ["has a length in eight bytes that fits in two", clientFrame({ opcode: 1, payload: "a", lengthBytes: 8 }), 1002],
  ["is too long", clientFrame({ opcode: 1, length: MOST + 1 }), 1009],
  ["is longer than numbers go", clientFrame({ opcode: 1, length: 2 ** 63 }), 1009],
  ["makes a message too long", frames({ opcode: 1, fin: false, payload: "a" }, { opcode: 0, length: MOST }), 1009],
  ["is text that is no UTF-8", clientFrame({ opcode: 1, payload: Buffer.of(0xc3, 0x28) }), 1007],
  ["is text with half a surrogate", clientFrame({ opcode: 1, payload: Buffer.of(0xed, 0xa0, 0x80) }), 1007],
  [
    "makes text that is no UTF-8",
    frames({ opcode: 1, fin: false, payload: Buffer.of(0xc3) }, { opcode: 0, payload: "(" }),
    1007,
  ],
];

describe("a WebSocket ends with a frame that", () => {
  for (const [what, bytes, code] of violations) test(what, () => expect(read([bytes]).at(-1)).toBe(String(code)));

  test("is the 1,025th piece of a message", () => {
    const of = (pieces: number) => [
      clientFrame({ opcode: 2, fin: false }),
      ...Array.from({ length: pieces - 2 }, () => clientFrame({ opcode: 0, fin: false })),
      clientFrame({ opcode: 0 }),
    ];
    expect(read(of(1_024))).toEqual(["2:"]);
    expect(read(of(1_025))).toEqual(["1008"]);
  });
});

test("a letter that is cut between two pieces is whole again", () => {
  const [first = 0, ...rest] = Buffer.from("€");
  const both = frames({ opcode: 1, fin: false, payload: Buffer.of(first) }, { opcode: 0, payload: Buffer.from(rest) });
  expect(read([both])).toEqual([`1:${Buffer.from("€").toString("latin1")}`]);
});

describe("a close frame", () => {
  const said = (code: number, reason = "") => Buffer.concat([Buffer.of(code >> 8, code & 255), Buffer.from(reason)]);
  const codeOf = (payload: Uint8Array) => {
    try {
      return readClose(payload);
    } catch (error) {
      if (error instanceof WebSocketError) return `refused with ${error.code}`;
      throw error;
    }
  };

  test("says a code that may be said", () => {
    expect(codeOf(Buffer.alloc(0))).toBe(1000);
    for (const code of [1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999]) expect(codeOf(said(code, "bye"))).toBe(code);
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535])
      expect(codeOf(said(code))).toBe("refused with 1002");
    expect(codeOf(Buffer.of(3))).toBe("refused with 1002");
    expect(codeOf(Buffer.of(3, 232, 0xff))).toBe("refused with 1007");
  });

  test("of the server fits, whatever its reason", () => {
    for (const reason of ["", "x".repeat(500), "😀".repeat(100), "é".repeat(200)]) {
      const frame = closeFrame(1008, reason);
      expect(frame.length).toBeLessThanOrEqual(127);
      expect(frame[1]).toBe(frame.length - 2);
      expect(() => new TextDecoder("utf-8", { fatal: true }).decode(frame.subarray(4))).not.toThrow();
      expect(new TextDecoder().decode(frame.subarray(4))).not.toContain("�");
    }
  });
});

test("the server's frames say their length in as few bytes as it needs", () => {
  for (const [size, head] of [
    [0, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ] as const) {
    const frame = encodeFrame(2, new Uint8Array(size));
    expect(frame.length).toBe(head + size);
    expect(frame[0]).toBe(0x82);
    if (head === 2) expect(frame[1]).toBe(size);
  }
});

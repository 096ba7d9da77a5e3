import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { FrameLengthError } from "../../src/bytes/frame-length.ts";
import { encodeFrame, Framer } from "../../src/bytes/framer.ts";
import { parseHeaderFormat } from "../../src/bytes/header.ts";
import { PartialMessage } from "../../src/bytes/partial-message.ts";
import { bytes, cut } from "./chunks.ts";
import { encodeHeader, framesModel, HEADERS } from "./frames-model.ts";
import { cutsOf, readFrames } from "./read-frames.ts";

const network = parseHeaderFormat("!I");
const MAX = 2 ** 20;

function failure(action: () => unknown): FrameLengthError {
  try {
    action();
  } catch (error) {
    if (error instanceof FrameLengthError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("every header format", () => {
  for (const header of HEADERS) {
    test(`"${header.format}" at every cut`, () => {
      const stream = Buffer.concat([
        encodeHeader(header, 1n),
        bytes("a"),
        encodeHeader(header, 0n),
        encodeHeader(header, 3n),
        bytes("xy"),
      ]);
      const expected = framesModel(header, 5, stream);
      expect(expected.frames.length).toBe(2);
      let cuts = 0;
      for (const chunks of cutsOf(stream)) {
        if (!Bun.deepEquals(readFrames(header.format, 5, chunks), expected))
          throw new Error(`cut ${chunks.join(" | ")}`);
        cuts++;
      }
      expect(cuts).toBeGreaterThan(30);
    });
  }

  test("one after another, cut anywhere", () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 8 });
    const cuts = fc.array(fc.nat(900), { maxLength: 20 });
    fc.assert(
      fc.property(
        fc.constantFrom(...HEADERS),
        frames,
        cuts,
        fc.uint8Array({ maxLength: 12 }),
        (header, list, at, rest) => {
          const format = parseHeaderFormat(header.format);
          const stream = Buffer.concat([...list.map((body) => encodeFrame(format, body)), rest]);
          const positions = at.filter((position) => position < stream.length);
          expect(readFrames(header.format, 100, cut(stream, positions))).toEqual(framesModel(header, 100, stream));
        },
      ),
    );
  });
});

describe("the limit", () => {
  const header = (length: number) => Uint8Array.fromHex(length.toString(16).padStart(8, "0"));

  test("is on the body and is checked on the header", () => {
    for (const length of [9, 10]) {
      const framer = new Framer(network, 10);
      expect([...framer.push(header(length))]).toEqual([]);
      expect(framer.buffered).toBe(4);
    }
    const { length, message } = failure(() => [...new Framer(network, 10).push(header(11))]);
    expect(length).toBe(11);
    expect(message).toBe("a frame header says 11 bytes, which is over the limit of 10");
  });

  test("comes after the frames before it", () => {
    const framer = new Framer(network, 10);
    const iterator = framer.push(Buffer.concat([encodeFrame(network, bytes("ok")), header(99)]))[Symbol.iterator]();
    expect(Buffer.from(iterator.next().value?.body ?? []).toString()).toBe("ok");
    expect(() => iterator.next()).toThrow(FrameLengthError);
  });

  test("refuses negative lengths of every signed type", () => {
    for (const { format, size } of HEADERS.filter(({ signed }) => signed)) {
      const framer = new Framer(parseHeaderFormat(format), MAX);
      const error = failure(() => [...framer.push(new Uint8Array(size).fill(0xff))]);
      expect(error.message).toBe("a frame header says -1 bytes, which is negative");
      expect(error.length).toBe(-1);
    }
  });

  test("refuses what no number can say, and quotes it exactly", () => {
    const error = failure(() => [...new Framer(parseHeaderFormat("!Q"), MAX).push(bytes("GET / HTTP/1.1\r\n"))]);
    expect(error.length).toBe(Infinity);
    expect(error.message).toBe(`a frame header says ${0x474554202f204854n} bytes, which is over the limit of ${MAX}`);
  });

  test("shows the header and what follows it in the same push, however the header was cut", () => {
    const request = bytes(`GET / HTTP/1.1\r\n${"x".repeat(400)}`);
    for (let at = 0; at < 4; at++) {
      const framer = new Framer(network, MAX);
      expect([...framer.push(request.slice(0, at))]).toEqual([]);
      const { head } = failure(() => [...framer.push(request.slice(at))]);
      expect(Buffer.from(head)).toEqual(Buffer.from(request.subarray(0, 256)));
    }
  });

  test("shows no more than there is", () => {
    const { head } = failure(() => [...new Framer(network, MAX).push(bytes("SSH-2"))]);
    expect(Buffer.from(head).toString()).toBe("SSH-2");
  });
});

describe("memory", () => {
  test("a frame that one chunk holds is a view of it", () => {
    const chunk = Buffer.concat([encodeFrame(network, bytes("one")), encodeFrame(network, bytes("two"))]);
    const [one, two] = [...new Framer(network, MAX).push(chunk)];
    expect(one?.bytes.buffer).toBe(chunk.buffer);
    expect(two?.bytes.byteOffset).toBe(chunk.byteOffset + 7);
    expect(two?.body.byteOffset).toBe(chunk.byteOffset + 11);
  });

  test("a claim of a tebibyte costs what came of it", () => {
    const header = parseHeaderFormat("!Q");
    const framer = new Framer(header, 2 ** 40);
    const claim = new Uint8Array(9);
    header.write(claim, 0, 2 ** 40);
    expect([...framer.push(claim)]).toEqual([]);
    expect(framer.buffered).toBe(9);
  });

  test("nothing is held between frames, and a frame put together has no bytes to spare", () => {
    const framer = new Framer(network, MAX);
    const frame = encodeFrame(network, new Uint8Array(1000));
    expect([...framer.push(frame.subarray(0, 700))]).toEqual([]);
    expect(framer.buffered).toBe(700);
    const [whole] = [...framer.push(frame.subarray(700))];
    expect(framer.buffered).toBe(0);
    expect(whole?.bytes.buffer.byteLength).toBe(1004);
  });

  test("1 MiB byte by byte is put together by doubling, so in linear time", () => {
    const body = new Uint8Array(MAX).fill(7);
    const frame = encodeFrame(network, body);
    const message = new PartialMessage();
    const buffers = new Set<Uint8Array>();
    for (let i = 0; i < frame.length; i++) {
      message.fill(frame.subarray(i, i + 1), 0, i < 4 ? 4 : frame.length);
      if (buffers.add(message.bytes).size > 20) throw new Error(`20 buffers for ${i + 1} bytes`);
      const room = message.bytes.length;
      if (room > Math.max(64, 2 * (i + 1))) throw new Error(`a buffer of ${room} bytes for ${i + 1}`);
    }
    expect(Buffer.compare(message.bytes, frame)).toBe(0);
  });

  test("1 MiB byte by byte comes out whole", () => {
    const frame = encodeFrame(network, new Uint8Array(MAX).fill(7));
    const framer = new Framer(network, MAX);
    const frames = [];
    for (let i = 0; i < frame.length; i++) frames.push(...framer.push(frame.subarray(i, i + 1)));
    expect(frames.length).toBe(1);
    expect(Buffer.compare(frames[0]?.bytes ?? new Uint8Array(), frame)).toBe(0);
  });
});

describe("the iterator", () => {
  const chunk = Buffer.concat(["a", "b", "c"].map((text) => encodeFrame(network, bytes(text))));

  test("is lazy, and a loop that was left goes on where it stopped", () => {
    const framer = new Framer(network, MAX);
    const frames = framer.push(chunk);
    for (const { body } of frames) {
      expect(Buffer.from(body).toString()).toBe("a");
      break;
    }
    expect([...frames].map(({ body }) => Buffer.from(body).toString())).toEqual(["b", "c"]);
    expect([...frames]).toEqual([]);
  });

  test("must be exhausted before the next push", () => {
    const framer = new Framer(network, MAX);
    framer.push(chunk);
    expect(() => framer.push(chunk)).toThrow("was not read to its end");
  });

  test("does not give back what a session changes in place", () => {
    const framer = new Framer(network, MAX);
    const frames: string[] = [];
    for (const { body } of framer.push(Buffer.from(chunk))) {
      body.fill(0xff);
      frames.push(body.toHex());
    }
    expect(frames).toEqual(["ff", "ff", "ff"]);
  });
});

test("a frame of a body that its header cannot say is refused", () => {
  const header = parseHeaderFormat("B");
  expect(encodeFrame(header, new Uint8Array(255)).length).toBe(256);
  expect(() => encodeFrame(header, new Uint8Array(256))).toThrow(RangeError);
});

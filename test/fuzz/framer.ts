import { deepStrictEqual } from "node:assert";
import { AckFramer } from "../../src/bytes/ack-framer.ts";
import { ProtocolError } from "../../src/bytes/decoder.ts";
import { FrameLengthError } from "../../src/bytes/frame-length.ts";
import { parseHeaderFormat } from "../../src/bytes/header.ts";
import { cut } from "../bytes/chunks.ts";
import { framesModel, HEADERS, type HeaderCase } from "../bytes/frames-model.ts";
import { readFrames } from "../bytes/read-frames.ts";

/**
 * The first three bytes say the header's format, the limit and where the rest is cut. The frames must be the model's,
 * whatever the cut; with acknowledgements the cut must not matter either.
 */
export const target = {
  name: "framer",
  corpus: ["!I", "<h", "B", "q"].map((format, i) => {
    const header = parseHeaderFormat(format);
    const stream = new Uint8Array(2 * header.size + 9);
    header.write(stream, 0, 2);
    header.write(stream, header.size + 2, 5);
    return Uint8Array.of(
      HEADERS.findIndex((known) => known.format === format),
      100,
      i + 1,
      ...stream,
    );
  }),
  run(input: Uint8Array): void {
    const [which = 0, max = 0, step = 0, ...rest] = input;
    const header = HEADERS[which % HEADERS.length] as HeaderCase;
    const stream = Uint8Array.from(rest);
    const chunks = () => (step === 0 ? [stream.slice()] : cut(stream, everyNth(step, stream.length)));
    deepStrictEqual(readFrames(header.format, max, chunks()), framesModel(header, max, stream));
    for (const step of [1, 3]) {
      deepStrictEqual(acknowledged(header, max, step, chunks()), acknowledged(header, max, step, [stream]));
    }
  },
};

/** What an {@link AckFramer} makes of chunks when `ok` must come behind every so many bodies. */
function acknowledged(header: HeaderCase, max: number, every: number, chunks: Iterable<Uint8Array>): string[] {
  const framer = new AckFramer(parseHeaderFormat(header.format), max);
  const said: string[] = [];
  let bodies = 0;
  try {
    for (const chunk of chunks) {
      for (const item of framer.push(chunk)) {
        said.push(item.kind === "body" ? item.body.toHex() : JSON.stringify(item));
        if (item.kind === "body" && ++bodies % every === 0) framer.expectOk();
      }
    }
    said.push(`${framer.buffered} bytes are held`);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    said.push(error instanceof FrameLengthError ? error.message : "not ok");
  }
  return said;
}

function everyNth(step: number, length: number): number[] {
  return Array.from({ length: Math.floor(length / step) }, (_, i) => (i + 1) * step);
}

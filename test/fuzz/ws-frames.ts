import { deepStrictEqual, ok } from "node:assert";
import { WebSocketReader } from "../../protocols/http/ws/reader.ts";
import { WebSocketError } from "../../protocols/http/ws/violation.ts";
import { cut } from "../bytes/chunks.ts";
import { type ClientFrame, clientFrame } from "../support/ws-frames.ts";

const MOST = 200;
const said = (...frames: readonly ClientFrame[]) =>
  Uint8Array.from(Buffer.concat([Buffer.of(3), ...frames.map(clientFrame)]));

/** The first byte says where the rest is cut; messages and endings are the same however it is. */
export const target = {
  name: "ws-frames",
  corpus: [
    said({ opcode: 1, payload: "hello" }, { opcode: 8 }),
    said({ opcode: 1, payload: "a", fin: false }, { opcode: 9, payload: "b" }, { opcode: 0, payload: "c" }),
    said({ opcode: 2, payload: "x".repeat(130) }, { opcode: 10 }),
    said({ opcode: 2, length: 70_000 }),
  ],
  run(input: Uint8Array): void {
    const [step = 0, ...rest] = input;
    const data = Uint8Array.from(rest);
    const positions =
      step === 0 ? [] : Array.from({ length: Math.floor(data.length / step) }, (_, i) => (i + 1) * step);
    deepStrictEqual(read(cut(data, positions)), read(data.length === 0 ? [] : [data]));
  },
};

function read(chunks: readonly Uint8Array[]): string[] {
  const reader = new WebSocketReader(MOST);
  const out: string[] = [];
  try {
    for (const chunk of chunks) {
      reader.push(chunk);
      for (let next = reader.next(); !next.done; next = reader.next()) {
        ok(next.value.payload.length <= MOST, "a message is too long");
        out.push(`${next.value.opcode} ${Buffer.from(next.value.payload).toString("hex")}`);
      }
      ok(reader.buffered <= MOST + 14, `${reader.buffered} bytes are held`);
    }
  } catch (error) {
    if (!(error instanceof WebSocketError)) throw error;
    out.push(String(error.code));
  }
  return out;
}

import { deepStrictEqual, ok } from "node:assert";
import { Lines } from "../../src/bytes/lines.ts";
import { cut } from "../bytes/chunks.ts";
import { linesModel } from "../bytes/lines-model.ts";

/** The first byte sets the limit, the second where the rest is cut; then `Lines` must agree with its model. */
export const target = {
  name: "lines",
  corpus: ["\x10\x01one\r\ntwo\r\0three\nfour", "\x04\x02aaaa\r\nbbbbb\r\n\r\r\n", "\x08\x03é\xff\xfe\n\0\r\0"].map(
    (text) => Uint8Array.from(text, (char) => char.charCodeAt(0)),
  ),
  run(input: Uint8Array): void {
    const [max = 0, step = 0, ...rest] = input;
    const data = Uint8Array.from(rest);
    const lines = new Lines(max);
    const out: (string | null)[] = [];
    for (const chunk of cut(data, everyNth(step, data.length))) {
      out.push(...lines.push(chunk));
      ok(lines.buffered <= max + 1, `${lines.buffered} bytes held of a line of at most ${max}`);
    }
    out.push(...lines.end());
    deepStrictEqual(out, linesModel(data, max));
    ok(lines.buffered === 0, "bytes are held after the end");
  },
};

function everyNth(step: number, length: number): number[] {
  return step === 0 ? [] : Array.from({ length: Math.floor(length / step) }, (_, i) => (i + 1) * step);
}

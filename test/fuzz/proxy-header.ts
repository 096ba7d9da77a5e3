import { deepStrictEqual, ok } from "node:assert";
import { ProtocolError } from "../../src/bytes/decoder.ts";
import { ProxyHeader } from "../../src/bytes/proxy-header.ts";
import { bytes, cut } from "../bytes/chunks.ts";
import { v2, v2From } from "../bytes/proxy-headers.ts";

/** The first byte says where the rest is cut: what is said must not depend on it, and no byte is lost or made up. */
export const target = {
  name: "proxy-header",
  corpus: [
    bytes("\x03PROXY TCP4 203.0.113.9 10.0.0.2 51234 8423\r\nhello"),
    bytes("\x01PROXY TCP6 2001:db8::9 ::1 1 2\r\n"),
    bytes("\x05PROXY UNKNOWN\r\n"),
    Uint8Array.of(4, ...v2From("203.0.113.9", 1, true), 0x61),
    Uint8Array.of(1, ...v2(0x20, 0, [])),
    bytes("\x02hello\r\n"),
  ],
  run(input: Uint8Array): void {
    const [step = 0, ...rest] = input;
    const stream = Uint8Array.from(rest);
    const positions = step === 0 ? [] : Array.from({ length: Math.floor(stream.length / step) }, (_, i) => i * step);
    const whole = feed([stream]);
    deepStrictEqual(feed(cut(stream, positions)), whole);
    const { peer, left } = whole;
    ok(Buffer.from(stream).toString("latin1").endsWith(left), "what is handed on is not the end of what came");
    if (peer === null || peer === "violation") return;
    ok(/^(?:[\d.]+|[\da-f:.]+)$/.test(peer), `${peer} is no address`);
  },
};

function feed(chunks: readonly Uint8Array[]): { peer: string | null; left: string } {
  const header = new ProxyHeader();
  try {
    for (const [i, chunk] of chunks.entries()) {
      const introduced = header.push(chunk);
      ok(header.buffered <= 16 * 1024 + chunk.length, "too much is held");
      if (introduced === null) continue;
      const left = Buffer.concat([introduced.rest, ...chunks.slice(i + 1)]).toString("latin1");
      return { peer: introduced.peer?.source?.host ?? null, left };
    }
    return { peer: null, left: Buffer.from(header.giveUp()).toString("latin1") };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { peer: "violation", left: "" };
  }
}

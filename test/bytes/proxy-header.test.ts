import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ProtocolError } from "../../src/bytes/decoder.ts";
import { ProxyHeader } from "../../src/bytes/proxy-header.ts";
import { bytes, cut, cutBytes } from "./chunks.ts";
import { V2_SIGNATURE, v2 } from "./proxy-headers.ts";

interface Heard {
  readonly peer: unknown;
  readonly rest: string;
}

/** What the chunks say: the peer and all that is behind the header; a sentence for a violation; null while it goes on. */
function hear(chunks: readonly Uint8Array[]): Heard | string | null {
  const header = new ProxyHeader();
  try {
    for (const [i, chunk] of chunks.entries()) {
      const introduced = header.push(chunk);
      if (introduced === null) continue;
      expect(header.buffered).toBe(0);
      const rest = Buffer.concat([introduced.rest, ...chunks.slice(i + 1)]).toString("latin1");
      return { peer: introduced.peer, rest };
    }
    return null;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return error.message;
  }
}

/** The same at once, a byte at a time, and cut in two anywhere. */
function hearCut(stream: Uint8Array): Heard | string | null {
  const whole = hear([stream]);
  const everywhere = Array.from(stream, (_, at) => at);
  expect(hear(cut(stream, everywhere))).toEqual(whole);
  for (const at of everywhere) expect(hear(cut(stream, [at]))).toEqual(whole);
  return whole;
}

const from = (host: string, port: number, encrypted = false) => ({ source: { host, port }, encrypted });
const unknown = { source: null, encrypted: false };

describe("version 1", () => {
  test.each([
    ["PROXY TCP4 203.0.113.9 10.0.0.2 51234 8423", from("203.0.113.9", 51_234)],
    ["PROXY TCP4 255.255.255.255 0.0.0.0 65535 0", from("255.255.255.255", 65_535)],
    ["PROXY TCP6 2001:DB8:0:0:0:0:0:9 ::1 1 2", from("2001:db8::9", 1)],
    ["PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2", from("::ffff:c000:201", 1)],
    ["PROXY UNKNOWN", unknown],
    ["PROXY UNKNOWN ffff:f...f:ffff \x1b[2J whatever", unknown],
  ])("%s", (line, peer) => {
    expect(hearCut(bytes(`${line}\r\nhello\n`))).toEqual({ peer, rest: "hello\n" });
    expect(hearCut(bytes(`${line}\r\n`))).toEqual({ peer, rest: "" });
  });

  test.each([
    ["PROXY TCP4 203.0.113.9 10.0.0.2 51234", "two addresses of TCP4 and two ports must follow"],
    ["PROXY TCP4 203.0.113.9 10.0.0.2 51234 8423 1", "two addresses of TCP4 and two ports must follow"],
    ["PROXY TCP4  203.0.113.9 10.0.0.2 1 2", "two addresses of TCP4 and two ports must follow"],
    ["PROXY TCP4 203.0.113.256 10.0.0.2 1 2", "two addresses of TCP4 and two ports must follow"],
    ["PROXY TCP4 203.0.113.09 10.0.0.2 1 2", "two addresses of TCP4 and two ports must follow"],
    ["PROXY TCP4 2130706433 10.0.0.2 1 2", "two addresses of TCP4 and two ports must follow"],
    ["PROXY TCP4 2001:db8::9 ::1 1 2", "two addresses of TCP4 and two ports must follow"],
    ["PROXY TCP6 203.0.113.9 ::1 1 2", "two addresses of TCP6 and two ports must follow"],
    ["PROXY TCP6 fe80::1%eth0 ::1 1 2", "two addresses of TCP6 and two ports must follow"],
    ["PROXY TCP4 203.0.113.9 10.0.0.2 65536 2", "a port is a number up to 65535"],
    ["PROXY TCP4 203.0.113.9 10.0.0.2 1 +2", "a port is a number up to 65535"],
    ["PROXY UDP4 203.0.113.9 10.0.0.2 1 2", "TCP4, TCP6 or UNKNOWN comes behind PROXY"],
    ["PROXY is down", "TCP4, TCP6 or UNKNOWN comes behind PROXY"],
    ["PROXY constructor a b 1 2", "TCP4, TCP6 or UNKNOWN comes behind PROXY"],
  ])("refuses %s", (line, rule) => {
    expect(hearCut(bytes(`${line}\r\nhello`))).toBe(`the PROXY header "${line}" is wrong: ${rule}`);
  });

  test("refuses a line that ends with LF alone", () => {
    const message = 'the PROXY header "PROXY UNKNOWN" is wrong: it must end with CR LF';
    expect(hearCut(bytes("PROXY UNKNOWN\nhello"))).toBe(message);
  });

  test("has at most 107 bytes", () => {
    const line = (length: number) => bytes(`${"PROXY UNKNOWN ".padEnd(length - 2, "x")}\r\nrest`);
    expect(hearCut(line(107))).toEqual({ peer: unknown, rest: "rest" });
    const tooLong = "a PROXY header of version 1 has at most 107 bytes, and this one goes on";
    expect(hearCut(line(108))).toBe(tooLong);
    expect(hear([line(1_000_000).subarray(0, 107)])).toBe(tooLong);
    expect(hear([line(1_000_000).subarray(0, 106)])).toBeNull();
  });
});

const V4 = [203, 0, 113, 9, 10, 0, 0, 2, 0xc8, 0x22, 0x20, 0xe7];
const V6 = [0x20, 1, 0x0d, 0xb8, ...Array(11).fill(0), 9, ...Array(15).fill(0), 1, 0xc8, 0x22, 0, 80];
const UNIX = Array(216).fill(0x2f);
const ALPN = [1, 0, 2, 0x68, 0x32];
const NOOP = [4, 0, 3, 0, 0, 0];
const tls = (client: number) => [0x20, 0, 5, client, 0, 0, 0, 0];

describe("version 2", () => {
  test.each<[string, Uint8Array, unknown]>([
    ["IPv4", v2(0x21, 0x11, V4), from("203.0.113.9", 51_234)],
    ["IPv4, datagrams", v2(0x21, 0x12, V4), from("203.0.113.9", 51_234)],
    ["IPv6", v2(0x21, 0x21, V6), from("2001:db8::9", 51_234)],
    ["a Unix socket", v2(0x21, 0x31, UNIX), unknown],
    ["nobody knows", v2(0x21, 0x00, []), unknown],
    ["nobody knows, and more", v2(0x21, 0x00, [1, 2, 3]), unknown],
    ["the proxy itself", v2(0x20, 0x00, []), null],
    ["the proxy itself, with what is to be ignored", v2(0x20, 0xff, [1, 2, 3]), null],
    ["values that are skipped", v2(0x21, 0x11, [...V4, ...ALPN, ...NOOP]), from("203.0.113.9", 51_234)],
    ["a client with TLS", v2(0x21, 0x11, [...V4, ...ALPN, ...tls(1)]), from("203.0.113.9", 51_234, true)],
    ["a client with TLS on a Unix socket", v2(0x21, 0x31, [...UNIX, ...tls(7)]), { source: null, encrypted: true }],
    ["a client without TLS", v2(0x21, 0x21, [...V6, ...tls(0)]), from("2001:db8::9", 51_234)],
    ["nothing said of TLS", v2(0x21, 0x11, [...V4, 0x20, 0, 0]), from("203.0.113.9", 51_234)],
  ])("%s", (_, header, peer) => {
    expect(hearCut(Buffer.concat([header, bytes("hello\n")]))).toEqual({ peer, rest: "hello\n" });
    expect(hearCut(header)).toEqual({ peer, rest: "" });
  });

  test.each<[string, Uint8Array]>([
    ["a PROXY header of version 1 is not known", v2(0x11, 0x11, V4)],
    ["a PROXY header has the command 2, which is neither LOCAL nor PROXY", v2(0x22, 0x11, V4)],
    ["a PROXY header has addresses of the kind 0x10, which there is not", v2(0x21, 0x10, V4)],
    ["a PROXY header has addresses of the kind 0x01, which there is not", v2(0x21, 0x01, V4)],
    ["a PROXY header has addresses of the kind 0x41, which there is not", v2(0x21, 0x41, V4)],
    ["a PROXY header has 11 bytes of the 12 that its addresses need", v2(0x21, 0x11, V4.slice(1))],
    ["a PROXY header has 12 bytes of the 36 that its addresses need", v2(0x21, 0x21, V4)],
    ["a PROXY header has 215 bytes of the 216 that its addresses need", v2(0x21, 0x31, UNIX.slice(1))],
    ["a PROXY header ends in the middle of one of its values", v2(0x21, 0x11, [...V4, 4, 0])],
    ["a PROXY header ends in the middle of one of its values", v2(0x21, 0x11, [...V4, 4, 0, 2, 1])],
  ])("refuses: %s", (message, header) => {
    expect(hearCut(Buffer.concat([header, bytes("hello")]))).toBe(message);
  });

  test("takes 16 KiB, and refuses more when it is announced", () => {
    const most = 16 * 1024 - 16;
    const filled = (length: number) => v2(0x21, 0x11, [...V4, 4, (length - 15) >> 8, (length - 15) & 255]);
    const body = (length: number) =>
      Buffer.concat([filled(length).subarray(0, 14), sized(length), filled(length).subarray(16)]);
    const sized = (length: number) => Uint8Array.of(length >> 8, length & 255);
    expect(hear([body(most), Buffer.alloc(most - 16)])).toBeNull();
    const whole = Buffer.concat([body(most), Buffer.alloc(most - 15)]);
    expect(hear([whole, bytes("rest")])).toEqual({ peer: from("203.0.113.9", 51_234), rest: "rest" });
    expect(hear([body(most + 1)])).toBe(`a PROXY header says ${most + 1} bytes follow, and at most ${most} are taken`);
  });
});

describe("what is no header", () => {
  test.each([
    "hello\n",
    "\n",
    "PROX",
    "PROXYING",
    "proxy TCP4 ",
    "\r\n\r\n\0\r\nQUIT\r",
    "\r\n\r\nhello",
    "\0\0\0\x05hello",
  ])("%j is handed on whole", (text) => {
    const header = new ProxyHeader();
    const chunks = cut(
      bytes(text),
      Array.from(text, (_, at) => at),
    );
    const got: Uint8Array[] = [];
    let done = false;
    for (const chunk of chunks) {
      const introduced = done ? { peer: null, rest: chunk } : header.push(chunk);
      if (introduced === null) continue;
      done = true;
      expect(introduced.peer).toBeNull();
      got.push(introduced.rest);
    }
    if (!done) got.push(header.giveUp());
    expect(Buffer.concat(got).toString()).toBe(text);
    expect(header.buffered).toBe(0);
  });

  test("a header that was begun is not handed on", () => {
    for (const begun of [bytes("PROXY TCP4 203."), v2(0x21, 0x11, V4).subarray(0, 20), V2_SIGNATURE]) {
      const header = new ProxyHeader();
      expect(header.push(begun)).toBeNull();
      expect(header.begun).toBe(true);
      expect(() => header.giveUp()).toThrow(`the PROXY header was cut off after ${begun.length} bytes`);
    }
  });
});

test("any bytes, cut anywhere, say the same", () => {
  const starts = [
    bytes("PROXY "),
    bytes("PROXY TCP4 1.2.3.4 5.6.7.8 1 2"),
    V2_SIGNATURE,
    v2(0x21, 0x11, V4),
    bytes(""),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...starts), cutBytes([13, 10, 0x20, 0x21, 0x11, 0], 60), (start, [more, at]) => {
      const stream = Buffer.concat([start, more]);
      expect(hear(cut(stream, at))).toEqual(hear([stream]));
    }),
  );
});

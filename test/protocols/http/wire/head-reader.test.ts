import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type FoundHead, HeadReader } from "../../../../protocols/http/wire/head-reader.ts";
import { MalformedError } from "../../../../protocols/http/wire/http-error.ts";
import { bytes, cut, cutBytes } from "../../../bytes/chunks.ts";

const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** The first head in what comes in chunks, and what was not used up; null: there is none yet. */
function readAll(chunks: readonly Uint8Array[]): (FoundHead & { readonly left: string }) | null {
  const reader = new HeadReader();
  for (const [i, chunk] of chunks.entries()) {
    const found = reader.read(chunk);
    if (found === null) continue;
    expect(reader.buffered).toBe(0);
    const left = Buffer.concat([found.rest ?? new Uint8Array(0), ...chunks.slice(i + 1)]).toString("latin1");
    return { ...found, left };
  }
  return null;
}

function refusal(text: string): MalformedError {
  try {
    readAll([latin1(text)]);
  } catch (error) {
    if (error instanceof MalformedError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

describe("a request's head", () => {
  const text = "\r\n\r\nPUT /a?b=%20c HTTP/1.1\r\nHost: x:80\r\nAccept: a\r\naccept:\t b \t\r\nX-Empty:\r\n\r\n";

  test("is found wherever it is cut, and what is behind it is left", () => {
    const data = bytes(`${text}body`);
    const expected = new Map([
      ["host", "x:80"],
      ["accept", "a, b"],
      ["x-empty", ""],
    ]);
    for (let at = 1; at < data.length; at++) {
      const found = readAll(cut(data, [at]));
      expect(found?.head).toEqual({ method: "PUT", target: "/a?b=%20c", minor: 1, fields: expected });
      expect(found?.left).toBe("body");
    }
    const every = Array.from(data, (_, i) => i);
    expect(readAll(cut(data, every))?.left).toBe("body");
  });

  test("of random bytes is a head or refused, the same wherever it is cut", () => {
    const outcome = (chunks: readonly Uint8Array[]) => {
      try {
        const found = readAll(chunks);
        return found === null ? "more" : { ...found.head, left: found.left };
      } catch (error) {
        if (error instanceof MalformedError) return "refused";
        throw error;
      }
    };
    const special = [...latin1("GET / HTTP/1.1\r\n:ab\t\0")];
    fc.assert(
      fc.property(cutBytes(special, 60), ([random, positions]) => {
        const data = Buffer.concat([latin1("GET / HTTP/1.1\r\nA: b\r\n"), random]);
        const whole = outcome([data]);
        const cutUp = outcome(cut(data, positions));
        // A head that cannot end well may be refused before its end has come.
        if (cutUp !== "refused" || whole !== "more") expect(cutUp).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });

  test("in HTTP/1.0 and in a later 1.x is read", () => {
    expect(readAll([bytes("GET / HTTP/1.0\r\n\r\n")])?.head.minor).toBe(0);
    expect(readAll([bytes("GET / HTTP/1.2\r\n\r\n")])?.head.minor).toBe(1);
  });

  test("may have a whole address, whose host counts", () => {
    const { head } = readAll([bytes("GET http://a.example/x?y HTTP/1.1\r\nHost: b\r\n\r\n")]) ?? {};
    expect(head?.target).toBe("/x?y");
    expect(head?.fields.get("host")).toBe("a.example");
    expect(readAll([bytes("GET HTTP://a HTTP/1.1\r\nHost: b\r\n\r\n")])?.head.target).toBe("/");
    expect(readAll([bytes("GET http://a?q HTTP/1.1\r\nHost: b\r\n\r\n")])?.head.target).toBe("/?q");
    expect(readAll([bytes("OPTIONS * HTTP/1.1\r\nHost: b\r\n\r\n")])?.head.target).toBe("*");
  });

  test("joins cookies as cookies are joined", () => {
    const { head } = readAll([bytes("GET / HTTP/1.1\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n")]) ?? {};
    expect(head?.fields.get("cookie")).toBe("a=1; b=2");
  });

  test("of nothing but spaces takes no longer than its length", () => {
    const started = performance.now();
    for (let i = 0; i < 20; i++) readAll([bytes(`GET / HTTP/1.1\r\nA: b${" ".repeat(16_000)}c\r\n\r\n`)]);
    expect(performance.now() - started).toBeLessThan(2_500);
  });
});

describe("limits of a head", () => {
  test("are 16 KiB in all", () => {
    const start = "GET / HTTP/1.1\r\nA: ";
    const of = (size: number) => `${start}${"x".repeat(size - start.length - 4)}\r\n\r\n`;
    for (const size of [16_383, 16_384]) expect(readAll([bytes(of(size))])?.left).toBe("");
    expect(refusal(of(16_385)).status).toBe(431);
    expect(refusal(of(20_000).slice(0, 16_385)).status).toBe(431);
    expect(readAll([bytes(of(20_000).slice(0, 16_384))])).toBeNull();
  });

  test("are 8 KiB for the address, told before it is whole", () => {
    const of = (size: number) => `GET /${"x".repeat(size - 1)} HTTP/1.1\r\n\r\n`;
    for (const size of [8_191, 8_192]) expect(readAll([bytes(of(size))])?.head.target.length).toBe(size);
    expect(refusal(of(8_193)).status).toBe(414);
    expect(refusal(of(40_000)).status).toBe(414);
    expect(refusal(of(40_000).slice(0, 9_000)).status).toBe(414);
  });

  test("are 100 fields", () => {
    const of = (count: number) => `GET / HTTP/1.1\r\n${"A: b\r\n".repeat(count)}\r\n`;
    for (const count of [99, 100]) expect(readAll([bytes(of(count))])?.left).toBe("");
    expect(refusal(of(101)).status).toBe(431);
  });

  test("hold what is kept of a head: half of it is no more than came", () => {
    const reader = new HeadReader();
    for (const char of "GET / HTTP/1.1\r\nA: ") reader.read(bytes(char));
    expect(reader.buffered).toBe(19);
  });
});

const malformed: readonly (readonly [what: string, text: string, status: number])[] = [
  ["a line that ends in LF alone", "GET / HTTP/1.1\nHost: x\n\n", 400],
  ["one such line among others", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400],
  ["LF alone before the end has come", "GET / HTTP/1.1\r\nHost: x\n", 400],
  ["CR alone", "GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n", 400],
  ["CR alone in the request line", "GET /\r HTTP/1.1\r\n\r\n", 400],
  ["a folded line", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", 400],
  ["a folded first field", "GET / HTTP/1.1\r\n A: b\r\n\r\n", 400],
  ["a space before the colon", "GET / HTTP/1.1\r\nContent-Length : 3\r\n\r\n", 400],
  ["a field without a name", "GET / HTTP/1.1\r\n: b\r\n\r\n", 400],
  ["a field without a colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", 400],
  ["a name in brackets", "GET / HTTP/1.1\r\n(A): b\r\n\r\n", 400],
  ["NUL in a value", "GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 400],
  ["NUL in a name", "GET / HTTP/1.1\r\nA\0: b\r\n\r\n", 400],
  ["DEL in a value", "GET / HTTP/1.1\r\nA: \x7f\r\n\r\n", 400],
  ["NUL in the address", "GET /\0 HTTP/1.1\r\n\r\n", 400],
  ["two spaces", "GET  / HTTP/1.1\r\n\r\n", 400],
  ["a tab for a space", "GET\t/ HTTP/1.1\r\n\r\n", 400],
  ["a space in the address", "GET /a b HTTP/1.1\r\n\r\n", 400],
  ["a fragment", "GET /a#b HTTP/1.1\r\n\r\n", 400],
  ["no version", "GET /\r\n\r\n", 400],
  ["HTTP/0.9", "GET / HTTP/0.9\r\n\r\n", 505],
  ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505],
  ["a version in lower case", "GET / http/1.1\r\n\r\n", 400],
  ["a version with two digits", "GET / HTTP/1.10\r\n\r\n", 400],
  ["no method", " / HTTP/1.1\r\n\r\n", 400],
  ["an address that is none", "GET a HTTP/1.1\r\n\r\n", 400],
  ["* for another method than OPTIONS", "GET * HTTP/1.1\r\n\r\n", 400],
  ["CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["a whole address of another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["a whole address without Host", "GET http://a/ HTTP/1.1\r\n\r\n", 400],
  ["two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
  ["two lengths", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400],
  ["two codings", "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n", 400],
  ["TLS", "\x16\x03\x01\x02\0\x01", 400],
  ["a frame", "\0\0\0\x05hello", 400],
  ["telnet", "\xff\xfb\x18", 400],
  ["a line of text", "hello world\r\n", 400],
  ["a line of FTP", "USER anonymous\r\n", 400],
];

describe("a head is refused for", () => {
  for (const [what, text, status] of malformed) {
    test(what, () => {
      expect(refusal(text).status).toBe(status);
    });
  }
});

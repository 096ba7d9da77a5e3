import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type BodyLength, bodyLengthOf } from "../../../../protocols/http/wire/body-length.ts";
import { ChunkReader } from "../../../../protocols/http/wire/chunk-reader.ts";
import { HttpError, MalformedError } from "../../../../protocols/http/wire/http-error.ts";
import { BodyCutError, RequestBody } from "../../../../protocols/http/wire/request-body.ts";
import { bytes, cut, cutBytes } from "../../../bytes/chunks.ts";

function lengthOf(fields: Record<string, string>, minor: 0 | 1 = 1): BodyLength | number[] {
  try {
    return bodyLengthOf({ method: "POST", target: "/", minor, fields: new Map(Object.entries(fields)) });
  } catch (error) {
    if (error instanceof MalformedError) return [error.status];
    throw error;
  }
}

describe("the length of a body", () => {
  const chunked = "transfer-encoding";
  const length = "content-length";
  const table: readonly (readonly [fields: Record<string, string>, expected: BodyLength | number[]])[] = [
    [{}, 0],
    [{ [length]: "0" }, 0],
    [{ [length]: "5" }, 5],
    [{ [length]: "005" }, 5],
    [{ [length]: "999999999999999" }, 999_999_999_999_999],
    [{ [length]: "1000000000000000" }, [400]],
    [{ [length]: "" }, [400]],
    [{ [length]: "+5" }, [400]],
    [{ [length]: "-1" }, [400]],
    [{ [length]: "5, 5" }, [400]],
    [{ [length]: "0x5" }, [400]],
    [{ [length]: "5.0" }, [400]],
    [{ [length]: "1e3" }, [400]],
    [{ [length]: "5 5" }, [400]],
    [{ [chunked]: "chunked" }, "chunked"],
    [{ [chunked]: "Chunked" }, "chunked"],
    [{ [chunked]: "xchunked" }, [501]],
    [{ [chunked]: "chunked, chunked" }, [501]],
    [{ [chunked]: "chunked, identity" }, [501]],
    [{ [chunked]: "gzip, chunked" }, [501]],
    [{ [chunked]: "identity" }, [501]],
    [{ [chunked]: "" }, [501]],
    [{ [chunked]: "chunked", [length]: "5" }, [400]],
    [{ [chunked]: "chunked", [length]: "0" }, [400]],
    [{ [chunked]: "x", [length]: "5" }, [400]],
  ];
  for (const [fields, expected] of table) {
    test(`of ${JSON.stringify(fields)} is ${JSON.stringify(expected)}`, () =>
      expect(lengthOf(fields)).toEqual(expected));
  }

  test("is not told by chunks in HTTP/1.0", () => expect(lengthOf({ [chunked]: "chunked" }, 0)).toEqual([400]));
});

/** The body, and what came behind it; null when its end has not come. */
function unchunk(chunks: readonly Uint8Array[]): { body: string; rest: string } | null {
  const reader = new ChunkReader();
  const got: Uint8Array[] = [];
  const input = chunks.map((chunk) => chunk as Uint8Array);
  for (let first = input.shift(); first !== undefined; first = input.shift()) {
    for (let piece = first; piece.length > 0; ) {
      if (reader.done)
        return { body: Buffer.concat(got).toString(), rest: Buffer.concat([piece, ...input]).toString() };
      const { data, used } = reader.take(piece);
      expect(used).toBeGreaterThan(0);
      if (data !== null) got.push(data.slice());
      piece = piece.subarray(used);
    }
  }
  return reader.done ? { body: Buffer.concat(got).toString(), rest: "" } : null;
}

function isRefused(text: string): boolean {
  try {
    unchunk([bytes(text)]);
    return false;
  } catch (error) {
    return error instanceof MalformedError && error.status === 400;
  }
}

describe("a chunked body", () => {
  const text = '5\r\nhello\r\n00A;x="y"\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nGET';

  test("is found wherever it is cut", () => {
    const data = bytes(text);
    const expected = { body: "hello0123456789", rest: "GET" };
    for (let at = 1; at < data.length; at++) expect(unchunk(cut(data, [at]))).toEqual(expected);
    expect(
      unchunk(
        cut(
          data,
          Array.from(data, (_, i) => i),
        ),
      ),
    ).toEqual(expected);
  });

  test("of random bytes comes out the same wherever it is cut", () => {
    const outcome = (chunks: readonly Uint8Array[]) => {
      try {
        return unchunk(chunks);
      } catch (error) {
        if (error instanceof MalformedError) return "refused";
        throw error;
      }
    };
    fc.assert(
      fc.property(cutBytes([...bytes("0123aF;\r\n")], 40), ([data, positions]) => {
        expect(outcome(cut(data, positions))).toEqual(outcome(data.length === 0 ? [] : [data]));
      }),
      { numRuns: 2000 },
    );
  });

  const bad: readonly (readonly [what: string, text: string])[] = [
    ["a size that is no number", "x\r\n"],
    ["no size", "\r\n"],
    ["a sign", "+5\r\nhello\r\n"],
    ["a prefix", "0x5\r\nhello\r\n"],
    ["a space behind the size", "5 \r\nhello\r\n"],
    ["a space before the size", " 5\r\nhello\r\n"],
    ["a size over 48 bits", "1000000000000\r\n"],
    ["a size that overflows 64 bits", "fffffffffffffffff\r\n"],
    ["LF alone behind the size", "5\nhello\r\n"],
    ["LF alone in an extension", "5;a\nhello\r\n"],
    ["CR in an extension", "5;a\rb\r\nhello\r\n"],
    ["more data than its size", "3\r\nhello\r\n0\r\n\r\n"],
    ["LF alone behind the data", "5\r\nhello\n0\r\n\r\n"],
    ["LF alone at its end", "0\r\n\n"],
    ["an extension that never ends", `5;${"a".repeat(300)}`],
    ["a request for a trailer", "0\r\nGET / HTTP/1.1\r\n\r\n"],
    ["a trailer without a name", "0\r\n: a\r\n\r\n"],
    ["a space behind a trailer's name", "0\r\nA : b\r\n\r\n"],
    ["a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"],
    ["CR in a trailer", "0\r\nA: b\rc\r\n\r\n"],
    ["trailers that never end", `0\r\n${"A: b\r\n".repeat(1000)}`],
  ];
  for (const [what, given] of bad) test(`is refused for ${what}`, () => expect(isRefused(given)).toBe(true));

  test("may have a line of 256 bytes for its size, and trailers of 4 KiB", () => {
    for (const [size, fits] of [
      [255, true],
      [256, true],
      [257, false],
    ] as const) {
      expect(isRefused(`5;${"a".repeat(size - 4)}\r\nhello\r\n0\r\n\r\n`)).toBe(!fits);
    }
    for (const [size, fits] of [
      [4_095, true],
      [4_096, true],
      [4_097, false],
    ] as const) {
      expect(isRefused(`0\r\nA:${"a".repeat(size - 6)}\r\n\r\n`)).toBe(!fits);
    }
  });
});

describe("a request's body", () => {
  test("comes no faster than it is taken", async () => {
    const body = new RequestBody(6);
    const ready = Promise.withResolvers<void>();
    const taken: string[] = [];
    expect(body.isWanted).toBe(false);
    const whole = body.pipe((piece) => {
      taken.push(Buffer.from(piece).toString());
      return ready.promise;
    });
    expect(body.isWanted).toBe(true);
    const wait = body.feed(bytes("abc"));
    expect(wait).toBeInstanceOf(Promise);
    ready.resolve();
    await wait;
    await body.feed(bytes("def"));
    expect(body.complete).toBe(false);
    body.end();
    await whole;
    expect(body.complete).toBe(true);
    expect(taken).toEqual(["abc", "def"]);
  });

  test("says when somebody begins to read it, but not when there is none", () => {
    const asked: string[] = [];
    for (const length of [5, 0]) {
      const body = new RequestBody(length);
      body.onWanted = () => asked.push(`${length}`);
      void body.pipe(() => {});
    }
    expect(asked).toEqual(["5"]);
  });

  test("that is none is the same for all, and holds nothing of who reads it", async () => {
    const { empty } = RequestBody;
    await empty.pipe(() => {
      throw new Error("nothing comes");
    });
    expect(await empty.bytes(10)).toHaveLength(0);
    empty.fail(new Error("gone"));
    expect([empty.complete, empty.isWanted, empty.held]).toEqual([true, false, 0]);
    await empty.pipe(() => {});
  });

  test("ends with what its reader throws, and the rest is dropped", async () => {
    const body = new RequestBody(null);
    const whole = body.pipe(() => {
      throw new Error("the disk is full");
    });
    expect(body.feed(bytes("a"))).toBeNull();
    await expect(whole).rejects.toThrow("the disk is full");
    expect(body.feed(bytes("b"))).toBeNull();
    body.end();
    expect(body.complete).toBe(false);
  });

  test("that is cut off is not taken for whole, whenever it is read", async () => {
    const body = new RequestBody(5);
    body.fail(new BodyCutError());
    await expect(body.pipe(() => {})).rejects.toThrow(BodyCutError);
    const begun = new RequestBody(5);
    const whole = begun.pipe(() => {});
    await begun.feed(bytes("ab"));
    begun.fail(new BodyCutError());
    await expect(whole).rejects.toThrow(BodyCutError);
  });

  test("is collected up to a limit, with a length and without", async () => {
    for (const length of [5, null]) {
      for (const most of [4, 5, 6]) {
        const body = new RequestBody(length);
        const all = body.bytes(most).then(
          (got) => Buffer.from(got).toString(),
          (error: unknown) => (error instanceof HttpError ? error.status : error),
        );
        if (body.isWanted) for (const piece of ["abc", "de"]) void body.feed(bytes(piece));
        body.end();
        expect(await all).toBe(most < 5 ? 413 : "abcde");
      }
    }
  });

  test("of many small pieces is collected in no more memory than it may be long", async () => {
    const body = new RequestBody(null);
    const all = body.bytes(65_536);
    for (let i = 0; i < 65_000; i++) void body.feed(bytes(i % 2 === 0 ? "a" : "b"));
    expect(body.held).toBe(65_536);
    body.end();
    expect(Buffer.from(await all).toString()).toBe("ab".repeat(32_500));
  });
});

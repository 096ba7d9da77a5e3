import { describe, expect, test } from "bun:test";
import { linkSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { until } from "../../support/deadline.ts";
import { Random, SEED } from "../../support/random.ts";
import { Fetching } from "./fetching.ts";
import { RawHttp, says } from "./raw-http.ts";

const random = new Random(SEED);
const FILE = Buffer.from(Array.from({ length: 100_000 }, () => random.below(256)));
const OLD = "last-modified: Thu, 02 Jan 2025 03:04:05 GMT";
const DATE = "date: Fri, 03 Jan 2025 03:04:05 GMT";
const HERE = `content-length: ${FILE.length}`;

/** Sends the first bytes and then breaks the connection. */
function breaks(at: number, ...head: readonly string[]) {
  return (peer: Socket) => {
    peer.write(`HTTP/1.1 200 OK\r\n${[HERE, ...head].join("\r\n")}\r\n\r\n`);
    peer.write(FILE.subarray(0, at), () => peer.end());
  };
}

/** Another file of the same size. */
const OTHER = FILE.map((byte) => byte ^ 255);

interface Rest {
  readonly file?: Uint8Array;
  /** Where it begins instead of where it was asked to. */
  readonly first?: number;
  /** How many bytes it sends at most. */
  readonly most?: number;
  /** How large it says that the file is. */
  readonly size?: number;
  readonly head?: readonly string[];
}

/** Sends the rest that is asked for, or something else. */
function goesOn({ file = FILE, first, most = FILE.length, size = FILE.length, head = [] }: Rest = {}) {
  return (peer: Socket, request: string) => {
    const from = Number(/^range: bytes=(\d+)-\r$/im.exec(request)?.[1]);
    const start = first ?? from;
    const body = file.subarray(start, start + Math.min(most, FILE.length - from));
    const range = `content-range: bytes ${start}-${start + body.length - 1}/${size}`;
    says(["206 Partial Content", range, `content-length: ${body.length}`, ...head], body)(peer, request);
  };
}

const whole = (...head: readonly string[]) => says(["200 OK", HERE, ...head], FILE);

async function bytes(fetching: Fetching): Promise<Buffer> {
  return Buffer.from(await Bun.file(fetching.folder.file("file")).bytes());
}

/** Leaves what a run left that was broken off at some byte. */
async function leavePart(fetching: Fetching, url: string): Promise<void> {
  expect(await fetching.failure(url, { retries: 0 })).toContain("the connection broke");
  fetching.notes.length = 0;
}

describe("a fetch that breaks", () => {
  test("goes on where it was, asking for the rest of the very same file", async () => {
    await using server = await RawHttp.open(breaks(40_000, 'etag: "v1"'), goesOn({ head: ['etag: "v1"'] }));
    using fetching = new Fetching();
    await fetching.fetch([`${server.url}/file`]);
    expect(server.requests[1]).toMatch(/^range: bytes=[1-9]\d*-\r\nif-range: "v1"\r$/im);
    expect(await bytes(fetching)).toEqual(FILE);
    expect(fetching.results).toEqual([`100000 bytes received from ${server.url}/file`]);
    expect(fetching.notes[0]).toMatch(/: the connection broke; trying again in 1 s \(1 of 5\)$/);
    expect(fetching.notes[1]).toMatch(/^resuming .* at \d+\.\d %$/);
    expect(fetching.files).toEqual(["file"]);
  });

  test("goes on in a later run", async () => {
    await using server = await RawHttp.open(breaks(70_000, OLD, DATE), whole(OLD, DATE), goesOn({ head: [OLD, DATE] }));
    using fetching = new Fetching();
    await leavePart(fetching, `${server.url}/file`);
    expect(fetching.files[0]).toMatch(/^\.file\.[0-9a-f]{8}-[0-9a-f]{8}\.tincan-part$/);
    await fetching.fetch([`${server.url}/file`]);
    expect(server.requests[2]).toMatch(/^if-range: Thu, 02 Jan 2025 03:04:05 GMT\r$/im);
    expect(fetching.notes).toEqual([expect.stringMatching(/^resuming .* at \d+\.\d %$/)]);
    expect(await bytes(fetching)).toEqual(FILE);
    expect(fetching.files).toEqual(["file"]);
  });

  test("and was whole before is not fetched again, as long as size and time are the server's", async () => {
    await using server = await RawHttp.open(whole(OLD, DATE));
    await using other = await RawHttp.open(says(["200 OK", OLD, DATE, "content-length: 3"], "abc"));
    await using timeless = await RawHttp.open(whole('etag: "v1"'));
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    const [again] = await fetching.fetch([`${server.url}/file`]);
    expect(again).toMatchObject({ bytes: FILE.length, error: null });
    expect(fetching.results[1]).toBe(`${server.url}/file: already there, with the server's size and time`);
    for (const { url } of [other, timeless]) {
      expect(await fetching.failure(`${url}/file`)).toContain("exists; --force replaces it");
    }
    expect(await bytes(fetching)).toEqual(FILE);
    expect(await fetching.failure(`${timeless.url}/file`, { force: true })).toBe("");
    expect(fetching.files).toEqual(["file"]);
  });

  test("that is stopped says whether it can be gone on with", async () => {
    const hangs =
      (...head: readonly string[]) =>
      (peer: Socket) => {
        peer.write(`HTTP/1.1 200 OK\r\n${[HERE, ...head].join("\r\n")}\r\n\r\n`);
        peer.write(FILE.subarray(0, 25_000));
      };
    await using server = await RawHttp.open(
      hangs('etag: "v1"', "accept-ranges: bytes"),
      hangs('etag: "v1"'),
      hangs('etag: "v1"', "accept-ranges: none"),
      hangs(),
    );
    for (const [kept, words] of [
      [true, "; run the same command again to go on"],
      [true, "; run the same command again to go on, if the server can do that"],
      [true, "; the server cannot resume, so the next run begins anew"],
      [false, ""],
    ] as const) {
      using fetching = new Fetching();
      const stop = new AbortController();
      const fetched = fetching.fetch([`${server.url}/file`], { signal: stop.signal });
      await until(
        () => fetching.files.some((file) => statSync(fetching.folder.file(file)).size === 25_000),
        "a quarter",
      );
      stop.abort();
      await expect(fetched).rejects.toThrow("stopped");
      expect(fetching.notes).toEqual([`${server.url}/file: stopped at 25.0 %${words}`]);
      expect(fetching.files).toHaveLength(kept ? 1 : 0);
    }
  });

  test("that is stopped is not taken for whole because nobody said how long it is", async () => {
    await using server = await RawHttp.open((peer: Socket) => {
      peer.write("HTTP/1.0 200 OK\r\n\r\n");
      peer.write(FILE.subarray(0, 25_000));
    });
    using fetching = new Fetching();
    const stop = new AbortController();
    const fetched = fetching.fetch([`${server.url}/file`], { signal: stop.signal });
    await until(() => fetching.files.some((file) => statSync(fetching.folder.file(file)).size === 25_000), "a quarter");
    stop.abort();
    await expect(fetched).rejects.toThrow("stopped");
    expect([fetching.results, fetching.files]).toEqual([[], []]);
  });

  test("by a reset is not taken for whole, either", async () => {
    const came = Promise.withResolvers<void>();
    await using server = await RawHttp.open((peer: Socket) => {
      peer.write("HTTP/1.0 200 OK\r\n\r\n");
      peer.write(FILE.subarray(0, 25_000));
      void came.promise.then(() => peer.resetAndDestroy());
    });
    using fetching = new Fetching();
    const failure = fetching.failure(`${server.url}/file`, { retries: 0 });
    await until(() => fetching.files.some((file) => statSync(fetching.folder.file(file)).size === 25_000), "a quarter");
    came.resolve();
    expect(await failure).toContain("the connection broke");
    expect([fetching.results, fetching.files]).toEqual([[], []]);
  });

  test("for good says how far it came, too", async () => {
    await using server = await RawHttp.open(breaks(70_000, 'etag: "v1"', "accept-ranges: bytes"));
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`, { retries: 0 })).toMatch(
      /: the connection broke; stopped at \d+\.\d %; run the same command again to go on$/,
    );
    await using missing = await RawHttp.open(says(["404 Not Found", "content-length: 0"], ""));
    expect(await fetching.failure(`${missing.url}/other`)).not.toContain("stopped");
  });

  test("begins anew when the file has changed", async () => {
    await using server = await RawHttp.open(breaks(70_000, 'etag: "v1"'), whole('etag: "v2"'));
    using fetching = new Fetching();
    await leavePart(fetching, `${server.url}/file`);
    await fetching.fetch([`${server.url}/file`]);
    expect(server.requests).toHaveLength(2);
    expect(await bytes(fetching)).toEqual(FILE);
    expect(fetching.files).toEqual(["file"]);
  });

  test.each([
    ["knows no ranges", whole('etag: "v1"')],
    ["answers with another range", goesOn({ first: 0 })],
    ["answers without saying which range", says(["206 Partial Content", "content-length: 60000"], OTHER.slice(40_000))],
    ["answers from another file", goesOn({ file: OTHER, head: ['etag: "v2"'] })],
    ["answers from a file of another size", goesOn({ file: OTHER, size: FILE.length + 1 })],
    ["refuses the range", says(["416 Range Not Satisfiable", "content-range: bytes */5", "content-length: 0"])],
  ])("begins anew when the server %s", async (_, answer) => {
    await using server = await RawHttp.open(breaks(40_000, 'etag: "v1"'), answer, whole('etag: "v1"'));
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(await bytes(fetching)).toEqual(FILE);
    // Once when it broke: that what came then is of no use is no failure.
    expect(fetching.notes.filter((note) => note.includes("trying again"))).toHaveLength(1);
    expect(fetching.notes.at(-1)).toBe(`${server.url}/file: begins anew, the server cannot resume`);
  });

  test("begins anew when the server does not heed If-Range, and only the time tells another file", async () => {
    const later = "last-modified: Thu, 02 Jan 2025 03:04:06 GMT";
    const answer = goesOn({ file: OTHER, head: [later, DATE] });
    await using server = await RawHttp.open(breaks(40_000, OLD, DATE), answer, whole(OLD, DATE));
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(await bytes(fetching)).toEqual(FILE);
  });

  test("says that it begins anew, and why", async () => {
    const anew = async (first: readonly string[], then: readonly string[]) => {
      await using server = await RawHttp.open(breaks(40_000, ...first), whole(...then));
      using fetching = new Fetching();
      await fetching.fetch([`${server.url}/file`]);
      return fetching.notes.slice(1).map((note) => note.slice(server.url.length));
    };
    expect(await anew([], [])).toEqual(["/file: begins anew, the server cannot resume"]);
    expect(await anew(['etag: "v1"'], ['etag: "v2"'])).toEqual(["/file: begins anew, it has changed on the server"]);
    await using server = await RawHttp.open(breaks(40_000, 'etag: "v1"'), whole('etag: "v1"'));
    using fetching = new Fetching();
    await leavePart(fetching, `${server.url}/file`);
    await fetching.fetch([`${server.url}/file`]);
    expect(fetching.notes).toEqual([`${server.url}/file: begins anew, the server cannot resume`]);
  });

  test("is brought to its end by a server that sends it piece by piece", async () => {
    await using server = await RawHttp.open(breaks(40_000, 'etag: "v1"'), goesOn({ most: 25_000 }));
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(server.requests).toHaveLength(4);
    expect(await bytes(fetching)).toEqual(FILE);
  });

  test.each([
    [['etag: W/"v1"']],
    [[]],
    [["last-modified: Thu, 02 Jan 2025 03:04:05 GMT", "date: Thu, 02 Jan 2025 03:04:05 GMT"]],
  ])("begins anew, and leaves nothing behind, when %p is all that tells the file from another", async (head) => {
    await using server = await RawHttp.open(breaks(40_000, ...head), breaks(50_000, ...head), whole(...head));
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`, { retries: 0 })).toContain("broke");
    expect(fetching.files).toEqual([]);
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(server.requests.join()).not.toMatch(/^range:/im);
    expect(await bytes(fetching)).toEqual(FILE);
  });

  test("gives up a server that always breaks off at the same byte, and tries others as often as it may", async () => {
    await using same = await RawHttp.open(breaks(0));
    await using busy = await RawHttp.open(breaks(40_000, 'etag: "v1"'), says(["503 Busy", "content-length: 0"]));
    using fetching = new Fetching();
    expect(await fetching.failure(`${same.url}/file`)).toContain("the connection broke");
    expect(same.requests).toHaveLength(2);
    expect(await fetching.failure(`${busy.url}/file`, { retries: 3 })).toContain("503 Busy: it is overloaded");
    expect(busy.requests).toHaveLength(1 + 3);
  });

  test.each([
    ["retry-after: 7"],
    ["date: Thu, 02 Jan 2025 03:04:05 GMT\r\nretry-after: Thu, 02 Jan 2025 03:04:12 GMT"],
  ])("asks a busy server again when it says to: %j", async (after) => {
    await using server = await RawHttp.open(says(["429 Slowly", "content-length: 0", after]), whole());
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(await bytes(fetching)).toEqual(FILE);
    expect(fetching.notes).toEqual([expect.stringMatching(/429 Slowly: .*; trying again in 7 s \(1 of 5\)$/)]);
  });

  test.each(["100000", "-1", "soon", "Thu, 02 Jan 2125 03:04:05 GMT"])("does not wait until %s", async (after) => {
    const head = ["503 Busy", "content-length: 0", "date: Thu, 02 Jan 2025 03:04:05 GMT", `retry-after: ${after}`];
    await using server = await RawHttp.open(says(head));
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toContain("503 Busy");
    expect(server.requests).toHaveLength(1);
  });

  test("does not wait for a server that never answered, or that says no", async () => {
    await using server = await RawHttp.open(says(["503 Busy", "content-length: 0"]));
    using fetching = new Fetching();
    await fetching.failure(`${server.url}/file`);
    expect(server.requests).toHaveLength(1);
    expect(await fetching.failure("http://127.0.0.1:1/file")).toContain("nobody listens there");
    expect(fetching.notes).toEqual([]);
  });
});

describe("a part", () => {
  test("is written by one at a time", async () => {
    await using server = await RawHttp.open((peer) => peer.write(`HTTP/1.1 200 OK\r\n${HERE}\r\netag: "v1"\r\n\r\n`));
    using fetching = new Fetching();
    const stop = new AbortController();
    const first = fetching.failure(`${server.url}/file`, { signal: stop.signal });
    await until(() => fetching.files.length === 1, "the part");
    expect(await fetching.failure(`${server.url}/file`)).toContain("another tincan is fetching it to the same place");
    stop.abort();
    await expect(first).rejects.toThrow("stopped");
    expect(fetching.files).toEqual([]);
  });

  test("that has another name as well is whole under that, and not written to", async () => {
    await using server = await RawHttp.open(breaks(70_000, 'etag: "v1"'), whole('etag: "v1"'));
    using fetching = new Fetching();
    await leavePart(fetching, `${server.url}/file`);
    linkSync(fetching.folder.file(fetching.files[0] ?? ""), fetching.folder.file("other"));
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(await bytes(fetching)).toEqual(FILE);
    expect(statSync(fetching.folder.file("other")).size).toBe(70_000);
    expect(fetching.files).toEqual(["file", "other"]);
  });

  test("that is a link is not followed", async () => {
    await using server = await RawHttp.open(breaks(70_000, 'etag: "v1"'), whole('etag: "v1"'));
    using fetching = new Fetching();
    await leavePart(fetching, `${server.url}/file`);
    const part = fetching.folder.file(fetching.files[0] ?? "");
    renameSync(part, fetching.folder.file("elsewhere"));
    symlinkSync("elsewhere", part);
    expect(await fetching.failure(`${server.url}/file`)).toContain("cannot be written");
    expect(statSync(fetching.folder.file("elsewhere")).size).toBe(70_000);
  });

  test("of another URL is left alone", async () => {
    await using server = await RawHttp.open(whole('etag: "v1"'));
    using fetching = new Fetching();
    writeFileSync(fetching.folder.file(".file.00000000-00000000.tincan-part"), "another's");
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(await bytes(fetching)).toEqual(FILE);
    expect(fetching.files).toEqual([".file.00000000-00000000.tincan-part", "file"]);
  });
});

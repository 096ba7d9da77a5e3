import { describe, expect, test } from "bun:test";
import { readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { until } from "../support/deadline.ts";
import { curl, HttpShare, readAnswer } from "../support/http-share.ts";
import { Mortal, partSize } from "../support/mortal.ts";
import { RawPeer, testWithRawPeers } from "../support/raw-peer.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { content } from "../support/tree.ts";

const MIB = 1024 * 1024;
const HOST = "Host: localhost\r\n";
const get = (path: string) => `GET /files/${path} HTTP/1.1\r\n${HOST}\r\n`;
const put = (path: string, ...fields: readonly string[]) =>
  `PUT /files/${path} HTTP/1.1\r\n${HOST}${fields.map((field) => `${field}\r\n`).join("")}\r\n`;
const codeOf = (body: Buffer) => JSON.parse(body.toString()).error.code;

describe("an upload that breaks off", () => {
  test("is gone on with after the daemon was killed in the middle of it", async () => {
    using folder = new TempFolder();
    const bytes = content(4 * MIB);
    await using server = await Mortal.start(folder.path, "http");
    using first = await connect({ port: server.port });
    await first.write(put("a", `Content-Length: ${bytes.length}`));
    await first.write(bytes.subarray(0, 1_500_000));
    await until(() => partSize(folder.path) >= 1_500_000, "the bytes on the disk");
    await server.kill();
    await server.start();
    using second = await connect({ port: server.port });
    await second.write(put("a", `Content-Range: bytes */${bytes.length}`));
    const asked = await readAnswer(second);
    const { offset, sha256 } = JSON.parse(asked.body.toString());
    expect([asked.status, offset]).toEqual([202, 1_500_000]);
    expect(sha256).toBe(new Bun.CryptoHasher("sha256").update(bytes.subarray(0, offset)).digest("hex"));
    const rest = bytes.subarray(offset);
    const digest = new Bun.CryptoHasher("sha256").update(bytes).digest("base64");
    const range = `Content-Range: bytes ${offset}-${bytes.length - 1}/${bytes.length}`;
    await second.write(put("a", range, `Content-Length: ${rest.length}`, `Repr-Digest: sha-256=:${digest}:`));
    await second.write(rest);
    expect((await readAnswer(second)).status).toBe(201);
    expect(readFileSync(folder.file("a")).equals(bytes)).toBe(true);
    expect(partSize(folder.path)).toBe(0);
  });

  test("keeps its part where its size was known, and nothing where it was not", async () => {
    await using share = await HttpShare.open();
    for (const [head, body, kept] of [
      [put("a", "Content-Length: 500000"), content(200_000), 200_000],
      [put("b", "Transfer-Encoding: chunked"), Buffer.concat([Buffer.from("30d40\r\n"), content(200_000)]), 0],
    ] as const) {
      const client = await share.connect();
      await client.write(head);
      await client.write(body);
      await until(() => share.parts().length === (kept > 0 ? 1 : 2), "the part");
      await share.arriving(200_000);
      client.reset();
      await share.tincan.waitForEvent((e) => e.event === "transfer" && e["path"] === `/${kept > 0 ? "a" : "b"}`);
      if (kept > 0) {
        using again = await share.connect();
        await again.write(put("a", "Content-Range: bytes */500000"));
        expect((await readAnswer(again)).fields.get("upload-offset")).toBe("200000");
      }
    }
    expect(share.parts()).toHaveLength(1);
  });

  test("is taken over by a newer connection, and the older is told", async () => {
    await using share = await HttpShare.open();
    const bytes = content(300_000);
    using older = await share.connect();
    await older.write(put("a", `Content-Length: ${bytes.length}`));
    await older.write(bytes.subarray(0, 100_000));
    await share.arriving(100_000);
    using newer = await share.connect();
    await newer.write(put("a", "Content-Range: bytes 100000-299999/300000", "Content-Length: 200000"));
    await newer.write(bytes.subarray(100_000));
    const told = await readAnswer(older);
    expect([told.status, codeOf(told.body)]).toEqual([409, "replaced"]);
    expect((await readAnswer(newer)).status).toBe(201);
    expect(share.sharedBytes("a").equals(bytes)).toBe(true);
  });

  test("by a second one of the same name: the first that is whole has it", async () => {
    await using share = await HttpShare.open();
    using a = await share.connect();
    using b = await share.connect();
    await a.write(put("x", "Content-Length: 6"));
    await a.write("aaa");
    await share.arriving(3);
    await b.write(`${put("x", "Content-Length: 6")}bbbbbb`);
    expect((await readAnswer(b)).status).toBe(201);
    await a.write("aaa");
    const late = await readAnswer(a);
    expect([late.status, codeOf(late.body), share.sharedBytes("x").toString()]).toEqual([409, "exists", "bbbbbb"]);
    expect(share.parts()).toEqual([]);
  });
});

describe("Expect: 100-continue", () => {
  test("is answered with what is refused, before a byte of it comes", async () => {
    await using share = await HttpShare.open({ there: Buffer.from("x") }, ["--allow-upload"]);
    for (const [path, fields, status] of [
      ["there", ["Content-Length: 9"], 409],
      ["none/a", ["Content-Length: 9"], 409],
      ["a", ["Content-Length: 9", "Content-Encoding: br"], 415],
      ["a", ["Content-Length: 9", "Content-Range: bytes 10-18/99"], 409],
      ["a", ["Content-Length: 900000000000000"], 507],
      ["a", ["Content-Length: 9", 'If-Match: "x"'], 412],
      ["a", ["Content-Length: 9", "Repr-Digest: sha-256=x"], 400],
    ] as const) {
      using client = await share.connect();
      await client.write(put(path, "Expect: 100-continue", ...fields));
      expect([path, fields[1], (await readAnswer(client)).status]).toEqual([path, fields[1], status]);
      await client.readAll();
    }
    using client = await share.connect();
    await client.write(put("a", "Expect: 100-continue", "Content-Length: 2"));
    expect(await client.readUntil("\r\n\r\n")).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    await client.write("hi");
    expect((await readAnswer(client)).status).toBe(201);
  });
});

test("who sends a large file that is refused gets all of it rid, and reads why", async () => {
  await using share = await HttpShare.open({ there: Buffer.from("x") });
  using client = await share.connect();
  const bytes = content(40 * MIB);
  await client.write(put("there", `Content-Length: ${bytes.length}`));
  await client.write(bytes);
  const answer = await readAnswer(client);
  expect([answer.status, codeOf(answer.body), answer.fields.get("connection")]).toEqual([409, "exists", "close"]);
});

describe("a file that changes while it is sent", () => {
  const SIZE = 8 * MIB;
  /** A peer that has begun to read, and the daemon cannot be done with it. */
  async function begun(share: HttpShare): Promise<RawPeer> {
    const peer = await RawPeer.connect(share.port);
    await peer.send(get("big"));
    await peer.read(1000);
    return peer;
  }

  testWithRawPeers(
    "does not arrive whole, shorter or rewritten, and the log says why",
    async () => {
      const changes: readonly ((path: string) => void)[] = [
        (path) => truncateSync(path, MIB),
        (path) => utimesSync(path, 1_600_000_000, 1_600_000_000),
      ];
      for (const change of changes) {
        await using share = await HttpShare.open({ big: content(SIZE) });
        await using peer = await begun(share);
        change(share.shared("big"));
        const { bytes } = await peer.drain();
        expect(bytes.length).toBeLessThan(SIZE - 1000);
        const told = await share.tincan.waitForEvent((e) => e.event === "transfer");
        expect(told).toMatchObject({ outcome: "failed", path: "/big" });
      }
    },
    60_000,
  );

  testWithRawPeers(
    "but grows at its end is sent as it was",
    async () => {
      await using share = await HttpShare.open({ big: content(SIZE) });
      await using peer = await begun(share);
      truncateSync(share.shared("big"), SIZE + 1);
      // What is left: the head has some hundred bytes.
      expect((await peer.read(SIZE - 1000)).bytes.length).toBe(SIZE - 1000);
      await share.tincan.waitForEvent((e) => e.event === "transfer" && e["outcome"] === "done");
    },
    60_000,
  );
});

describe("readers", () => {
  testWithRawPeers(
    "that are frozen, slow or gone keep nobody else waiting, and nothing is left of them",
    async () => {
      const bytes = content(20 * MIB);
      await using share = await HttpShare.open({ big: bytes, "small.txt": Buffer.from("small") });
      const before = share.tincan.fds();
      const frozen = await RawPeer.connect(share.port);
      const slow = await RawPeer.connect(share.port);
      const gone = await share.connect();
      await frozen.send(get("big"));
      await slow.send(get("big"));
      await gone.write(get("big"));
      await gone.readExactly(100_000);
      gone.reset();
      const stop = await slow.trickle();
      const [whole, small] = await Promise.all([share.curl(share.url("big")), share.curl(share.url("small.txt"))]);
      expect([whole.body.equals(bytes), small.body.toString()]).toEqual([true, "small"]);
      expect((await stop()).bytes.length).toBeGreaterThan(0);
      for (const peer of [frozen, slow]) await peer[Symbol.asyncDispose]();
      const broken = await share.tincan.waitForEvents(3, (e) => e.event === "transfer" && e["outcome"] === "broken");
      expect(broken.every((e) => e["path"] === "/big")).toBe(true);
      await until(() => share.tincan.fds() === before, "the descriptors to be given back");
    },
    60_000,
  );

  test("200 at a time all get every byte", async () => {
    const bytes = content(2 * MIB);
    await using share = await HttpShare.open({ big: bytes });
    const before = share.tincan.fds();
    await Promise.all(
      Array.from({ length: 200 }, async () => {
        using client = await share.connect();
        await client.write(get("big"));
        expect((await readAnswer(client, 60_000)).body.equals(bytes)).toBe(true);
      }),
    );
    await until(() => share.tincan.fds() === before, "the descriptors to be given back");
  }, 90_000);
});

describe("a drain", () => {
  testWithRawPeers(
    "lets a download and an upload run to their end",
    async () => {
      const bytes = content(6 * MIB);
      await using share = await HttpShare.open({ big: bytes });
      await using reader = await RawPeer.connect(share.port);
      await reader.send(get("big"));
      await reader.read(1000);
      using writer = await share.connect();
      await writer.write(put("a", "Content-Length: 10"));
      await writer.write("01234");
      await share.arriving(5);
      const stopped = share.tincan.stop();
      await share.tincan.waitForEvent((e) => e.event === "draining");
      await writer.write("56789");
      const answer = await readAnswer(writer);
      expect([answer.status, answer.fields.get("connection")]).toEqual([201, "close"]);
      const { bytes: rest } = await reader.drain();
      expect(rest.length).toBeGreaterThan(bytes.length - 1000);
      expect(await stopped).toBe(0);
    },
    60_000,
  );
});

describe("what is one's own", () => {
  curl.test("may be deleted and renamed without the right to write, on the same connection alone", async () => {
    await using share = await HttpShare.open({ theirs: Buffer.from("x") }, ["--allow-upload"]);
    using mine = await share.connect();
    await mine.write(`${put("a", "Content-Length: 1")}x`);
    expect((await readAnswer(mine)).status).toBe(201);
    const ask = async (method: string, path: string, field = "") => {
      await mine.write(`${method} /files/${path} HTTP/1.1\r\n${HOST}${field}\r\n`);
      return (await readAnswer(mine)).status;
    };
    expect((await share.curl("-X", "DELETE", share.url("a"))).status).toBeGreaterThanOrEqual(401);
    expect(await ask("DELETE", "theirs")).toBeGreaterThanOrEqual(401);
    expect(await ask("MOVE", "a", "Destination: /files/b\r\n")).toBe(201);
    expect(await ask("MOVE", "b", "Destination: /files/theirs\r\n")).toBe(409);
    expect(await ask("MOVE", "b", "Destination: http://elsewhere.example/files/c\r\n")).toBe(502);
    expect(await ask("MOVE", "b", "Destination: /api/c\r\n")).toBe(403);
    expect(await ask("DELETE", "b")).toBe(204);
    expect(statSync(share.shared("theirs")).size).toBe(1);
    writeFileSync(share.local("b"), "new");
    expect((await share.curl("-T", "b", share.url("theirs", "?overwrite"))).status).toBe(409);
  });

  curl.test(
    "nobody adds anything without the right to, and nothing is said of what is there without the right to read",
    async () => {
      await using closed = await HttpShare.open({ a: Buffer.from("x") }, ["--deny-read"]);
      writeFileSync(closed.local("b"), "new");
      for (const args of [
        [closed.url("a")],
        ["-I", closed.url("a")],
        [closed.url("")],
        [closed.url("", "?archive=tar")],
      ])
        expect((await closed.curl(...args)).status).toBeGreaterThanOrEqual(401);
      for (const method of ["PUT", "DELETE", "MKCOL"])
        expect((await closed.curl("-X", method, "-d", "", closed.url("b"))).status).toBeGreaterThanOrEqual(401);
    },
  );
});

import { describe, expect } from "bun:test";
import { statSync, utimesSync, writeFileSync } from "node:fs";
import { curl, HttpShare } from "../support/http-share.ts";
import { run } from "../support/program.ts";
import { content, digest, ODD_NAMES, plant } from "../support/tree.ts";

const text = (value: string) => Buffer.from(value);
const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("base64");

describe("curl fetches a file", () => {
  curl.test("with type, time, tag and length, and HEAD says the same", async () => {
    await using share = await HttpShare.open({ "a.txt": text("hello\n") });
    utimesSync(share.shared("a.txt"), 1_600_000_000, 1_600_000_000);
    const got = await share.curl(share.url("a.txt"));
    expect([got.status, got.body.toString()]).toEqual([200, "hello\n"]);
    expect(got.fields.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(got.fields.get("last-modified")).toBe("Sun, 13 Sep 2020 12:26:40 GMT");
    expect(got.fields.get("etag")).toMatch(/^"[^"]+"$/);
    expect(got.fields.get("accept-ranges")).toBe("bytes");
    const head = await share.curl("-I", share.url("a.txt"));
    for (const name of ["content-length", "content-type", "etag", "last-modified", "accept-ranges"])
      expect(head.fields.get(name)).toBe(got.fields.get(name) ?? "");
    expect(head.fields.get("content-length")).toBe("6");
  });

  curl.test("of any size, byte for byte, in the clear and over TLS", async () => {
    const sizes = [0, 1, 65_535, 65_536, 65_537, 5_000_003];
    const tree = Object.fromEntries(sizes.map((size) => [`f${size}`, content(size)]));
    await using share = await HttpShare.open(tree);
    for (const size of sizes) {
      const got = await share.curl(share.url(`f${size}`));
      expect(got.body.equals(content(size))).toBe(true);
      const over = await share.curl("-k", `https://127.0.0.1:${share.tlsPort}/files/f${size}`);
      expect(over.body.equals(content(size))).toBe(true);
    }
  });

  curl.test("goes on where it stopped: -C -", async () => {
    const bytes = content(3_000_000);
    await using share = await HttpShare.open({ "big.bin": bytes });
    writeFileSync(share.local("big.bin"), bytes.subarray(0, 1_000_001));
    const { code } = await run([curl.path, "-sS", "-C", "-", "-o", share.local("big.bin"), share.url("big.bin")]);
    expect(code).toBe(0);
    expect((await Bun.file(share.local("big.bin")).bytes()).length).toBe(bytes.length);
    expect(Buffer.from(await Bun.file(share.local("big.bin")).arrayBuffer()).equals(bytes)).toBe(true);
  });

  curl.test("by every odd name, and puts it", async () => {
    await using share = await HttpShare.open();
    plant(share.local(""), Object.fromEntries(ODD_NAMES.map((name, i) => [name, content(100 + i, i + 1)])));
    for (const name of ODD_NAMES) {
      const put = await share.curl("-T", `./${name}`, share.url(name));
      expect([name, put.status]).toEqual([name, 201]);
      const got = await share.curl(`http://127.0.0.1:${share.port}${put.fields.get("location")}`);
      expect(got.body.equals(share.sharedBytes(name))).toBe(true);
    }
    expect(digest(share.shared())).toEqual(digest(share.local("")));
  });
});

describe("curl -T", () => {
  curl.test("creates with 201, is refused with 409, and replaces with ?overwrite or If-Match", async () => {
    await using share = await HttpShare.open();
    writeFileSync(share.local("a"), "one");
    const made = await share.curl("-T", "a", share.url("a"));
    expect([made.status, made.fields.get("location")]).toEqual([201, "/files/a"]);
    const etag = made.fields.get("etag") ?? "";
    expect((await share.curl("-I", share.url("a"))).fields.get("etag")).toBe(etag);
    writeFileSync(share.local("a"), "two");
    const refused = await share.curl("-T", "a", share.url("a"));
    expect([refused.status, JSON.parse(refused.body.toString()).error.code]).toEqual([409, "exists"]);
    expect((await share.curl("-T", "a", share.url("a", "?overwrite"))).status).toBe(204);
    expect(share.sharedBytes("a").toString()).toBe("two");
    expect((await share.curl("-T", "a", "-H", `If-Match: ${etag}`, share.url("a"))).status).toBe(412);
    const now = (await share.curl("-I", share.url("a"))).fields.get("etag") ?? "";
    writeFileSync(share.local("a"), "three");
    expect((await share.curl("-T", "a", "-H", `If-Match: ${now}`, share.url("a"))).status).toBe(204);
    const never = await share.curl("-T", "a", "-H", "If-None-Match: *", share.url("a", "?overwrite"));
    expect([never.status, share.sharedBytes("a").toString()]).toEqual([412, "three"]);
  });

  curl.test("checks a Repr-Digest before the file has its name, and tells it", async () => {
    await using share = await HttpShare.open();
    const bytes = content(300_000);
    writeFileSync(share.local("a"), bytes);
    const digestField = `Repr-Digest: sha-256=:${sha256(bytes)}:`;
    const wrong = await share.curl("-T", "a", "-H", `Repr-Digest: sha-256=:${sha256(text("x"))}:`, share.url("a"));
    expect([wrong.status, JSON.parse(wrong.body.toString()).error.code]).toEqual([400, "bad-digest"]);
    expect(Object.keys(digest(share.shared()))).toEqual([]);
    const right = await share.curl("-T", "a", "-H", digestField, share.url("a"));
    expect([right.status, right.fields.get("repr-digest")]).toEqual([201, `sha-256=:${sha256(bytes)}:`]);
  });

  curl.test("takes a pipe, and X-OC-Mtime", async () => {
    await using share = await HttpShare.open();
    writeFileSync(share.local("a"), "from a pipe");
    const chunked = ["-H", "Transfer-Encoding: chunked", "-T", "a", "-H", "X-OC-Mtime: 1600000000.5"];
    const put = await share.curl(...chunked, share.url("b"));
    expect([put.status, put.fields.get("x-oc-mtime")]).toEqual([201, "accepted"]);
    expect([share.sharedBytes("b").toString(), statSync(share.shared("b")).mtimeMs]).toEqual([
      "from a pipe",
      1_600_000_000_500,
    ]);
  });

  curl.test("in pieces: 202 with the offset, 409 for another one, 201 for the last", async () => {
    await using share = await HttpShare.open();
    const bytes = content(250_000);
    const sum = `Repr-Digest: sha-256=:${sha256(bytes)}:`;
    const put = (from: number, to: number) => {
      writeFileSync(share.local("piece"), bytes.subarray(from, to));
      return share.curl(
        "-T",
        "piece",
        "-H",
        `Content-Range: bytes ${from}-${to - 1}/250000`,
        "-H",
        sum,
        share.url("a"),
      );
    };
    const ask = () => share.curl("-X", "PUT", "-H", "Content-Range: bytes */250000", share.url("a"));
    expect(JSON.parse((await ask()).body.toString()).offset).toBe(0);
    expect((await put(0, 100_000)).fields.get("upload-offset")).toBe("100000");
    const wrong = await put(50_000, 150_000);
    expect([wrong.status, wrong.fields.get("upload-offset")]).toEqual([409, "100000"]);
    expect((await put(100_000, 200_000)).status).toBe(202);
    const asked = await ask();
    const have = new Bun.CryptoHasher("sha256").update(bytes.subarray(0, 200_000)).digest("hex");
    expect([asked.status, JSON.parse(asked.body.toString())]).toEqual([202, { offset: 200_000, sha256: have }]);
    const last = await put(200_000, 250_000);
    expect([last.status, last.fields.get("repr-digest")]).toEqual([201, `sha-256=:${sha256(bytes)}:`]);
    expect(share.sharedBytes("a").equals(bytes)).toBe(true);
    expect(share.parts()).toEqual([]);
    // One upload is one transfer, whatever pieces it came in; a piece that was refused is none.
    const told = await share.tincan.waitForEvents(1, ({ event }) => event === "transfer");
    expect(told.map(({ outcome, bytes: moved, size }) => [outcome, moved, size])).toEqual([["done", 250_000, 250_000]]);
  });
});

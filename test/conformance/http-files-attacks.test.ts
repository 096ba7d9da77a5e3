import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { curl, HttpShare, readAnswer } from "../support/http-share.ts";
import { run } from "../support/program.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { TempFolder } from "../support/temp.ts";
import { content, digest } from "../support/tree.ts";

const SECRET = "the secret outside";

/** A share with a secret beside it. */
async function withSecret(flags?: readonly string[]) {
  const outside = new TempFolder();
  mkdirSync(outside.file("share"));
  writeFileSync(outside.file("secret"), SECRET);
  const share = await HttpShare.open({ "in.txt": Buffer.from("in") }, flags, outside.file("share"));
  return {
    outside,
    share,
    async [Symbol.asyncDispose]() {
      await share[Symbol.asyncDispose]();
      outside[Symbol.dispose]();
    },
  };
}

describe("traversal in every encoding (CWE-22)", () => {
  const ways = [
    "../secret",
    "%2e%2e/secret",
    "%2e%2e%2fsecret",
    "..%2fsecret",
    "..%2Fsecret",
    ".%2e/secret",
    "..%5csecret",
    "..\\secret",
    "%252e%252e/secret",
    "%252e%252e%252fsecret",
    "..%c0%afsecret",
    "..%ef%bc%8fsecret",
    "%c0%ae%c0%ae/secret",
    "in.txt/../../secret",
    "./../secret",
    "//../secret",
    "..;/secret",
    "%00/../secret",
    "in.txt%00.png",
    "/etc/passwd",
  ];
  curl.test(
    "GET, PUT, DELETE, MKCOL and MOVE never leave the share, and nothing is made of a name",
    async () => {
      await using place = await withSecret();
      const { share, outside } = place;
      writeFileSync(share.local("evil"), "evil");
      for (const way of ways) {
        const url = share.rawUrl(way);
        for (const args of [
          [url],
          ["-I", url],
          ["-T", "evil", `${url}?overwrite`],
          ["-X", "DELETE", url],
          ["-X", "MKCOL", url.replace("secret", "made")],
          ["-X", "MOVE", "-H", `Destination: /files/${way}`, "-H", "Overwrite: T", share.url("in.txt")],
        ]) {
          const { status, body } = await share.curl(...args);
          expect([way, args[0], body.includes(SECRET)]).toEqual([way, args[0] ?? "", false]);
          if (args.length === 1) expect([way, status === 400 || status === 404]).toEqual([way, true]);
        }
      }
      expect(Object.keys(digest(outside.path)).filter((name) => !name.startsWith("share"))).toEqual(["secret"]);
      expect(await Bun.file(outside.file("secret")).text()).toBe(SECRET);
    },
    60_000,
  );
});

describe("links out of the share (CWE-59)", () => {
  curl.test("are neither read, listed, packed, written through nor renamed onto", async () => {
    await using place = await withSecret();
    const { share, outside } = place;
    symlinkSync("../secret", share.shared("link"));
    symlinkSync("..", share.shared("up"));
    writeFileSync(share.local("evil"), "evil");
    for (const path of ["link", "up/secret"]) {
      expect((await share.curl(share.url(path))).status).toBe(404);
      // Who may write may replace a link by a file of that name, here and nowhere else.
      const put = await share.curl("-T", "evil", share.url(path, "?overwrite"));
      expect(put.status).toBe(path === "link" ? 204 : 409);
      const move = ["-X", "MOVE", "-H", `Destination: /files/${path}`, "-H", "Overwrite: T"];
      await share.curl(...move, share.url("in.txt"));
      expect(await Bun.file(outside.file("secret")).text()).toBe(SECRET);
    }
    const list = await share.curl("-H", "Accept: application/json", share.url(""));
    expect(list.body.toString()).not.toContain('"up"');
    const tar = await share.curl(share.url("", "?archive=tar"));
    expect(tar.body.includes(SECRET)).toBe(false);
  });
});

describe("a link in place of what was just checked (CWE-367)", () => {
  test("a file that is swapped for a link all the time is never the one outside", async () => {
    await using place = await withSecret();
    const { share, outside } = place;
    using client = await share.connect();
    writeFileSync(share.shared("a"), "inside");
    symlinkSync("../secret", share.shared("b"));
    for (let i = 0; i < 300; i++) {
      renameSync(share.shared("a"), share.shared("c"));
      renameSync(share.shared("b"), share.shared("a"));
      renameSync(share.shared("c"), share.shared("b"));
      await client.write("GET /files/a HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(3));
      for (let n = 0; n < 3; n++) expect((await readAnswer(client)).body.toString()).not.toContain(SECRET);
    }
    expect(existsSync(outside.file("secret"))).toBe(true);
  });
});

describe("what others uploaded and a browser could run (CWE-79)", () => {
  curl.test("comes in a sandbox, unsniffed, and as a download or plain text", async () => {
    const evil = Buffer.from("<script>alert(document.cookie)</script>");
    const names = [
      "a.html",
      "a.htm",
      "a.xhtml",
      "a.svg",
      "a.xml",
      "a.js",
      "a.mjs",
      "a.css",
      "a.HTML",
      "a.rss",
      "a",
      "a.txt",
      "a.swf",
    ];
    await using share = await HttpShare.open(Object.fromEntries(names.map((name) => [name, evil])));
    for (const name of names) {
      for (const query of ["", "?download"]) {
        const { fields } = await share.curl(share.url(name, query));
        expect([name, fields.get("content-security-policy")?.startsWith("sandbox;")]).toEqual([name, true]);
        expect(fields.get("x-content-type-options")).toBe("nosniff");
        const type = fields.get("content-type") ?? "";
        const isText = type === "text/plain; charset=utf-8";
        const isSaved = fields.get("content-disposition")?.startsWith("attachment") === true;
        expect([name, isText || isSaved]).toEqual([name, true]);
        expect([name, /javascript|css/.test(type)]).toEqual([name, false]);
      }
    }
  });

  curl.test("a name is text in the list, and its link leads to it alone", async () => {
    const name = `<img src=x onerror=alert(1)>"'&javascript:.txt`;
    await using share = await HttpShare.open({ [name]: Buffer.from("x"), "javascript:alert(1)": Buffer.from("y") });
    const { body, fields } = await share.curl("-H", "Accept: text/html", share.url(""));
    const page = body.toString();
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, link]) => link ?? "");
    expect(links.every((link) => /^\.\/[\w.%-]*\/?$/.test(link))).toBe(true);
    expect(fields.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(
      (await share.curl(share.rawUrl(links.find((link) => link.includes("img"))?.slice(2) ?? ""))).body.toString(),
    ).toBe("x");
  });
});

describe("a header by a file's name (CWE-113)", () => {
  curl.test("has no second line, whatever the name is", async () => {
    const names = ['a"; x=".txt', "a\u2028b.txt", "中文 é.txt", "a;filename=b", "%0d%0aSet-Cookie: x=1"];
    await using share = await HttpShare.open(Object.fromEntries(names.map((name) => [name, Buffer.from("x")])));
    for (const name of names) {
      const { status, fields } = await share.curl(share.url(name, "?download"));
      expect([name, status, fields.has("set-cookie")]).toEqual([name, 200, false]);
      const disposition = fields.get("content-disposition") ?? "";
      expect(disposition).toMatch(/^attachment; filename=[\x20-\x7e]+$/);
    }
    const split = await share.curl(share.rawUrl("x%0d%0aSet-Cookie:%20a=b"));
    expect([split.status, split.fields.has("set-cookie")]).toEqual([400, false]);
    const put = await share.curl("-X", "MKCOL", share.rawUrl("x%0d%0aSet-Cookie:%20a=b"));
    expect(put.status).toBe(400);
  });
});

describe("ranges (CVE-2011-3192)", () => {
  curl.test("that are many, overlap, or lie nowhere cost no more than the file", async () => {
    const bytes = content(100_000);
    await using share = await HttpShare.open({ "a.bin": bytes });
    const get = (range: string) => share.curl("-H", `Range: ${range}`, share.url("a.bin"));
    for (const range of [
      `bytes=${"0-,".repeat(2000)}0-`,
      "bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16",
      "bytes=-0",
      "bytes=100000-",
      "bytes=5-1",
      "bytes=18446744073709551615-",
      "bytes=--1",
    ]) {
      const { status, fields } = await get(range);
      expect([range.slice(0, 40), status, fields.get("content-range")]).toEqual([
        range.slice(0, 40),
        416,
        "bytes */100000",
      ]);
    }
    const over = await get("bytes=0-18446744073709551616");
    expect([over.status, over.body.equals(bytes)]).toEqual([206, true]);
    const joined = await get("bytes=0-99999,0-99999,0-99999,0-99999,0-99999,0-99999,0-99999,0-99999");
    expect([joined.status, joined.body.equals(bytes)]).toEqual([206, true]);
    const several = await get("bytes=0-9,50000-50009,-10");
    expect(several.status).toBe(206);
    const [, boundary = ""] = /boundary=(\S+)/.exec(several.fields.get("content-type") ?? "") ?? [];
    const parts = several.body.toString("latin1").split(`--${boundary}`).slice(1, -1);
    const due = [bytes.subarray(0, 10), bytes.subarray(50_000, 50_010), bytes.subarray(99_990)];
    expect(parts.map((part) => part.split("\r\n\r\n")[1]?.slice(0, -2))).toEqual(
      due.map((piece) => piece.toString("latin1")),
    );
    expect(several.body.toString("latin1")).toContain("Content-Range: bytes 99990-99999/100000");
  });
});

describe("a disk that shall be filled (CWE-770)", () => {
  curl.test("by more than the quota: 507 before a byte comes, and as the bytes come", async () => {
    await using share = await HttpShare.open({}, ["--allow-upload", "--quota", "100KiB"]);
    writeFileSync(share.local("big"), content(200_000));
    const told = await share.curl("-T", "big", share.url("a"));
    expect([told.status, JSON.parse(told.body.toString()).error.code]).toEqual([507, "quota"]);
    const untold = await share.curl("-T", "big", "-H", "Transfer-Encoding: chunked", share.url("b"));
    expect([untold.status, JSON.parse(untold.body.toString()).error.code]).toEqual([507, "quota"]);
    const piece = await share.curl("-T", "big", "-H", "Content-Range: bytes 0-199999/900000000", share.url("c"));
    expect(piece.status).toBe(507);
    expect([share.parts(), Object.keys(digest(share.shared()))]).toEqual([[], []]);
  });

  curl.test("by beginnings: 429 beyond 256 of them", async () => {
    await using share = await HttpShare.open({}, ["--allow-upload"]);
    using client = await share.connect();
    const statuses: number[] = [];
    for (let i = 0; i < 257; i++) {
      await client.write(
        `PUT /files/f${i} HTTP/1.1\r\nHost: localhost\r\nContent-Range: bytes 0-0/9\r\nContent-Length: 1\r\n\r\nx`,
      );
      statuses.push((await readAnswer(client)).status);
    }
    expect([new Set(statuses.slice(0, 256)), statuses[256]]).toEqual([new Set([202]), 429]);
  });

  test("that is full", async () => {
    using disk = SmallDisk.mount(1024 * 1024);
    if (disk === null) return;
    await using share = await HttpShare.open({}, ["--allow-upload"], disk.path);
    writeFileSync(share.local("big"), content(3_000_000));
    const { status } = await share.curl("-T", "big", "-H", "Transfer-Encoding: chunked", share.url("a"));
    expect([status, share.parts()]).toEqual([507, []]);
  });
});

describe("compression bombs (CWE-409)", () => {
  curl.test("a body in a coding is refused before it comes, and nothing is unpacked", async () => {
    await using share = await HttpShare.open();
    writeFileSync(share.local("bomb.gz"), gzipSync(Buffer.alloc(10_000_000)));
    const refused = await share.curl("-T", "bomb.gz", "-H", "Content-Encoding: gzip", share.url("a"));
    expect([refused.status, share.parts()]).toEqual([415, []]);
    expect((await share.curl("-T", "bomb.gz", share.url("bomb.gz"))).status).toBe(201);
    const { body, fields } = await share.curl(share.url("bomb.gz"));
    expect([body.length < 20_000, fields.has("content-encoding")]).toEqual([true, false]);
  });
});

describe("names in an archive (CWE-22)", () => {
  curl.test("are below the folder, with / alone; links lead round in no circle", async () => {
    await using share = await HttpShare.open({
      "d/a": Buffer.from("a"),
      "d/sub/b": Buffer.from("bb"),
      "d/empty": null,
    });
    symlinkSync("..", share.shared("d/sub/circle"));
    symlinkSync("/etc", share.shared("d/out"));
    writeFileSync(share.shared("d/..\\evil"), "x");
    writeFileSync(share.shared("d/.hidden"), "x");
    writeFileSync(share.local("t"), (await share.curl(share.url("d/", "?archive=tar"))).body);
    const { stdout, code } = await run(["tar", "tf", share.local("t")]);
    expect(code).toBe(0);
    expect(stdout.trim().split("\n").sort()).toEqual(["d/", "d/a", "d/empty/", "d/sub/", "d/sub/b"].sort());
    rmSync(share.shared("d/..\\evil"));
  });
});

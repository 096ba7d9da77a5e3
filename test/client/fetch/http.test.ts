import { describe, expect, test } from "bun:test";
import { lstatSync, statSync, symlinkSync } from "node:fs";
import { testCertificate } from "../../support/tls.ts";
import { Fetching } from "./fetching.ts";
import { RawHttp, says } from "./raw-http.ts";

/** A server of pages by path. */
function pages(answer: (path: string, request: Request) => Response | Promise<Response>, tls?: object) {
  const how = { port: 0, hostname: "127.0.0.1", ...(tls ? { tls } : {}) };
  const server = Bun.serve({ ...how, fetch: (request) => answer(new URL(request.url).pathname, request) });
  return { url: server.url.href.replace(/\/$/, ""), [Symbol.asyncDispose]: () => server.stop(true) };
}

describe("fetching pages", () => {
  test("is concurrent, and says how many bytes came from where", async () => {
    const all = Promise.withResolvers<void>();
    let asked = 0;
    await using server = pages(async (path) => {
      if (++asked === 3) all.resolve();
      // Nobody is answered before everybody has asked.
      await all.promise;
      return new Response("x".repeat(path.length * 1000));
    });
    using fetching = new Fetching();
    const urls = ["/a", "/bcd", "/e/f.txt"].map((path) => server.url + path);
    const outcomes = await fetching.fetch(urls);
    const lines = [`2000 bytes received from ${urls[0]}`, `4000 bytes received from ${urls[1]}`];
    expect(fetching.results.toSorted()).toEqual([...lines, `8000 bytes received from ${urls[2]}`]);
    expect(outcomes.map(({ error }) => error)).toEqual([null, null, null]);
    expect(fetching.files).toEqual(["a", "bcd", "f.txt"]);
    expect(fetching.notes).toEqual([]);
  });

  test("asks for as many at a time as it may", async () => {
    let now = 0;
    let most = 0;
    await using server = pages(async () => {
      most = Math.max(most, ++now);
      await new Promise<void>((resolve) => setImmediate(resolve));
      now--;
      return new Response("page");
    });
    using fetching = new Fetching();
    await fetching.fetch(
      Array.from({ length: 8 }, (_, n) => `${server.url}/${n}`),
      { parallel: 2 },
    );
    expect(most).toBe(2);
    expect(fetching.results).toHaveLength(8);
  });

  test("keeps the time of last change, and takes the bytes as they are", async () => {
    const packed = Bun.gzipSync("hello");
    const headers = { "last-modified": "Thu, 02 Jan 2025 03:04:05 GMT", "content-encoding": "gzip" };
    await using server = pages((_, request) => {
      expect(request.headers.get("accept-encoding")).toBe("identity");
      return new Response(packed, { headers });
    });
    using fetching = new Fetching();
    await fetching.fetch([`${server.url}/page`]);
    expect(await Bun.file(fetching.folder.file("page")).bytes()).toEqual(new Uint8Array(packed));
    expect(statSync(fetching.folder.file("page")).mtimeMs).toBe(Date.UTC(2025, 0, 2, 3, 4, 5));
  });

  test("one that fails does not stop the others", async () => {
    await using server = pages((path) => (path === "/good" ? new Response("ok") : new Response("no", { status: 404 })));
    using fetching = new Fetching();
    const [bad, good] = await fetching.fetch([`${server.url}/bad`, `${server.url}/good`]);
    expect(bad?.error).toMatch(/^cannot fetch http.*\/bad: the server answered 404 Not Found: there is nothing/);
    expect(good).toMatchObject({ bytes: 2, error: null });
    expect(fetching.files).toEqual(["good"]);
  });
});

describe("a file that is fetched", () => {
  test("replaces nothing unless it is told to, and then never what a link points to", async () => {
    await using server = pages(() => new Response("new"));
    using fetching = new Fetching();
    await Bun.write(fetching.folder.file("page"), "old");
    expect(await fetching.failure(`${server.url}/page`)).toMatch(/page" exists; --force replaces it$/);
    expect(await fetching.text("page")).toBe("old");
    symlinkSync("page", fetching.folder.file("link"));
    expect(await fetching.failure(`${server.url}/link`)).toContain("exists");
    expect(await fetching.failure(`${server.url}/link`, { force: true })).toBe("");
    expect(lstatSync(fetching.folder.file("link")).isSymbolicLink()).toBe(false);
    expect(await fetching.text("page")).toBe("old");
  });

  test("does not replace what came to its name while it was fetched", async () => {
    using fetching = new Fetching();
    await using server = pages(async () => {
      await Bun.write(fetching.folder.file("page"), "somebody else's");
      return new Response("new");
    });
    expect(await fetching.failure(`${server.url}/page`)).toContain("exists");
    expect(await fetching.text("page")).toBe("somebody else's");
    expect(fetching.files).toEqual(["page"]);
  });

  test("is named by its URL alone, whatever the server would like", async () => {
    await using server = pages((path) => {
      const evil = { "content-disposition": 'attachment; filename="../../evil"' };
      if (path === "/moved") return new Response("", { status: 302, headers: { location: "/%2e%2e%2fevil", ...evil } });
      return new Response(path, { headers: evil });
    });
    using fetching = new Fetching();
    const urls = ["/moved", "/caf%C3%A9%20%F0%9F%8D%B0.txt?x=/y", "/", "/folder/", "/-rf", "/%", "?q=1"];
    expect((await fetching.fetch(urls.map((path) => server.url + path))).map(({ error }) => error)).toEqual(
      urls.map(() => null),
    );
    const names = ["%", "-rf", "café 🍰.txt", "index-2.html", "index-3.html", "index.html", "moved"];
    expect(fetching.files).toEqual(names);
  });

  test("has no name that leads elsewhere", async () => {
    let asked = 0;
    await using server = pages(() => new Response(`${++asked}`));
    using fetching = new Fetching();
    const evil = [
      "/..%2f..%2fevil",
      "/a%2fb",
      "/%2fetc%2fpasswd",
      "/..%5cevil",
      "/a%00b",
      "/a%0ab",
      "/a%1b%5d52",
      "/a%7f",
      "/a%e2%80%aetxt.exe",
    ];
    const urls = [...evil, `/${"x".repeat(256)}`].map((path) => server.url + path);
    for (const { error } of await fetching.fetch(urls))
      expect(error).toContain("cannot be a file name; name the file with -o");
    expect(asked).toBe(0);
    expect(fetching.files).toEqual([]);
    expect(await fetching.failure(urls[0] ?? "", { output: fetching.folder.file("chosen") })).toBe("");
    expect(fetching.files).toEqual(["chosen"]);
  });

  test("goes to a folder that is there, and several do not go to one file", async () => {
    await using server = pages(() => new Response("page"));
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/a`, { output: fetching.folder.path })).toBe("");
    expect(await fetching.failure(`${server.url}/c`, { output: fetching.folder.file("new/er/") })).toBe("");
    expect(await fetching.text("new/er/c")).toBe("page");
    expect(await fetching.failure(`${server.url}/a`, { output: fetching.folder.file("none/x") })).toContain(
      "no such folder",
    );
    expect(await fetching.failure(`${server.url}/a`, { output: fetching.folder.file("a/b/") })).toContain(
      "no such folder",
    );
    expect(await fetching.failure(`${server.url}/b`, { output: fetching.folder.file("a/b") })).toContain(
      "no such folder",
    );
    const two = fetching.fetch([`${server.url}/a`, `${server.url}/b`], { output: fetching.folder.file("one") });
    await expect(two).rejects.toThrow("is no folder; write");
    expect(fetching.files).toEqual(["a", "new"]);
  });
});

describe("a server", () => {
  test.each([
    ["a body that is too short", ["200 OK", "content-length: 10"], "abc", "the connection broke"],
    ["a chunk too few", ["200 OK", "transfer-encoding: chunked"], "3\r\nabc\r\n", "the connection broke"],
    ["two lengths", ["200 OK", "content-length: 3", "content-length: 5"], "abcde", "two lengths"],
    ["no HTTP", ["200 OK", "no colon here"], "abc", "no answer in HTTP"],
    [
      "a part that nobody asked for",
      ["206 Partial", "content-range: bytes 5-7/8", "content-length: 3"],
      "abc",
      "answered 206",
    ],
    ["a teapot", ["418 \x9b0mI'm a teapot", "content-length: 0"], "", "\\x9b0mI'm a teapot"],
  ])("that sends %s has not sent the file", async (_, head, body, reason) => {
    await using server = await RawHttp.open(says(head, body));
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toContain(reason);
    expect(fetching.files).toEqual([]);
    expect(fetching.results).toEqual([]);
  });

  test("that sends more than it said is believed in what it said", async () => {
    await using server = await RawHttp.open(says(["200 OK", "content-length: 3"], "abcdefgh"));
    using fetching = new Fetching();
    await fetching.fetch([`${server.url}/file`]);
    expect(await fetching.text("file")).toBe("abc");
  });

  test.each([
    ["a head without end", "HTTP/1.1 200 OK\r\n", `x: ${"a".repeat(1000)}\r\n`],
    ["a header without end", "HTTP/1.1 200 OK\r\nx: ", "a".repeat(1000)],
  ])("that sends %s is not listened to for long", async (_, head, more) => {
    let sent = 0;
    await using server = await RawHttp.open((peer) => {
      peer.write(head);
      const send = () => {
        while (!peer.destroyed && sent < 2 ** 28) {
          sent += more.length * 100;
          if (!peer.write(more.repeat(100))) return;
        }
      };
      peer.on("drain", send);
      send();
    });
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toMatch(/no answer in HTTP|too long/);
    expect(sent).toBeLessThan(2 ** 26);
  });

  test("that redirects for ever, to files or to nowhere, is not followed", async () => {
    await using server = pages((path) => {
      const location = { "/loop": "/loop", "/file": "file:///etc/passwd", "/ftp": "ftp://127.0.0.1/x" }[path];
      return new Response("", { status: 301, headers: location === undefined ? {} : { location } });
    });
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/loop`)).toContain("more than 20 times");
    expect(await fetching.failure(`${server.url}/file`)).toContain(
      'redirected to "file:///etc/passwd", which is not followed',
    );
    expect(await fetching.failure(`${server.url}/ftp`)).toContain("not followed");
    expect(await fetching.failure(`${server.url}/nowhere`)).toContain("redirected to nowhere");
    expect(fetching.files).toEqual([]);
  });

  test("alone gets the password of its URL, and nobody is shown it", async () => {
    const heard: (string | null)[] = [];
    const listen = (_: string, request: Request) => {
      heard.push(request.headers.get("authorization"));
      return new Response("page");
    };
    await using other = pages(listen);
    await using server = pages((path, request) => {
      listen(path, request);
      return new Response("", { status: 307, headers: { location: path === "/away" ? `${other.url}/a` : "/away" } });
    });
    using fetching = new Fetching();
    await fetching.fetch([`${server.url.replace("//", "//ann:s%20cret@")}/near`]);
    const basic = `Basic ${btoa("ann:s cret")}`;
    expect(heard).toEqual([basic, basic, null]);
    expect(fetching.results).toEqual([`4 bytes received from ${server.url.replace("//", "//ann:***@")}/near`]);
  });

  test("of https must prove who it is, and must not lead to http", async () => {
    await using plain = pages(() => new Response("plain"));
    await using server = pages((path) => {
      return path === "/down"
        ? new Response("", { status: 302, headers: { location: plain.url } })
        : new Response("page");
    }, testCertificate);
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/page`)).toContain("its certificate signs itself");
    expect(await fetching.failure(`${server.url}/page`, { ca: testCertificate.cert })).toBe("");
    expect(await fetching.failure(`${server.url}/other`, { insecure: true })).toBe("");
    expect(await fetching.failure(`${server.url}/down`, { ca: testCertificate.cert })).toContain("from https to");
    expect(fetching.files).toEqual(["other", "page"]);
  });

  test("that does not answer, or stops in the middle, is given up in time", async () => {
    await using server = await RawHttp.open((peer, head) => {
      if (head.startsWith("GET /stall ")) peer.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc");
    });
    using fetching = new Fetching();
    const silent = fetching.failure(`${server.url}/silent`);
    while (server.requests.length < 1) await new Promise<void>((resolve) => setImmediate(resolve));
    fetching.clock.move(14_999);
    fetching.clock.move(1);
    expect(await silent).toContain("no answer came for 15 seconds");
    const stalled = fetching.failure(`${server.url}/stall`, { retries: 0 });
    while (!fetching.files.length) await new Promise<void>((resolve) => setImmediate(resolve));
    while (statSync(fetching.folder.file(fetching.files[0] ?? "")).size < 3)
      await new Promise<void>((resolve) => setImmediate(resolve));
    fetching.clock.move(60_000);
    expect(await stalled).toContain("nothing came for 60 seconds");
    expect(fetching.files).toEqual([]);
    expect(fetching.clock.waiting).toBe(0);
  });
});

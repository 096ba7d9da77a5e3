import { describe, expect } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { curl, HttpShare } from "../support/http-share.ts";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";
import { content, plant, type Tree } from "../support/tree.ts";

const text = (value: string) => Buffer.from(value);

const SITE: Tree = {
  "index.html": text("<!doctype html><title>home</title><script src=app.js></script>"),
  "app.js": text("document.title = 'here';"),
  "style.css": text("body{}"),
  "logo.svg": text("<svg xmlns='http://www.w3.org/2000/svg'/>"),
  "docs/index.html": text("<title>docs</title>"),
  "docs/naïve & co.txt": text("hello"),
  "empty/readme.txt": text("no index here"),
  "files/secret.html": text("never seen"),
  "api/echo": text("never seen"),
  "tincan/index.html": text("never seen"),
  healthz: text("never seen"),
  ".htpasswd": text("ann:secret"),
  ".git/config": text("[core]"),
  "big.bin": content(300_000),
};

/** A share, and beside it a site of one's own. */
class Site implements AsyncDisposable {
  private constructor(
    private readonly folder: TempFolder,
    readonly share: HttpShare,
  ) {}

  static async open(tree: Tree = SITE, flags: readonly string[] = [], shared: Tree = {}): Promise<Site> {
    const folder = new TempFolder();
    const dir = folder.file("site");
    mkdirSync(dir);
    plant(dir, tree);
    writeFileSync(folder.file("outside.html"), "outside");
    return new Site(folder, await HttpShare.open(shared, ["--allow-write", "--site", dir, ...flags]));
  }

  file(name: string): string {
    return this.folder.file(`site/${name}`);
  }

  get(path: string, ...args: readonly string[]) {
    return this.share.curl(...args, `http://127.0.0.1:${this.share.port}${path}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.share[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

describe("a site of one's own", () => {
  curl.test("is at /, where scripts and styles are what they are, and nobody guesses types", async () => {
    await using site = await Site.open();
    const home = await site.get("/");
    expect([home.status, home.body.toString()]).toEqual([200, SITE["index.html"]?.toString() ?? ""]);
    const types = {
      "/": "text/html; charset=utf-8",
      "/app.js": "text/javascript; charset=utf-8",
      "/style.css": "text/css; charset=utf-8",
      "/logo.svg": "image/svg+xml",
      "/big.bin": "application/octet-stream",
    };
    for (const [path, type] of Object.entries(types)) {
      const { status, fields } = await site.get(path);
      expect([path, status, fields.get("content-type")]).toEqual([path, 200, type]);
      expect(fields.get("x-content-type-options")).toBe("nosniff");
      expect(fields.get("cache-control")).toBe("no-cache");
      for (const name of ["content-security-policy", "content-disposition"]) expect(fields.has(name)).toBe(false);
    }
  });

  curl.test("serves a folder by its index.html, and sends on to its slash with the query", async () => {
    await using site = await Site.open();
    expect((await site.get("/docs/")).body.toString()).toBe("<title>docs</title>");
    const without = await site.get("/docs?a=1&b=%2F");
    expect([without.status, without.fields.get("location")]).toEqual([301, "./docs/?a=1&b=%2F"]);
    expect((await site.get("/docs?a=1", "-L")).body.toString()).toBe("<title>docs</title>");
    const odd = await site.get("/docs/na%C3%AFve%20%26%20co.txt");
    expect([odd.status, odd.body.toString()]).toEqual([200, "hello"]);
    for (const path of ["/empty/", "/empty", "/docs/index.html/", "/app.js/x"])
      expect([path, (await site.get(path)).status]).toEqual([path, 404]);
  });

  curl.test("has tags, 304, ranges and HEAD as files have them", async () => {
    await using site = await Site.open();
    const bytes = SITE["big.bin"] ?? text("");
    const whole = await site.get("/big.bin");
    const etag = whole.fields.get("etag") ?? "";
    expect([whole.body.equals(bytes), /^"[^"]+"$/.test(etag)]).toEqual([true, true]);
    expect((await site.get("/big.bin", "-H", `If-None-Match: ${etag}`)).status).toBe(304);
    const part = await site.get("/big.bin", "-r", "10-19");
    expect([part.status, part.fields.get("content-range")]).toEqual([206, "bytes 10-19/300000"]);
    expect(part.body.equals(bytes.subarray(10, 20))).toBe(true);
    const stale = await site.get("/big.bin", "-r", "10-19", "-H", 'If-Range: "other"');
    expect([stale.status, stale.body.length]).toEqual([200, bytes.length]);
    expect((await site.get("/big.bin", "-r", "300000-")).status).toBe(416);
    const head = await site.get("/big.bin", "-I");
    expect([head.status, head.fields.get("content-length"), head.fields.get("etag")]).toEqual([200, "300000", etag]);
    writeFileSync(site.file("big.bin"), "other");
    expect((await site.get("/big.bin", "-H", `If-None-Match: ${etag}`)).body.toString()).toBe("other");
  });

  curl.test("answers what is not there with its 404.html, or as everybody else", async () => {
    await using site = await Site.open();
    const plain = await site.get("/nothing?x");
    expect([plain.status, JSON.parse(plain.body.toString())]).toEqual([
      404,
      { error: { code: "not-found", message: 'there is no "/nothing" here' } },
    ]);
    writeFileSync(site.file("404.html"), "<title>lost</title>");
    for (const path of ["/nothing", "/empty/", "/.htpasswd", "/.git/config", "/docs/.."]) {
      const own = await site.get(path);
      const seen = [path, own.status, own.body.toString(), own.fields.get("content-type")];
      if (path === "/docs/..") expect(own.status).toBe(400);
      else expect(seen).toEqual([path, 404, "<title>lost</title>", "text/html; charset=utf-8"]);
    }
    const head = await site.get("/nothing", "-I");
    expect([head.status, head.fields.get("content-length")]).toEqual([404, "19"]);
    expect(await site.get("/", "-I").then(({ status }) => status)).toBe(200);
  });

  curl.test("leaves the addresses of tincan alone", async () => {
    await using site = await Site.open(SITE, [], { "a.txt": text("shared") });
    expect((await site.get("/files/a.txt")).body.toString()).toBe("shared");
    expect((await site.get("/files/secret.html")).status).toBe(404);
    expect(JSON.parse((await site.get("/api/echo?text=hi")).body.toString())).toEqual({ text: "HI" });
    expect((await site.get("/api/nothing")).body.toString()).toContain("not-found");
    const page = await site.get("/tincan/");
    expect([page.status, page.body.toString().includes("never seen")]).toEqual([200, false]);
    expect(page.fields.get("content-security-policy")).toContain("default-src 'none'");
    const without = await site.get("/tincan?room=dev");
    expect([without.status, without.fields.get("location")]).toEqual([301, "./tincan/?room=dev"]);
    for (const method of ["PUT", "DELETE", "POST"])
      expect([method, (await site.get("/index.html", "-X", method)).status]).toEqual([method, 405]);
  });

  curl.test("does not leave its folder", async () => {
    await using site = await Site.open();
    symlinkSync("../outside.html", site.file("link.html"));
    symlinkSync("..", site.file("up"));
    symlinkSync("app.js", site.file("inside.js"));
    for (const path of [
      "/link.html",
      "/up/outside.html",
      "/%2e%2e/outside.html",
      "/..%2foutside.html",
      "/..%5coutside.html",
    ]) {
      const { status, body } = await site.get(path);
      expect([path, status >= 400, body.includes("outside.html\n")]).toEqual([path, true, false]);
      expect(body.toString()).not.toBe("outside");
    }
    expect((await site.get("/inside.js")).status).toBe(200);
  });

  curl.test("lies below --path-prefix, is seen by everybody, and needs no share", async () => {
    using folder = new TempFolder();
    mkdirSync(folder.file("site/docs"), { recursive: true });
    plant(folder.file("site"), { "index.html": text("home"), "docs/index.html": text("docs") });
    const flags = ["--deny-read", "--path-prefix", "/my", "--site", folder.file("site")];
    await using share = await HttpShare.open({ "a.txt": text("shared") }, flags);
    const get = (path: string, ...args: readonly string[]) =>
      share.curl(...args, `http://127.0.0.1:${share.port}${path}`);
    expect((await get("/my/")).body.toString()).toBe("home");
    expect((await get("/my", "-L")).body.toString()).toBe("home");
    expect((await get("/my?a")).fields.get("location")).toBe("./my/?a");
    expect((await get("/my/docs", "-L")).body.toString()).toBe("docs");
    expect((await get("/my/tincan", "-L")).body.toString()).toContain("<!doctype html>");
    expect((await get("/my/files/a.txt")).status).toBe(401);
    const alone = await run([TINCAN, "serve", "--smoke", "--site", folder.file("site")]);
    expect(alone.code).toBe(0);
  });
});

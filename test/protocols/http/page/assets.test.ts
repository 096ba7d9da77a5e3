import { describe, expect, test } from "bun:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { pageAssets, variantFor } from "../../../../protocols/http/page/assets.ts";

const KIB = 1024;
const assets = pageAssets("at-root");
const text = (path: string) => new TextDecoder().decode(assets.get(path)?.plain.bytes);

describe("the page", () => {
  test("has at most 60 KiB over the wire", () => {
    const sum = [...assets.values()].reduce((total, { br }) => total + br.bytes.length, 0);
    expect(sum).toBeLessThan(60 * KIB);
  });

  test("is the same in every encoding, with another tag in each", () => {
    for (const { plain, gzip, br } of assets.values()) {
      expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
      expect(brotliDecompressSync(br.bytes).equals(plain.bytes)).toBe(true);
      const tags = [plain, gzip, br].map(({ headers }) => headers["ETag"] ?? "");
      expect(new Set(tags).size).toBe(3);
      for (const tag of tags) expect(tag).toMatch(/^"[\w-]+"$/);
    }
  });

  test("names what it loads relative to itself, and nothing inline or elsewhere", () => {
    const html = text("");
    const named = [...html.matchAll(/\b(?:src|href|data-worker)="([^"]*)"/g)].map(([, address = ""]) => address);
    expect(named.filter((address) => !assets.has(address))).toEqual(["./files/"]);
    expect(html).not.toMatch(/<style|style=|<script>|\son\w+=|:\/\//);
  });

  test("may load nothing that is not its own", () => {
    for (const [path, { plain }] of assets) {
      const scripts = path.startsWith("assets/hash-worker") ? "'wasm-unsafe-eval'" : "'self';";
      expect(plain.headers["Content-Security-Policy"]).toStartWith(`default-src 'none'; script-src ${scripts}`);
    }
    for (const [path, { plain }] of assets) {
      if (!path.endsWith(".css")) continue;
      expect(new TextDecoder().decode(plain.bytes)).not.toMatch(/url\(|@import/);
    }
  });

  test("has no selector that goes on behind :has(), for which Safari looks at the whole page again and again", () => {
    const style = [...assets.keys()].find((path) => path.endsWith(".css")) ?? "";
    const rules = text(style).match(/[^{},]*:has\((?:[^()]|\([^()]*\))*\)[^{},]*/g) ?? [];
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((rule) => /[\s>+~]\S/.test(rule.slice(rule.lastIndexOf(")") + 1).trimEnd()))).toEqual([]);
  });

  test("only what has its hash in its name is kept for good", () => {
    for (const [path, { plain }] of assets) {
      const isHashed = path.startsWith("assets/");
      expect(plain.headers["Cache-Control"]).toBe(isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    }
  });

  test("one folder below, it finds files and data one folder up", () => {
    const below = new TextDecoder().decode(pageAssets("one-below").get("")?.plain.bytes);
    expect(below).toContain('data-root="../"');
    expect(text("")).toContain('data-root="./"');
  });
});

describe("the encoding", () => {
  const asset = assets.get("");
  if (asset === undefined) throw new Error("there is no document");

  test.each([
    ["gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["GZIP", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["br;q=0.0", "plain"],
    ["identity", "plain"],
    ["", "plain"],
    [null, "plain"],
  ] as const)("for %j is %s", (accepted, name) => {
    expect(variantFor(asset, accepted)).toBe(asset[name]);
  });
});

import { expect, test } from "bun:test";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { VaultError } from "../../src/files/error.ts";
import { isSayable, joinPath, parsePath } from "../../src/files/path.ts";
import { listed, Share } from "./share.ts";

const evil = fc.constantFrom(
  "..",
  ".",
  "",
  "\0",
  "\\",
  "a",
  "ü",
  "u\u0308",
  "%2e%2e",
  "..%2f",
  "\x1b[31m",
  "‮",
  "x".repeat(300),
  "\ud800",
);
const anyPath = fc.oneof(
  fc.array(evil, { maxLength: 6 }).map((parts) => `/${parts.join("/")}`),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => `/${text}`),
);

test("a path that is taken has no part that could lead elsewhere, and is the same when it is read again", () => {
  fc.assert(
    fc.property(anyPath, (path) => {
      let parts: readonly string[];
      try {
        parts = parsePath(path);
      } catch (error) {
        expect(error).toBeInstanceOf(VaultError);
        expect((error as VaultError).code).toBe("bad-path");
        return;
      }
      for (const part of parts) {
        expect(["", ".", ".."]).not.toContain(part);
        expect(/[/\\\0-\x1f\x7f]/.test(part)).toBe(false);
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
        expect(part).toBe(part.normalize("NFC"));
      }
      expect(parsePath(joinPath(parts))).toEqual(parts);
    }),
    { numRuns: 2_000 },
  );
});

test("whatever path is read, uploaded to or renamed, nothing appears outside of the root", async () => {
  await using outer = new Share();
  mkdirSync(outer.file("root"));
  writeFileSync(outer.file("beside"), "beside");
  await using share = new Share({ root: realpathSync(outer.file("root")) });
  const access = share.enter();
  await fc.assert(
    fc.asyncProperty(anyPath, anyPath, async (path, other) => {
      for (const work of [
        async () => (await access.read(path)).close("done"),
        async () => (await access.write(path, { overwrite: true })).commit(),
        () => access.rename(path, other, { overwrite: true }),
        () => access.mkdir(path),
        () => access.remove(other),
      ]) {
        await work().catch((error: unknown) => expect(error).toBeInstanceOf(VaultError));
      }
      expect(outer.names()).toEqual(["beside", "root"]);
    }),
    { numRuns: 300 },
  );
}, 30_000);

test("every name that a disk can hold is listed and can be read by it, or is not listed at all", async () => {
  await using share = new Share();
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });
  const names = fc.sample(fc.oneof(bytes, fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 })), 300);
  for (const name of names) {
    const raw = Buffer.from(name as Uint8Array);
    if (raw.includes(0) || raw.includes(0x2f) || raw.length > 255 || [".", ".."].includes(raw.toString())) continue;
    writeFileSync(Buffer.concat([Buffer.from(`${share.folder.path}/`), raw]), "x");
  }
  const access = share.enter();
  const found = await listed(access);
  expect(found.length).toBeGreaterThan(20);
  for (const name of found) {
    expect(isSayable(name)).toBe(true);
    expect((await access.stat(`/${name}`)).size).toBe(1);
  }
});

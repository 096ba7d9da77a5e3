import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import type { EntryPage } from "../../src/files/entry.ts";
import { listed, refusal, Share, store } from "./share.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("reading", () => {
  test("lists files and folders by name, without what is hidden", async () => {
    await using share = new Share();
    for (const name of ["b", "a.txt", ".secret", "grüße 文件"]) share.put(name, name);
    mkdirSync(share.file("c"));
    const access = share.enter(["read"]);
    expect(await listed(access)).toEqual(["a.txt", "b", "c", "grüße 文件"]);
    expect(await access.stat("/a.txt")).toMatchObject({ name: "a.txt", type: "file", size: 5 });
    expect(await access.stat("/c")).toMatchObject({ name: "c", type: "dir", size: 0 });
    expect(await refusal(access.stat("/.secret"))).toBe("not-found");
    expect(share.open).toBe(0);
  });

  test("pages go on behind a name", async () => {
    await using share = new Share();
    for (let i = 0; i < 25; i++) share.put(`f${String(i).padStart(2, "0")}`, "");
    const access = share.enter();
    const first = await access.page("/", { limit: 10 });
    expect(first.entries.map(({ name }) => name)[9]).toBe("f09");
    expect(first.next).toBe("f09");
    const last = await access.page("/", { after: "f19", limit: 10 });
    expect([last.entries.length, last.next]).toEqual([5, null]);
  });

  test("pages of any size give every name once, and what changes between them is seen", async () => {
    await using share = new Share();
    const names = Array.from({ length: 100 }, (_, i) => `${"äzü"[i % 3]}${i}`);
    for (const name of names) share.put(name.normalize(name.startsWith("ä") ? "NFD" : "NFC"), "");
    const access = share.enter();
    const expected = names.map((name) => name.normalize("NFC")).sort();
    for (const limit of [1, 7, 99, 100, 101]) {
      const found: string[] = [];
      for (let after: string | null = ""; after !== null; ) {
        const page: EntryPage = await access.page("/", { after, limit });
        found.push(...page.entries.map(({ name }) => name));
        after = page.next;
      }
      expect(found).toEqual(expected);
    }
    const first = await access.page("/", { limit: 50 });
    share.put("ÿ-new", "");
    const rest = await access.page("/", { after: first.next ?? "", limit: 100 });
    expect(rest.entries.map(({ name }) => name)).toContain("ÿ-new");
  });

  test("opens a span of a file, and says when it changes", async () => {
    await using share = new Share();
    const path = share.put("x", "0123456789");
    const access = share.enter(["read"]);
    const download = await access.read("/x", { offset: 2, length: 3 });
    expect([download.size, download.offset, download.length, download.changed()]).toEqual([10, 2, 3, false]);
    expect([...share.transfers.running].length).toBe(1);
    truncateSync(path, 4);
    expect(download.changed()).toBe(true);
    download.close("done");
    download.close("broken");
    expect([...share.transfers.running].length).toBe(0);
    expect(await refusal(access.read("/x", { version: download.version }))).toBe("changed");
    expect(await refusal(access.read("/x", { offset: 5 }))).toBe("bad-range");
    expect(share.open).toBe(0);
  });

  test("hashes off the loop", async () => {
    await using share = new Share();
    share.put("x", "0123456789");
    const access = share.enter(["read"]);
    expect(await access.hash("/x", {}, "sha256")).toEqual({ hash: sha256("0123456789"), bytes: 10 });
    expect(await access.hash("/x", { offset: 3, length: 2 }, "sha256")).toEqual({ hash: sha256("34"), bytes: 2 });
    expect((await access.hash("/x", {}, "crc32")).hash).toBe("a684c7c6");
  });
});

describe("uploads", () => {
  test("appear whole, with their hash and time", async () => {
    await using share = new Share();
    const access = share.enter(["read", "upload"]);
    const upload = await access.write("/a", { size: 6, mtime: 1_000_000, hash: true });
    upload.write(Buffer.from("abc"));
    expect(share.names()).toEqual([expect.stringMatching(/^\.tincan-.*\.part$/)]);
    expect(await listed(access)).toEqual([]);
    upload.write(Buffer.from("def"));
    const { entry, sha256: hash } = await upload.commit({ sha256: sha256("abcdef") });
    expect([entry.name, entry.size, entry.mtime, hash]).toEqual(["a", 6, 1_000_000, sha256("abcdef")]);
    expect(share.names()).toEqual(["a"]);
    expect(share.events).toMatchObject([{ kind: "stored", path: "/a" }]);
    expect(share.open).toBe(0);
  });

  test("never overwrite without the right to", async () => {
    await using share = new Share();
    share.put("a", "old");
    const access = share.enter(["read", "upload"]);
    expect(await refusal(access.write("/a", { overwrite: true }))).toBe("exists");
    await store(share.enter(), "/a", "new", { overwrite: true });
    expect(share.read("a")).toBe("new");
  });

  test("of one name: the first that is whole wins, the other leaves nothing", async () => {
    await using share = new Share();
    const one = await share.enter(["upload"]).write("/a", { size: 3 });
    const two = await share.enter(["upload"]).write("/a", { size: 3 });
    one.write(Buffer.from("one"));
    two.write(Buffer.from("two"));
    await two.commit();
    expect(await refusal(one.commit())).toBe("exists");
    expect(share.read("a")).toBe("two");
    expect(share.names()).toEqual(["a"]);
  });

  test("are resumed by their owner, and by nobody else", async () => {
    await using share = new Share();
    const first = share.enter(["upload"]);
    const broken = await first.write("/a", { size: 6, mtime: 5 });
    broken.write(Buffer.from("abc"));
    first.leave();
    await broken.keep();
    const stranger = await share
      .enter(["upload"], { host: "10.0.0.6" })
      .write("/a", { size: 6, mtime: 5, resume: true });
    expect(stranger.offset).toBe(0);
    await stranger.discard();
    const again = await share.enter(["upload"]).write("/a", { size: 6, mtime: 5, resume: true, hash: true });
    expect([again.offset, await again.have()]).toEqual([3, sha256("abc")]);
    again.write(Buffer.from("def"));
    expect(await again.commit({ sha256: sha256("abcdef") })).toMatchObject({ sha256: sha256("abcdef") });
    expect(share.names()).toEqual(["a"]);
  });

  test("are taken over by a newer one", async () => {
    await using share = new Share();
    const old = await share.enter(["upload"]).write("/a", { size: 6, mtime: 5 });
    let told = 0;
    old.onReplaced = () => told++;
    old.write(Buffer.from("abc"));
    const fresh = await share.enter(["upload"]).write("/a", { size: 6, mtime: 5, resume: true });
    expect([told, fresh.offset]).toEqual([1, 3]);
    expect(() => old.write(Buffer.from("x"))).toThrow("taken this upload over");
    fresh.write(Buffer.from("def"));
    await fresh.commit();
    expect(share.read("a")).toBe("abcdef");
    expect(share.open).toBe(0);
  });

  test("with a wrong hash leave nothing, with a wrong size are kept", async () => {
    await using share = new Share();
    const access = share.enter(["upload"]);
    const wrong = await access.write("/a", { hash: true });
    wrong.write(Buffer.from("abc"));
    expect(await refusal(wrong.commit({ sha256: sha256("abd") }))).toBe("bad-hash");
    expect(share.names()).toEqual([]);
    const short = await access.write("/a", {});
    short.write(Buffer.from("abc"));
    expect(await refusal(short.commit({ size: 4 }))).toBe("incomplete");
    expect(await access.unfinished("/a")).toBe(3);
    const whole = await access.write("/a", { append: true });
    whole.write(Buffer.from("d"));
    await whole.commit({ size: 4 });
    expect(share.read("a")).toBe("abcd");
    const over = await access.write("/b", { size: 2 });
    expect(() => over.write(Buffer.from("abc"))).toThrow("more has come");
    await over.discard();
  });

  test("append to a file, or change it from an offset, without anybody reading half a change", async () => {
    await using share = new Share();
    share.put("a", "0123456789");
    const access = share.enter();
    const more = await access.write("/a", { append: true, overwrite: true });
    more.write(Buffer.from("abc"));
    expect(share.read("a")).toBe("0123456789");
    await more.commit();
    expect(share.read("a")).toBe("0123456789abc");
    const changed = await access.write("/a", { resume: 5, overwrite: true });
    expect(changed.offset).toBe(5);
    changed.write(Buffer.from("x"));
    await changed.commit();
    expect(share.read("a")).toBe("01234x");
    expect(share.names()).toEqual(["a"]);
    expect(await refusal(access.write("/a", { resume: 7, overwrite: true }))).toBe("nothing-to-resume");
    expect(share.open).toBe(0);
  });

  test("stop at the quota, which counts what is there, unfinished and deleted", async () => {
    await using share = new Share({ quota: 10 });
    share.put("a", "1234");
    const access = share.enter();
    const upload = await access.write("/b", {});
    upload.write(Buffer.from("567890"));
    expect(() => upload.write(Buffer.from("x"))).toThrow(
      "all files here, unfinished ones too, may have 10 B together, and 0 B are left",
    );
    await upload.commit();
    await access.remove("/a");
    await store(access, "/c", "1234");
    expect(await refusal(store(access, "/d", "1"))).toBe("quota");
  });

  test("leave the free space that they must", async () => {
    await using share = new Share({ minFree: Number.MAX_SAFE_INTEGER });
    expect(await refusal(store(share.enter(), "/d", "1"))).toBe("no-space");
    expect(share.names()).toEqual([]);
  });
});

describe("changes", () => {
  test("are for who may write, or for who has just brought the file", async () => {
    await using share = new Share();
    share.put("old", "x");
    const guest = share.enter(["read", "upload"]);
    expect(await refusal(guest.remove("/old"))).toBe("denied");
    expect(await refusal(guest.rename("/old", "/new"))).toBe("denied");
    await store(guest, "/mine", "x");
    await guest.mkdir("/d");
    await guest.rename("/mine", "/d/yours");
    expect(await refusal(share.enter(["read", "upload"]).remove("/d/yours"))).toBe("denied");
    await guest.remove("/d/yours");
    await guest.remove("/d", "dir");
    expect(share.names()).toEqual(["old"]);
    expect(await refusal(share.enter(["read"]).mkdir("/d"))).toBe("denied");
  });

  test("a folder is not moved into itself, and says so", async () => {
    await using share = new Share();
    mkdirSync(share.file("d/e"), { recursive: true });
    const moved = share.enter().rename("/d", "/d/e/f");
    await expect(moved).rejects.toThrow('the folder "/d" cannot be moved into itself, to "/d/e/f"');
    expect(await refusal(moved)).toBe("bad-path");
  });

  test("a rename takes no name that is taken, unless it may", async () => {
    await using share = new Share();
    share.put("a", "a");
    share.put("b", "b");
    const access = share.enter();
    expect(await refusal(access.rename("/a", "/b"))).toBe("exists");
    await access.rename("/a", "/b", { overwrite: true });
    expect([share.names(), share.read("b")]).toEqual([["b"], "a"]);
    await access.setTime("/b", 86_400_000);
    await access.setMode("/b", 0o600);
    expect(await access.stat("/b")).toMatchObject({ mtime: 86_400_000, mode: 0o600 });
  });

  test("a folder goes when only unfinished uploads are in it, and stays while one runs", async () => {
    await using share = new Share();
    const access = share.enter();
    await access.mkdir("/d");
    const upload = await access.write("/d/a", {});
    upload.write(Buffer.from("x"));
    expect(await refusal(access.remove("/d"))).toBe("not-empty");
    await upload.keep();
    await access.remove("/d");
    expect(share.names()).toEqual([]);
  });
});

describe("the jail", () => {
  test.each([
    "a",
    "",
    "/..",
    "/a/../b",
    "/./a",
    "//a",
    "/a/",
    "/a\\b",
    "/a\0",
    "/a\nb",
    "/\u0085",
    "/\ud800",
    `/${"x".repeat(256)}`,
    `/${"x/".repeat(3000)}y`,
  ])("refuses the path %p", async (path) => {
    await using share = new Share();
    expect(await refusal(share.enter().stat(path))).toBe("bad-path");
  });

  test("follows links that stay inside, and no others", async () => {
    await using share = new Share();
    await using other = new Share();
    other.put("secret", "secret");
    mkdirSync(share.file("in"));
    share.put("in/x", "x");
    symlinkSync("in", share.file("relative"));
    symlinkSync(share.file("in"), share.file("absolute"));
    symlinkSync(other.folder.path, share.file("out"));
    symlinkSync(other.file("secret"), share.file("out-file"));
    const access = share.enter();
    expect(await listed(access)).toEqual(["absolute", "in", "relative"]);
    expect(await listed(access, "/absolute")).toEqual(["x"]);
    for (const path of ["/out", "/out/secret", "/out-file"]) {
      await expect(access.stat(path)).rejects.toThrow(
        `there is no "${path}" here: a link leads to where nothing is served`,
      );
      expect(await refusal(access.stat(path))).toBe("not-found");
      expect(await refusal(access.read(path))).toMatch("not-found");
    }
    // Nobody learns which names there are.
    const refused = await access.stat("/out/secret").catch(String);
    for (const name of ["nothing", "nothing/x", "secret/x"]) {
      expect(await access.stat(`/out/${name}`).catch(String)).toBe(String(refused).replace("secret", name));
    }
    expect(await refusal(store(access, "/out/new", "x"))).toBe("not-found");
    expect(await refusal(access.rename("/in/x", "/out/x"))).toBe("not-found");
    expect(await refusal(access.remove("/out/secret"))).toBe("not-found");
    expect(
      await refusal(store(access, "/out-file", "x", { overwrite: true }).then(() => access.read("/nowhere"))),
    ).toBe("not-found");
    expect(other.read("secret")).toBe("secret");
    expect(other.names()).toEqual(["secret"]);
  });

  test("a home is a root of its own", async () => {
    await using share = new Share();
    mkdirSync(share.file("ann"));
    share.put("ann/x", "x");
    share.put("other", "o");
    symlinkSync("../other", share.file("ann/link"));
    const ann = share.enter(["read", "upload", "write"], { home: "/ann" });
    expect(await listed(ann)).toEqual(["x"]);
    expect(await refusal(ann.read("/link"))).toBe("not-found");
    await store(ann, "/y", "y");
    expect(share.names("ann")).toEqual(["link", "x", "y"]);
    expect(share.events.at(-1)).toMatchObject({ path: "/ann/y" });
  });

  test("whose home is not there is told so, whatever is asked for, and who may upload has it made", async () => {
    await using share = new Share();
    const ann = share.enter(["read"], { home: "/ann" });
    const asked = [() => listed(ann), () => ann.stat("/"), () => ann.stat("/x"), () => ann.read("/x")];
    for (const each of asked) await expect(each()).rejects.toThrow("your home folder is not there; ask who runs");
    await share.enter(["read", "upload"], { home: "/ann" }).stat("/");
    expect(await listed(ann)).toEqual([]);
    await expect(ann.stat("/x")).rejects.toThrow('there is no "/x"');
  });

  test("whose home is hidden, or a link that leads elsewhere, is told that, and not of a link that nobody asked for", async () => {
    await using share = new Share();
    await using other = new Share();
    symlinkSync(other.folder.path, share.file("out"));
    mkdirSync(share.file(".ann"));
    for (const home of ["/out", "/.ann"]) {
      const ann = share.enter(["read", "upload"], { home });
      const asked = [() => listed(ann), () => ann.read("/x"), () => ann.mkdir("/x"), () => store(ann, "/x", "x")];
      for (const each of asked) await expect(each()).rejects.toThrow("your home folder begins with a dot or is a link");
    }
    expect([...share.names(".ann"), ...other.names()]).toEqual([]);
  });

  test("a folder that leaves while something is uploaded into it gets nothing", async () => {
    await using share = new Share();
    await using other = new Share();
    mkdirSync(share.file("d"));
    const upload = await share.enter().write("/d/x", {});
    upload.write(Buffer.from("x"));
    renameSync(share.file("d"), other.file("d"));
    expect(await refusal(upload.commit())).toBe("not-found");
    expect(other.names("d").filter((name) => name === "x")).toEqual([]);
  });

  test("names decomposed by another system are found in NFC", async () => {
    await using share = new Share();
    writeFileSync(share.file("u\u0308ber"), "x");
    const access = share.enter();
    expect(await listed(access)).toEqual(["über"]);
    expect((await access.stat("/über")).size).toBe(1);
    await store(access, "/fu\u0308r", "x");
    expect(readFileSync(share.file("für"), "utf8")).toBe("x");
  });

  test("pipes and devices are neither listed nor opened", async () => {
    await using share = new Share();
    Bun.spawnSync(["mkfifo", share.file("pipe")]);
    const access = share.enter();
    expect(await listed(access)).toEqual([]);
    expect(await refusal(access.read("/pipe"))).toBe("denied");
    expect(statSync(share.file("pipe")).isFIFO()).toBe(true);
  });

  test("names of devices and hidden names are not made", async () => {
    await using share = new Share();
    const access = share.enter();
    for (const name of ["CON", "nul.txt", "com1", ".tincan-x", ".bashrc"]) {
      expect(["bad-path", "denied"]).toContain(await refusal(store(access, `/${name}`, "x")));
    }
    expect(share.names()).toEqual([]);
  });
});

test("what was synced before it was whole is synced again, and one that has ended cannot be", async () => {
  await using share = new Share();
  const access = share.enter();
  const upload = await access.write("/a", {});
  upload.write(Buffer.from("half"));
  await upload.sync();
  upload.write(Buffer.from("whole"));
  await upload.commit();
  expect(share.read("a")).toBe("halfwhole");
  const other = await access.write("/b", {});
  other.write(Buffer.from("x"));
  const syncing = other.sync();
  await other.discard();
  await syncing;
  expect(await refusal((async () => other.sync())())).toBe("cancelled");
  expect(share.names()).toEqual(["a"]);
});

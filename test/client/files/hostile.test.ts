import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { run } from "../../support/program.ts";
import { TempFolder } from "../../support/temp.ts";
import { TINCAN } from "../../support/tincan.ts";
import { refusal, ScriptedFiles, sha256 } from "./scripted-files.ts";

const BYTES = Buffer.alloc(1_000_000, "0123456789abcdef");

/** A server with one file, and a folder to fetch into. */
function open() {
  const server = new ScriptedFiles();
  const folder = new TempFolder();
  server.files.set("/a.bin", BYTES);
  const get = (...args: readonly string[]) => run([TINCAN, "get", ...args], { cwd: folder.path });
  return {
    server,
    folder,
    get,
    [Symbol.dispose]() {
      server[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** All below a folder. */
function tree(folder: TempFolder): string[] {
  return readdirSync(folder.path, { recursive: true }).map(String).sort();
}

describe("4.25 what a server calls its files cannot lead elsewhere", () => {
  const evil = [
    "../evil",
    "/etc/evil",
    "..",
    ".",
    "",
    "a/b",
    "a\\b",
    "a\0b",
    "x\x1b]0;owned\x07",
    "gpj\u202eexe.scr",
    "x".repeat(256),
  ];

  test.each(evil)("%j", async (name) => {
    using t = open();
    const { server, folder } = t;
    mkdirSync(folder.file("in"));
    server.folders.add("/d");
    server.files.set("/d/good", Buffer.from("good"));
    const list = server.handlers["list"];
    server.handlers["list"] = (request, peer) => {
      const answer = list?.(request, peer) ?? {};
      const entries = answer["entries"] as readonly object[];
      return {
        ...answer,
        entries: [{ name, type: "file", size: 4, mtime: 0 }, { name, type: "dir", size: 0, mtime: 0 }, ...entries],
      };
    };
    const { code, stderr } = await run([TINCAN, "get", "-r", `${server.host}/d`], { cwd: folder.file("in") });
    expect(code).toBe(1);
    expect(stderr).toContain("it is not written");
    expect(stderr).not.toMatch(/[\x1b\x07\u202e]/);
    expect(tree(folder)).toEqual(["in", "in/d", "in/d/good"]);
    expect(readFileSync(folder.file("in/d/good"), "utf8")).toBe("good");
  });

  test("nor through a link that is there", async () => {
    using t = open();
    const { server, folder, get } = t;
    mkdirSync(folder.file("outside"));
    mkdirSync(folder.file("d"));
    symlinkSync("../outside", folder.file("d/link"));
    server.folders.add("/d").add("/d/link");
    server.files.set("/d/link/x", Buffer.from("x"));
    const { code, stderr } = await get("-r", `${server.host}/d`);
    expect([code, readdirSync(folder.file("outside"))]).toEqual([1, []]);
    expect(stderr).toContain("is a symbolic link; it is not followed");
  });

  test("nor when a listing is printed", async () => {
    using t = open();
    t.server.handlers["list"] = () => ({
      entries: [{ name: "x\n\x1b[2Jy", type: "file", size: 1, mtime: 1 }],
      next: null,
    });
    const { stdout } = await run([TINCAN, "ls", t.server.host]);
    expect(stdout).toBe("x\\x0a\\x1b[2Jy\n");
    const json = await run([TINCAN, "ls", "--json", t.server.host]);
    expect(json.stdout).not.toContain("\x1b");
    expect(JSON.parse(json.stdout)).toMatchObject({ name: "x\n\x1b[2Jy", size: 1 });
  });
});

describe("what a server says of a file is compared with what comes", () => {
  test("more bytes than announced", async () => {
    using t = open();
    t.server.head = (bytes) => ({ size: bytes.length - 1, mtime: 0, version: "v" });
    const { code, stderr } = await t.get(`${t.server.host}/a.bin`);
    expect([code, existsSync(t.folder.file("a.bin"))]).toEqual([1, false]);
    expect(stderr).toContain("sends more than the 999999 bytes");
  });

  test("fewer bytes than announced", async () => {
    using t = open();
    t.server.head = (bytes) => ({ size: bytes.length + 1, mtime: 0, version: "v" });
    const { code, stderr } = await t.get(`${t.server.host}/a.bin`);
    expect([code, existsSync(t.folder.file("a.bin"))]).toEqual([1, false]);
    expect(stderr).toContain("sent 1000000 of the 1000001 bytes");
  });

  test.each([-1, 1.5, 2 ** 60, "5", null])("a size of %p", async (size) => {
    using t = open();
    t.server.head = () => ({ size, mtime: 0, version: "v" });
    const { code, stderr } = await t.get(`${t.server.host}/a.bin`);
    expect([code, stderr]).toEqual([1, expect.stringContaining("a size that cannot be one")]);
    expect(readdirSync(t.folder.path)).toEqual([]);
  });

  test.each([2 ** 53, -(2 ** 53), 1e300, 4e12, -1, "yesterday"])("a time of %p does no harm", async (mtime) => {
    using t = open();
    t.server.head = (bytes) => ({ size: bytes.length, mtime, version: "v" });
    expect((await t.get(`${t.server.host}/a.bin`)).code).toBe(0);
    expect(readFileSync(t.folder.file("a.bin")).equals(BYTES)).toBe(true);
  });

  test("a hole in the middle", async () => {
    using t = open();
    t.server.handlers["get"] = ({ id }, peer) => {
      peer.send({ id, ok: true, ...t.server.head(BYTES) });
      peer.chunk(Number(id), 0, BYTES.subarray(0, 1000));
      peer.chunk(Number(id), 2000, BYTES.subarray(2000));
      peer.send({ id, event: "end", bytes: BYTES.length, sha256: sha256(BYTES) });
      return null;
    };
    const { code, stderr } = await t.get(`${t.server.host}/a.bin`);
    expect([code, stderr]).toEqual([1, expect.stringContaining("left out bytes of the file")]);
    expect(existsSync(t.folder.file("a.bin"))).toBe(false);
  });

  test("another hash: tried again from the start, and then given up", async () => {
    using t = open();
    t.server.handlers["get"] = ({ id }, peer) => {
      peer.send({ id, ok: true, ...t.server.head(BYTES) });
      peer.chunk(Number(id), 0, BYTES.subarray(0, 1000));
      peer.send({ id, event: "end", bytes: 1000, sha256: sha256(Buffer.from("other")) });
      return null;
    };
    t.server.head = () => ({ size: 1000, mtime: 0, version: "v" });
    const { code, stderr } = await t.get(`${t.server.host}/a.bin`, "--retries", "1");
    expect([code, stderr]).toEqual([1, expect.stringContaining("the hashes differ")]);
    expect(readdirSync(t.folder.path)).toEqual([]);
  });

  test("no hash at all", async () => {
    using t = open();
    t.server.handlers["get"] = ({ id }, peer) => {
      peer.send({ id, ok: true, size: 0, mtime: 0, version: "v" });
      return { event: "end", bytes: 0 };
    };
    const { code, stderr } = await t.get(`${t.server.host}/a.bin`, "--retries", "0");
    expect([code, stderr]).toEqual([1, expect.stringContaining("the hashes differ")]);
  });

  test("a part of which the server says that it is the beginning, although it is not", async () => {
    using t = open();
    writeFileSync(t.folder.file(".a.bin.tincan-part"), Buffer.alloc(500_000, "x"));
    const { code, stdout, stderr } = await t.get(`${t.server.host}/a.bin`);
    expect([code, stderr]).toEqual([0, "a.bin has changed on the server; starting over\n"]);
    expect(stdout).toContain("verified");
    expect(readFileSync(t.folder.file("a.bin")).equals(BYTES)).toBe(true);
  });

  test("frames of something else", async () => {
    using t = open();
    t.server.handlers["stat"] = ({ id }, peer) => {
      peer.chunk(Number(id), 0, BYTES);
      return null;
    };
    const { code, stderr } = await t.get(`${t.server.host}/a.bin`);
    expect([code, stderr]).toEqual([1, expect.stringContaining("does not speak tincan's frames")]);
  });

  test("a listing that never ends", async () => {
    using t = open();
    t.server.handlers["list"] = () => ({ entries: [], next: "more" });
    const { code, stderr } = await run([TINCAN, "ls", t.server.host]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("does not end")]);
  });
});

/** The first get breaks off after a quarter, the others are whole. */
function breakFirstGet(server: ScriptedFiles): void {
  const whole = server.handlers["get"];
  let tries = 0;
  server.handlers["get"] = (request, peer) => {
    tries += 1;
    if (tries > 1) return whole?.(request, peer) ?? null;
    const id = Number(request["id"]);
    peer.send({ id, ok: true, ...server.head(BYTES) });
    peer.chunk(id, 0, BYTES.subarray(0, 250_000));
    setImmediate(() => peer.end());
    return null;
  };
}

describe("a break in the middle", () => {
  test("of a get is mended in the same run", async () => {
    using t = open();
    breakFirstGet(t.server);
    const { code, stdout, stderr } = await t.get(`${t.server.host}/a.bin`);
    expect(code).toBe(0);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(/^a\.bin: the connection to .* was lost; trying again in 1 s \(1 of 10\)$/),
      "resuming a.bin at 25.0 %",
      "",
    ]);
    expect(stdout).toMatch(/^a\.bin: 1 MB in .*, hash verified\n$/);
    expect(readFileSync(t.folder.file("a.bin")).equals(BYTES)).toBe(true);
  });

  test("of a file that is another one each time is not mended for ever", async () => {
    using t = open();
    let gets = 0;
    t.server.handlers["hash"] = () => ({ bytes: 1000, sha256: sha256(Buffer.from("other")) });
    t.server.handlers["get"] = ({ id, length }, peer) => {
      peer.send({ id, ok: true, ...t.server.head(BYTES) });
      if (length === 0) return { event: "end", bytes: 0, sha256: sha256(Buffer.alloc(0)) };
      gets += 1;
      peer.chunk(Number(id), 0, BYTES.subarray(0, 1000));
      setImmediate(() => peer.end());
      return null;
    };
    const { code, stderr } = await t.get(`${t.server.host}/a.bin`);
    expect([code, gets]).toEqual([1, 4]);
    expect(stderr).toEndWith("\ntincan: a.bin has changed on the server again and again\n");
  });

  test("of a get to stdout, too, and the bytes come once", async () => {
    using t = open();
    breakFirstGet(t.server);
    const { code, stdout } = await t.get(`${t.server.host}/a.bin`, "-");
    expect([code, stdout === BYTES.toString()]).toEqual([0, true]);
  });

  test("of a put is mended in the same run, and what the server has is compared", async () => {
    using t = open();
    writeFileSync(t.folder.file("up.bin"), BYTES);
    let isBroken = false;
    t.server.onBytes = (_, peer) => {
      if (isBroken) return;
      isBroken = true;
      peer.drop();
    };
    const put = () => run([TINCAN, "put", "up.bin", `${t.server.host}/b.bin`], { cwd: t.folder.path });
    const { code, stdout, stderr } = await put();
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^up\.bin: 1 MB in .*, hash verified\n$/)]);
    expect(stderr).toMatch(/trying again in 1 s \(1 of 10\)\nresuming up\.bin at \d+\.\d %\n$/);
    expect(t.server.files.get("/b.bin")?.equals(BYTES)).toBe(true);
  });

  test("of a put that left other bytes: it is begun anew", async () => {
    using t = open();
    writeFileSync(t.folder.file("up.bin"), BYTES);
    t.server.parts.set("/b.bin", Buffer.alloc(5000, "other"));
    const { code, stderr } = await run([TINCAN, "put", "up.bin", `${t.server.host}/b.bin`], { cwd: t.folder.path });
    expect([code, stderr]).toEqual([0, "what the server has of up.bin is not its beginning; starting over\n"]);
    expect(t.server.files.get("/b.bin")?.equals(BYTES)).toBe(true);
  });

  test("of a put of a pipe cannot be mended, and that is told", async () => {
    using t = open();
    t.server.onBytes = (_, peer) => peer.drop();
    const { code, stderr } = await run([TINCAN, "put", "-", `${t.server.host}/b.bin`], { input: "hello" });
    expect([code, stderr]).toEqual([1, expect.stringContaining("what came out of a pipe cannot be sent again")]);
    expect(t.server.files.has("/b.bin")).toBe(false);
  });

  test.each(["banned", "kicked", "login-ended"])("that the server has words for: %s", async (reason) => {
    using t = open();
    t.server.files.set("/b.bin", BYTES);
    let asked = 0;
    t.server.handlers["get"] = (_, peer) => {
      asked += 1;
      peer.send({ event: "bye", reason, text: "you are banned for an hour" });
      setImmediate(() => peer.end());
      return null;
    };
    const { code, stderr } = await t.get("--parallel", "1", `${t.server.host}/a.bin`, `${t.server.host}/b.bin`);
    expect(asked).toBe(1);
    expect([code, stderr]).toEqual([1, expect.stringContaining('ended the connection: "you are banned for an hour"')]);
  });
});

test("a server that does not let one in any more is asked once, and not for each file", async () => {
  using t = open();
  t.server.files.set("/b.bin", BYTES);
  t.server.handlers["get"] = (_, peer) => {
    peer.drop();
    return null;
  };
  let hellos = 0;
  const { hello } = t.server.handlers;
  t.server.handlers["hello"] = (request, peer) => {
    hellos += 1;
    return hellos === 1 && hello ? hello(request, peer) : refusal("bad-login", "the name or the password is wrong");
  };
  const { code, stderr } = await t.get("--parallel", "1", `${t.server.host}/a.bin`, `${t.server.host}/b.bin`);
  expect(hellos).toBe(2);
  expect([code, stderr]).toEqual([1, expect.stringContaining("b.bin: the name or the password is wrong")]);
});

test("a server that breaks an upload off is believed at once", async () => {
  using t = open();
  writeFileSync(t.folder.file("up.bin"), BYTES);
  t.server.handlers["put"] = ({ id }, peer) => {
    peer.send({ id, ok: true, offset: 0, have: sha256(Buffer.alloc(0)) });
    return { event: "end", error: { code: "no-space", message: "the server's disk is full" } };
  };
  const { code, stderr } = await run([TINCAN, "put", "up.bin", `${t.server.host}/b.bin`], { cwd: t.folder.path });
  expect([code, stderr]).toEqual([1, "tincan: up.bin: the server's disk is full\n"]);
});

test("a server without files says so", async () => {
  using t = open();
  t.server.handlers["hello"] = () => refusal("no-such-service", "no files are shared here");
  const { code, stderr } = await t.get(`${t.server.host}/a.bin`);
  expect([code, stderr]).toEqual([1, expect.stringContaining("no files are shared here")]);
});

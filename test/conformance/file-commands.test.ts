import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { client } from "../support/clients.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";

const bash = client("bash");

let share: TempFolder;
let tincan: Tincan;
let host: string;
let here: TempFolder;

beforeAll(async () => {
  share = new TempFolder();
  tincan = await startTincan([share.path, "--doors", "framed", "--allow-all", "--dotfiles"]);
  host = `127.0.0.1:${tincan.port("framed")}`;
});

afterAll(async () => {
  here[Symbol.dispose]();
  await tincan[Symbol.asyncDispose]();
  share[Symbol.dispose]();
});

let number = 0;
/** A folder of the share for each test. */
let at: string;

beforeEach(() => {
  here?.[Symbol.dispose]();
  here = new TempFolder();
  number += 1;
  at = `${host}/${number}`;
  mkdirSync(share.file(String(number)));
});

function shared(path: string): string {
  return join(share.file(String(number)), path);
}

function give(path: string, bytes: string | Uint8Array): void {
  mkdirSync(dirname(shared(path)), { recursive: true });
  writeFileSync(shared(path), bytes);
}

function cli(...args: readonly string[]) {
  return run([TINCAN, ...args], { cwd: here.path });
}

/** All below a folder, with the bytes of the files. */
function tree(path: string): Record<string, string | null> {
  const names = readdirSync(path, { recursive: true }).map(String).sort();
  return Object.fromEntries(
    names.map((name) => {
      const full = join(path, name);
      return [name, statSync(full).isDirectory() ? null : readFileSync(full, "latin1")];
    }),
  );
}

const ODD = ["a b", "-rf", "照片 🎉", "'\"$(x)`", "#1 100%25?", "x".repeat(255), ".dot", "ä", "*"];

describe("tincan ls", () => {
  test("in a pipe: names, one a line", async () => {
    for (const name of ODD) give(name, "x");
    mkdirSync(shared("folder"));
    const { code, stdout } = await cli("ls", at);
    expect(code).toBe(0);
    expect(stdout.split("\n").sort()).toEqual(["", "folder", ...ODD].sort());
  });

  test("-l: sizes and times lined up", async () => {
    give("a", "12345");
    give("照片", "1");
    utimesSync(shared("a"), 0, 1_700_000_000);
    utimesSync(shared("照片"), 0, 1_700_000_000);
    mkdirSync(shared("d"));
    utimesSync(shared("d"), 0, 1_700_000_000);
    const { stdout } = await cli("ls", "-l", at);
    expect(stdout).toBe(
      ["5  2023-11-14T22:13:20Z  a", "-  2023-11-14T22:13:20Z  d/", "1  2023-11-14T22:13:20Z  照片", ""].join("\n"),
    );
    expect((await cli("ls", "-h", at)).stdout).toMatch(/^ {3}5 B {2}\d+ y {2}a\nfolder {2}\d+ y {2}d\/\n {3}1 B /);
  });

  test("on a terminal: with sizes and ages", async () => {
    give("照片.jpg", Buffer.alloc(1_500_000));
    give("b", "");
    await using program = new Program([TINCAN, "ls", at], { terminal: true });
    expect(await program.exited()).toBe(0);
    expect(program.stdout.unread.toString()).toBe("   0 B  now  b\r\n1.5 MB  now  照片.jpg\r\n");
  });

  test("--json: an object a line, and -R all that is below", async () => {
    give("d/e/f", "123");
    const { stdout } = await cli("ls", "-R", "--json", at);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ path, name, type, size }) => [path, name, type, size])).toEqual([
      [`/${number}/d`, "d", "dir", 0],
      [`/${number}/d/e`, "d/e", "dir", 0],
      [`/${number}/d/e/f`, "d/e/f", "file", 3],
    ]);
    expect(lines[2].mtime).toBe(Math.floor(statSync(shared("d/e/f")).mtimeMs));
  });

  test("patterns, files and several places", async () => {
    for (const name of ["a.jpg", "b.jpg", "c.txt", ".h.jpg"]) give(name, "x");
    give("d/x.jpg", "x");
    expect((await cli("ls", `${at}/*.jpg`)).stdout).toBe("a.jpg\nb.jpg\n");
    expect((await cli("ls", `${at}/{b,c}.*`)).stdout).toBe("b.jpg\nc.txt\n");
    expect((await cli("ls", `${host}/${number}/*/*.jpg`)).stdout).toBe(`/${number}/d/x.jpg\n`);
    const { code, stdout, stderr } = await cli("ls", `${at}/d`, `${at}/none`, `${at}/c.txt`);
    expect([code, stdout]).toEqual([1, `${at}/d:\nx.jpg\nc.txt\n`]);
    expect(stderr).toContain("none");
  });

  test("of 3,000 files, which come in pages", async () => {
    for (let i = 0; i < 3000; i++) give(`${"n".repeat(60)}${i}`, "");
    const { stdout } = await cli("ls", at);
    expect(new Set(stdout.trimEnd().split("\n")).size).toBe(3000);
  });
});

describe("tincan get", () => {
  test.each(ODD)("a file named %j", async (name) => {
    give(name, `bytes of ${name}`);
    utimesSync(shared(name), 0, 1_600_000_000.5);
    const { code, stdout } = await cli("get", `${at}/${name}`);
    expect([code, tree(here.path)]).toEqual([0, { [name]: Buffer.from(`bytes of ${name}`).toString("latin1") }]);
    expect(stdout).toContain("verified");
    expect(statSync(here.file(name)).mtimeMs).toBe(1_600_000_000_500);
    expect((await cli("get", `tincan://${host}/${number}/${encodeURIComponent(name)}`)).stdout).toContain(
      "already there",
    );
  });

  test("an empty one, and one of some megabytes", async () => {
    const bytes = Buffer.alloc(5_000_001, "tincan");
    give("empty", "");
    give("big", bytes);
    expect((await cli("get", `${at}/empty`, `${at}/big`, "-o", "in/")).code).toBe(0);
    expect([statSync(here.file("in/empty")).size, readFileSync(here.file("in/big")).equals(bytes)]).toEqual([0, true]);
  });

  test("does not overwrite, but for --force", async () => {
    give("a", "theirs");
    writeFileSync(here.file("a"), "myown!");
    const { code, stderr } = await cli("get", `${at}/a`);
    expect([code, stderr]).toEqual([1, 'tincan: "a" is there already and is another file; --force replaces it\n']);
    expect(tree(here.path)).toEqual({ a: "myown!" });
    expect((await cli("get", "--force", `${at}/a`)).code).toBe(0);
    expect(tree(here.path)).toEqual({ a: "theirs" });
  });

  test("-r: a tree, and what is there already is left", async () => {
    give("d/a", "1");
    give("d/e/f/b", "2");
    give("d/e/c", "");
    mkdirSync(shared("d/empty"));
    const whole = { d: null, "d/a": "1", "d/e": null, "d/e/c": "", "d/e/f": null, "d/e/f/b": "2", "d/empty": null };
    expect((await cli("get", "-r", `${at}/d`)).code).toBe(0);
    expect(tree(here.path)).toEqual(whole);
    const { code, stdout } = await cli("get", "-r", `${at}/d`);
    expect([code, stdout.match(/already there, hash verified/g)?.length]).toEqual([0, 3]);
    expect((await cli("get", "-r", `${at}/d`, "-o", "copy")).code).toBe(0);
    expect(Object.keys(tree(here.file("copy")))).toEqual(["a", "e", "e/c", "e/f", "e/f/b", "empty"]);
  });

  test("a folder without -r is told, and the rest is fetched", async () => {
    give("d/a", "1");
    give("b", "2");
    const { code, stderr } = await cli("get", `${at}/d`, `${at}/b`, `${at}/none`);
    expect([code, tree(here.path)]).toEqual([1, { b: "2" }]);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(/none/),
      expect.stringMatching(/is a folder; add -r/),
      `tincan: 2 of 3 failed: ${at}/none, ${at}/d`,
      "",
    ]);
    // The reasons are not lost where nothing else is told.
    expect((await cli("get", "-q", `${at}/d`, `${at}/none`)).stderr.split("\n").length).toBe(4);
  });

  test("patterns", async () => {
    for (const name of ["a.jpg", "b.jpg", "c.txt"]) give(name, name);
    expect((await cli("get", `${at}/*.jpg`)).code).toBe(0);
    expect(Object.keys(tree(here.path))).toEqual(["a.jpg", "b.jpg"]);
    const none = await cli("get", `${at}/*.png`);
    expect([none.code, none.stderr]).toEqual([1, `tincan: nothing fits "/${number}/*.png"\n`]);
  });

  test("into a name of its own, and never several into one", async () => {
    give("a", "1");
    give("b", "2");
    expect((await cli("get", `${at}/a`, "-o", "c")).code).toBe(0);
    expect(tree(here.path)).toEqual({ c: "1" });
    expect((await cli("get", `${at}/a`, `${at}/b`, "-o", "d")).code).toBe(64);
    // What a variable that is not set makes of -o "$WHERE".
    expect((await cli("get", `${at}/a`, "-o", "")).code).toBe(64);
    expect(tree(here.path)).toEqual({ c: "1" });
  });

  test("to stdout: the bytes alone, one file after the other", async () => {
    const bytes = Buffer.alloc(3_000_000, "照片");
    give("a", bytes);
    give("b", "end");
    for (const args of [["-"], ["-o", "-"]]) {
      const { code, stdout } = await cli("get", `${at}/a`, `${at}/b`, ...args);
      expect([code, stdout === `${bytes}end`]).toEqual([0, true]);
    }
    expect(tree(here.path)).toEqual({});
  });

  bash.test("to a reader who has seen enough", async () => {
    give("a", Buffer.alloc(3_000_000, "x"));
    const { stdout, stderr } = await run([
      bash.path,
      "-c",
      `"$0" get -q "$1" - | head -c 5; echo " \${PIPESTATUS[0]}"`,
      TINCAN,
      `${at}/a`,
    ]);
    expect([stdout, stderr]).toEqual(["xxxxx 0\n", ""]);
  });

  test("into a device or a named pipe, which stays what it is", async () => {
    give("a", "hello");
    expect((await cli("get", "-f", `${at}/a`, "-o", "/dev/null")).code).toBe(0);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  test("two that would get one name are refused before anything is fetched or put", async () => {
    for (const path of ["a/x", "b/x", "y"]) give(path, path);
    for (const args of [
      [`${at}/y`, `${at}/a/x`, `${at}/b/x`],
      [`${at}/y`, `${at}/?/x`],
    ]) {
      const { code, stderr } = await cli("get", ...args);
      const both = `"${at}/a/x" and "${at}/b/x" would both become "x"`;
      expect([code, stderr, tree(here.path)]).toEqual([
        64,
        `tincan: ${both}; move them one after the other, under names of their own\n`,
        {},
      ]);
    }
    // Nobody listens there: nothing is asked for.
    const beside = await cli("get", "http://127.0.0.1:1/y", `${at}/y`);
    const clash = `"http://127.0.0.1:1/y" and "${at}/y" would both become "y"`;
    expect(beside).toMatchObject({
      code: 64,
      stderr: `tincan: ${clash}; move them one after the other, under names of their own\n`,
    });
    expect((await cli("get", `${at}/y`, `${at}/?`, `tincan://${at}/y`)).stdout).toMatch(/^y: [^\n]*\n$/);
    mkdirSync(here.file("d"));
    writeFileSync(here.file("d/y"), "1");
    const { code, stderr } = await cli("put", "y", "d/y", `${at}/to/`);
    expect([code, stderr, tree(shared("to"))]).toEqual([64, expect.stringContaining('"y" and "d/y" would both'), {}]);
  });

  test("one file that is named twice comes once, but twice into stdout", async () => {
    give("a", "hello");
    const { code, stdout } = await cli("get", `${at}/a`, `${at}/a`);
    expect([code, stdout.split("\n").length]).toEqual([0, 2]);
    expect(await cli("get", `${at}/a`, `${at}/a`, "-")).toMatchObject({ code: 0, stdout: "hellohello" });
  });

  test("--quiet and --json", async () => {
    give("a", "hello");
    expect(await cli("get", "-q", `${at}/a`)).toEqual({ code: 0, stdout: "", stderr: "" });
    const { code, stdout } = await cli("get", "--json", "-f", `${at}/a`, `${at}/none`);
    expect(code).toBe(1);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { name: `${at}/none`, ok: false, error: expect.stringContaining("none") },
      {
        name: "a",
        size: 5,
        bytes: 5,
        ok: true,
        path: `/${number}/a`,
        file: "a",
        sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        verified: true,
        already: false,
        resumedAt: 0,
      },
    ]);
  });

  test("what this machine does not allow is told", async () => {
    give("a", "hello");
    mkdirSync(here.file("a"));
    expect((await cli("get", `${at}/a`)).stderr).toContain('"a" is there already');
    for (const force of [[], ["--force"]])
      expect((await cli("get", ...force, `${at}/a`)).stderr).toContain('"a" is there already and is no file');
    expect((await cli("get", `${at}/a`, "-o", "none/x")).stderr).toContain('"none/x": there is no folder "none"');
  });

  test("a deep tree", async () => {
    const deep = Array.from({ length: 60 }, (_, level) => `level${level}`).join("/");
    give(`d/${deep}/x`, "deep");
    expect((await cli("get", "-r", `${at}/d`)).code).toBe(0);
    expect(readFileSync(here.file(`d/${deep}/x`), "utf8")).toBe("deep");
    expect((await cli("put", "-r", "d", `${at}/copy/`)).code).toBe(0);
    expect(readFileSync(shared(`copy/d/${deep}/x`), "utf8")).toBe("deep");
  });
});

describe("tincan put", () => {
  test("refuses what does not tell how many bytes it has", async () => {
    const { code, stderr } = await cli("put", "/proc/version", `${at}/version`);
    expect([code, stderr]).toEqual([1, expect.stringContaining('pipe it into "tincan put -"')]);
    expect((await cli("ls", at)).stdout).toBe("");
  });

  test.each(ODD)("a file named %j", async (name) => {
    writeFileSync(here.file(name), `bytes of ${name}`);
    utimesSync(here.file(name), 0, 1_600_000_000.5);
    const { code, stdout } = await cli("put", "--", name, at);
    expect([code, tree(shared("."))]).toEqual([0, { [name]: Buffer.from(`bytes of ${name}`).toString("latin1") }]);
    expect(stdout).toContain("verified");
    expect(statSync(shared(name)).mtimeMs).toBe(1_600_000_000_500);
    expect((await cli("put", "--", name, at)).stdout).toContain("already there");
  });

  test("into a folder that is made, under another name, and an empty one", async () => {
    writeFileSync(here.file("a"), "1");
    writeFileSync(here.file("empty"), "");
    expect((await cli("put", "a", "empty", `${at}/x/y/`)).code).toBe(0);
    expect((await cli("put", "a", `${at}/b`)).code).toBe(0);
    expect(tree(shared("."))).toEqual({ b: "1", x: null, "x/y": null, "x/y/a": "1", "x/y/empty": "" });
    expect((await cli("put", "a", "empty", `${at}/none`)).code).toBe(64);
    expect((await cli("put", "a", "empty")).stderr).toBe(
      'tincan: "empty" is a file here, and the last argument says where they go: HOST/FOLDER/\n',
    );
    expect((await cli("put", "a", `${at}/no/deep/f.txt`)).stderr).toBe(
      `tincan: a: there is no folder "/${number}/no/deep"; make it with "tincan mkdir -p ${at}/no/deep", or put into "${at}/no/deep/"\n`,
    );
    expect((await cli("mkdir", `${at}/b/f`)).stderr).toContain(`"/${number}/b" is not a folder`);
    expect((await cli("mv", `${at}/b`, `${at}/no/b`)).stderr).toContain(`there is no folder "/${number}/no"`);
  });

  test("does not overwrite, but for --force", async () => {
    give("a", "theirs");
    writeFileSync(here.file("a"), "myown!");
    const { code, stderr } = await cli("put", "a", at);
    const why = `"/${number}/a" is there already and is another file; --force replaces it where you may`;
    expect([code, stderr]).toEqual([1, `tincan: ${why}\n`]);
    expect(tree(shared("."))).toEqual({ a: "theirs" });
    expect((await cli("put", "--force", "a", at)).code).toBe(0);
    expect(tree(shared("."))).toEqual({ a: "myown!" });
  });

  test("a name of this machine that is not valid UTF-8 is told as that", async () => {
    writeFileSync(Buffer.concat([Buffer.from(here.file("bad-")), Buffer.from([0xff])]), "x");
    const { code, stderr } = await cli("put", "-r", ".", at);
    expect([code, stderr]).toEqual([1, expect.stringContaining("its name is not valid UTF-8; rename it")]);
  });

  test("-r: a tree; what cannot be sent is told, and the rest is", async () => {
    mkdirSync(here.file("d/e"), { recursive: true });
    writeFileSync(here.file("d/a"), "1");
    writeFileSync(here.file("d/e/b"), "2");
    writeFileSync(here.file("secret"), "secret");
    symlinkSync("../secret", here.file("d/link"));
    symlinkSync("..", here.file("d/circle"));
    symlinkSync("d", here.file("named"));
    writeFileSync(here.file("d/.big.iso.tincan-part"), "not whole");
    const { code, stderr } = await cli("put", "-r", "d", at);
    expect(code).toBe(0);
    expect(stderr).toContain("d/circle is a symbolic link; it is left out");
    expect(stderr).toContain("d/link is a symbolic link; it is left out");
    expect(stderr).toContain("d/.big.iso.tincan-part is not whole; it is left out");
    expect(tree(shared("."))).toEqual({ d: null, "d/a": "1", "d/e": null, "d/e/b": "2" });
    expect((await cli("put", "d", at)).stderr).toContain("add -r");
    // A link that is named is what it leads to.
    await cli("put", "-r", "d/link", "named", at);
    expect([readFileSync(shared("link"), "utf8"), readFileSync(shared("named/a"), "utf8")]).toEqual(["secret", "1"]);
  });

  test("of stdin and of a pipe", async () => {
    const { code } = await run([TINCAN, "put", "-", `${at}/x.tar`], { input: Buffer.alloc(1_000_000, "tar") });
    expect([code, readFileSync(shared("x.tar")).equals(Buffer.alloc(1_000_000, "tar"))]).toEqual([0, true]);
    expect((await run([TINCAN, "put", "-", `${at}/`], { input: "x" })).code).toBe(64);
    expect((await run([TINCAN, "put", "-", `${at}/x.tar`], { input: "x" })).stderr).toBe(
      `tincan: stdin: "/${number}/x.tar" is there already and is another file; --force replaces it where you may\n`,
    );
  });

  bash.test("of what a shell makes", async () => {
    const { code } = await run([bash.path, "-c", `"$0" put <(echo hello) "$1"`, TINCAN, `${at}/y`]);
    expect([code, readFileSync(shared("y"), "utf8")]).toEqual([0, "hello\n"]);
  });

  test("of a named pipe, and of one that the server does not take nobody waits for who writes to it", async () => {
    await run(["mkfifo", here.file("z")]);
    const [{ code }] = await Promise.all([cli("put", "z", `${at}/`), writeFile(here.file("z"), "hello")]);
    expect([code, readFileSync(shared("z"), "utf8")]).toEqual([0, "hello"]);
    expect((await cli("put", "z", `${at}/`)).stderr).toContain("is there already");
  });

  test("what there is not, and what may not be read", async () => {
    writeFileSync(here.file("secret"), "x");
    writeFileSync(here.file("a"), "1");
    chmodSync(here.file("secret"), 0);
    const { code, stderr } = await cli("put", "none", "secret", "a", at);
    expect([code, existsSync(shared("a"))]).toEqual([1, true]);
    expect(stderr).toContain('"none": there is no such file or folder');
  });
});

describe("tincan rm, mkdir, mv", () => {
  test("rm takes files, patterns and, with -r, trees", async () => {
    for (const name of ["a.tmp", "b.tmp", "c", "d/e/f", "d/g"]) give(name, "x");
    expect((await cli("rm", `${at}/*.tmp`)).code).toBe(0);
    expect((await cli("rm", `${at}/d`)).stderr).toContain("add -r");
    expect((await cli("rm", "-r", `${at}/d`)).code).toBe(0);
    expect(tree(shared("."))).toEqual({ c: "x" });
    expect((await cli("rm", `${at}/none`, `${at}/c`)).code).toBe(1);
    expect(tree(shared("."))).toEqual({});
    expect((await cli("rm", "-r", `${host}/`)).code).toBe(64);
  });

  test("rm takes for a wildcard only what was none in a URL, and tells what is gone", async () => {
    for (const name of ["star*.txt", "starfish.txt", "d/e"]) give(name, "x");
    const url = `tincan://${at}/star%2A.txt`;
    expect(await cli("rm", url)).toEqual({ code: 0, stdout: `deleted /${number}/star*.txt\n`, stderr: "" });
    expect((await cli("rm", url)).code).toBe(1);
    expect(tree(shared("."))).toEqual({ "starfish.txt": "x", d: null, "d/e": "x" });
    expect((await cli("rm", "-q", `${at}/star*.txt`)).stdout).toBe("");
    expect((await cli("rm", "-r", `${at}/d`)).stdout).toBe(`deleted /${number}/d/e\ndeleted /${number}/d/\n`);
    give("a", "x");
    const { code, stdout } = await cli("rm", "--json", `${at}/a`, `${at}/none`);
    expect([
      code,
      ...stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ]).toEqual([
      1,
      { path: `/${number}/a`, type: "file", ok: true },
      { path: `/${number}/none`, ok: false, error: expect.stringContaining("none") },
    ]);
  });

  test("mkdir makes one folder, and with -p all of a path", async () => {
    expect((await cli("mkdir", `${at}/a`)).code).toBe(0);
    expect((await cli("mkdir", `${at}/a`)).code).toBe(1);
    const parentless = await cli("mkdir", `${at}/b/c`);
    expect([parentless.code, parentless.stderr]).toEqual([
      1,
      expect.stringContaining(`there is no folder "/${number}/b"; add -p to have it made, too\n`),
    ]);
    expect((await cli("mkdir", "-p", `${at}/b/c`, `${at}/a`)).code).toBe(0);
    expect(tree(shared("."))).toEqual({ a: null, b: null, "b/c": null });
  });

  test("mv renames, moves into folders and overwrites nothing", async () => {
    give("a", "1");
    give("b", "2");
    mkdirSync(shared("d"));
    expect((await cli("mv", `${at}/a`, `${at}/c`)).code).toBe(0);
    expect((await cli("mv", `${at}/c`, `/${number}/d`)).code).toBe(0);
    expect((await cli("mv", `${at}/b`, `${at}/d/c`)).code).toBe(1);
    expect((await cli("mv", `${at}/b`, "10.0.0.1/x")).code).toBe(64);
    expect(tree(shared("."))).toEqual({ b: "2", d: null, "d/c": "1" });
  });
});

test("every command says what it needs", async () => {
  for (const command of ["ls", "get", "put", "rm", "mkdir", "mv"]) {
    expect((await cli(command)).code).toBe(64);
    expect((await cli(command, "127.0.0.1:1/x", "127.0.0.1:1/y")).code).toBe(1);
    expect((await cli(command, "--help")).stdout).toContain("Examples:\n");
  }
});

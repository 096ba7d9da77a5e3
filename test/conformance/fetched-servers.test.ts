import { describe, expect, test } from "bun:test";
import { mkdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { client } from "../support/clients.ts";
import { until } from "../support/deadline.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

const python = client("python3");
const BIG = 64 * 2 ** 20;
const TIME = Date.UTC(2024, 1, 29, 12, 34, 56);

/** A folder with files as people have them, each with one time of last change. */
async function share(): Promise<TempFolder> {
  const folder = new TempFolder();
  mkdirSync(folder.file("a folder"));
  const files = {
    "plain.txt": Buffer.from("hello\r\nworld\n"),
    empty: Buffer.alloc(0),
    "a folder/café 🍰 #1.txt": Buffer.from([0, 10, 13, 255, 26]),
    big: Buffer.alloc(BIG, "sixteen bytes --"),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await Bun.write(folder.file(name), bytes);
    utimesSync(folder.file(name), new Date(TIME), new Date(TIME));
  }
  return folder;
}

const PATHS = ["plain.txt", "empty", "a%20folder/caf%C3%A9%20%F0%9F%8D%B0%20%231.txt", "big"];
const SIZES = [13, 0, 5, BIG];

/** Fetches all of it from a server that has it under this URL, and compares. */
async function fetchesAll(base: string, original: TempFolder): Promise<void> {
  using here = new TempFolder();
  const urls = PATHS.map((path) => `${base}/${path}`);
  const { code, stdout, stderr } = await run([TINCAN, "get", ...urls], { cwd: here.path });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const told = urls.map((url, at) => `${SIZES[at]} bytes received from ${url}`);
  expect(stdout.trim().split("\n").toSorted()).toEqual(told.toSorted());
  for (const path of PATHS.map(decodeURIComponent)) {
    const copy = here.file(path.slice(path.lastIndexOf("/") + 1));
    const [a, b] = await Promise.all([Bun.file(copy).bytes(), Bun.file(original.file(path)).bytes()]);
    expect(Buffer.from(a).equals(b)).toBe(true);
    expect(statSync(copy).mtimeMs).toBe(TIME);
  }
}

describe("tincan get fetches from", () => {
  python.test("Python's http.server", async () => {
    using original = await share();
    await using server = new Program([python.path, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"], {
      cwd: original.path,
    });
    const [, port] = /port (\d+)/.exec(await server.stdout.readLineWith("port")) ?? [];
    await fetchesAll(`http://127.0.0.1:${port}`, original);
    using here = new TempFolder();
    const listing = await run([TINCAN, "get", `http://127.0.0.1:${port}/a%20folder`, "-"], { cwd: here.path });
    expect(listing.stdout).toContain("<title>Directory listing for");
    const missing = await run([TINCAN, "get", `http://127.0.0.1:${port}/none`], { cwd: here.path });
    expect({ code: missing.code, stdout: missing.stdout }).toEqual({ code: 1, stdout: "" });
    expect(missing.stderr).toContain("the server answered 404 File not found");
    python.exchanged(6);
  });

  test("tincan's FTP door", async () => {
    using original = await share();
    await using tincan = await startTincan(["--doors", "ftp", original.path]);
    const base = `ftp://127.0.0.1:${tincan.port("ftp")}`;
    await fetchesAll(base, original);
    using here = new TempFolder();
    for (const [path, reason] of [
      ["none", 'the server answered 550 "'],
      ["a%20folder/", "that is a folder"],
      ["a%20folder", "the server answered 550"],
      ["%2e%2e/%2e%2e/etc/passwd", "the server answered 550"],
      ["..%2f..%2f..%2fetc%2fpasswd", "cannot be a file name"],
    ] as const) {
      const { code, stderr } = await run([TINCAN, "get", `${base}/${path}`], { cwd: here.path });
      expect(code).toBe(1);
      expect(stderr).toContain(reason);
    }
  });

  test("tincan's FTP door, in the middle of which it was killed", async () => {
    using original = new TempFolder();
    // So much that nobody fetches it between its first byte and the kill.
    const size = 2 ** 28;
    writeFileSync(original.file("big"), Buffer.alloc(size, "sixteen bytes --"));
    await using tincan = await startTincan(["--doors", "ftp", original.path]);
    using here = new TempFolder();
    const url = `ftp://127.0.0.1:${tincan.port("ftp")}/big`;
    const parts = () => [...new Bun.Glob(".*.tincan-part").scanSync({ cwd: here.path, dot: true, absolute: true })];
    {
      await using first = new Program([TINCAN, "get", url], { cwd: here.path });
      await until(() => parts().some((path) => statSync(path).size > 0), "the first bytes");
      first.kill("SIGKILL");
      await first.exited();
    }
    const { code, stdout, stderr } = await run([TINCAN, "get", url], { cwd: here.path });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${size} bytes received from ${url}\n` });
    expect(stderr).toMatch(/^resuming ftp:.*\/big at \d+\.\d %\n$/);
    const same = await run(["cmp", here.file("big"), original.file("big")]);
    expect(same).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(parts()).toEqual([]);
  });
});

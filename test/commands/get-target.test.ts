import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

test("who names the target last, as for cp, is told of -o before anything is fetched", async () => {
  using folder = new TempFolder();
  mkdirSync(folder.file("folder"));
  const cases = [
    ["/tmp/x", "a path"],
    ["./x", "a path"],
    [".", "a path"],
    ["folder", "a file or folder"],
    ["folder/", "a file or folder"],
  ] as const;
  for (const [last, what] of cases) {
    const words = `"${last}" is ${what} of this machine; where the files go is said by "-o ${last}"`;
    const said = await run([TINCAN, "get", "127.0.0.1:1/a.txt", last], { cwd: folder.path });
    expect(said).toEqual({ code: 64, stdout: "", stderr: `tincan: ${words}\n` });
  }
});

test("two whole servers are fetched once more, although the folders have their names by then", async () => {
  using share = new TempFolder();
  using folder = new TempFolder();
  writeFileSync(share.file("a.txt"), "hello");
  await using tincan = await startTincan([share.path, "--doors", "framed"]);
  const port = tincan.port("framed");
  const get = () => run([TINCAN, "get", "-r", `127.0.0.1:${port}`, `[::1]:${port}`], { cwd: folder.path });
  expect(await get()).toMatchObject({ code: 0 });
  mkdirSync(folder.file(`[::1]:${port}`));
  expect(await get()).toMatchObject({ code: 0, stderr: "" });
});

test("a host that is none is told what was probably meant", async () => {
  using folder = new TempFolder();
  const get = (...args: readonly string[]) => run([TINCAN, "get", ...args], { cwd: folder.path });
  const several = await get("127.0.0.1:1/a.txt", "folder.invalid/");
  expect(several.stderr).toContain('; where the files go is said by "-o folder.invalid/"\n');
  const first = await get("folder.invalid/a", "127.0.0.1:1/a.txt");
  expect(first.stderr).not.toContain("-o");
  const bare = await get("big.iso.invalid");
  expect(bare).toMatchObject({ code: 1, stderr: expect.stringContaining('; name a file as "HOST/big.iso.invalid"\n') });
});

test("-o makes a folder with a slash behind it, and else says which one is missing", async () => {
  using share = new TempFolder();
  using folder = new TempFolder();
  writeFileSync(share.file("a.txt"), "hello");
  await using tincan = await startTincan([share.path, "--doors", "framed"]);
  const get = (to: string) =>
    run([TINCAN, "get", `127.0.0.1:${tincan.port("framed")}/a.txt`, "-o", to], { cwd: folder.path });
  expect(await get("no/such/x")).toEqual({
    code: 1,
    stdout: "",
    stderr: 'tincan: a.txt: "no/such/x": there is no folder "no/such"\n',
  });
  expect(readdirSync(folder.path)).toEqual([]);
  expect(await get("new/one/")).toMatchObject({ code: 0 });
  expect(readdirSync(folder.file("new/one"))).toEqual(["a.txt"]);
});

import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";

/** What a shell is told for the words that were typed so far, the last one unfinished. */
async function suggested(words: readonly string[], cwd?: string): Promise<string[]> {
  const { code, stdout } = await run([TINCAN, "complete", "--", ...words], cwd === undefined ? {} : { cwd });
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.pop()).toMatch(/^:\d+$/);
  return lines.map((line) => line.split("\t")[0] ?? "");
}

test.each(["bash", "zsh", "fish"])("the script for %s is one that %p reads", async (shell) => {
  const { code, stdout } = await run([TINCAN, "completions", shell]);
  expect(code).toBe(0);
  expect(stdout).toContain("tincan complete -- ");
  const path = Bun.which(shell);
  if (path === null) return;
  using folder = new TempFolder();
  writeFileSync(folder.file("script"), stdout);
  expect(await run([path, "-n", folder.file("script")])).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("commands, flags and their values are suggested", async () => {
  expect(await suggested(["ser"])).toEqual(["serve"]);
  expect(await suggested(["serve", "--max-f"])).toEqual(["--max-frame"]);
  expect(await suggested(["serve", "--log-format", ""])).toEqual(["text", "json"]);
  expect(await suggested(["bench", ""])).toEqual(["echo", "frames", "chat", "udp"]);
  expect(await suggested(["bench", "fr"])).toEqual(["frames"]);
});

test("bash completes in a terminal, with nothing else installed and its script read twice", async () => {
  const script = "source <(tincan completions bash)";
  await using shell = new Program(["bash", "--norc", "--noprofile", "-i"], {
    terminal: true,
    env: { PATH: `${dirname(TINCAN)}:${process.env["PATH"]}`, PS1: "READY ", TERM: "dumb" },
  });
  await shell.stdout.readUntil("READY ");
  await shell.write(`${script}; ${script}; echo do''ne\r`);
  const read = await shell.stdout.readUntil("done");
  expect(read).not.toContain("readonly");
  await shell.write("tincan bench fr\t");
  expect(await shell.stdout.readUntil("frames")).not.toContain("not found");
});

test("serve is offered the folders that are here", async () => {
  using folder = new TempFolder();
  mkdirSync(folder.file("pictures"));
  mkdirSync(folder.file(".hidden"));
  writeFileSync(folder.file("paper.txt"), "");
  expect(await suggested(["serve", ""], folder.path)).toEqual(["pictures"]);
  expect(await suggested(["serve", "pi"], folder.path)).toEqual(["pictures"]);
});

test("a shell that is not known is a wrong use that names those that are", async () => {
  for (const shell of ["tcsh", "powershell"]) {
    const stderr = `tincan: there are no completions for "${shell}"; take bash, zsh or fish\n`;
    expect(await run([TINCAN, "completions", shell])).toEqual({ code: 64, stdout: "", stderr });
  }
  expect((await run([TINCAN, "completions", "--help"])).stdout).not.toContain("powershell");
});

import { expect, test } from "bun:test";
import { client } from "../../support/clients.ts";
import { Program, run } from "../../support/program.ts";
import { TempFolder } from "../../support/temp.ts";
import { TINCAN } from "../../support/tincan.ts";
import { refusal, ScriptedFiles } from "./scripted-files.ts";

const bash = client("bash");
const python = client("python3");
/** Runs a program in a session of its own, which has no terminal. */
const DETACH = "import os, sys; os.setsid(); os.execv(sys.argv[1], sys.argv[1:])";
const SECRET = "correct horse";

/** A server that lets ann in alone. */
function guarded(): ScriptedFiles {
  const server = new ScriptedFiles();
  const welcome = server.handlers["hello"];
  server.handlers["hello"] = (request, peer) => {
    const isAnn = request["user"] === "ann" && request["password"] === SECRET;
    return isAnn ? (welcome?.(request, peer) ?? {}) : refusal("login-failed", "user or password is wrong");
  };
  server.files.set("/a.txt", Buffer.from("hello"));
  return server;
}

test("a password comes from the environment or the first line of a file", async () => {
  using server = guarded();
  using folder = new TempFolder();
  await Bun.write(folder.file("password"), `${SECRET}\r\nmore\n`);
  const list = [TINCAN, "ls", `ann@${server.host}`];
  expect((await run(list, { env: { TINCAN_PASSWORD: SECRET } })).stdout).toBe("a.txt\n");
  expect((await run([...list, "--password-file", folder.file("password")])).stdout).toBe("a.txt\n");
  const { code, stderr } = await run(list, { env: { TINCAN_PASSWORD: "wrong" } });
  expect([code, stderr]).toEqual([1, expect.stringContaining("user or password is wrong")]);
  expect(stderr).not.toContain("wrong horse");
  const file = folder.file("none");
  expect(await run([...list, "--password-file", file])).toMatchObject({
    code: 64,
    stderr: `tincan: --password-file "${file}" cannot be read: there is no such file\n`,
  });
});

test("an empty one is nobody's: the server is not asked", async () => {
  using server = guarded();
  using folder = new TempFolder();
  await Bun.write(folder.file("password"), "\n");
  const list = [TINCAN, "ls", `ann@${server.host}`];
  const byFile = await run([...list, "--password-file", folder.file("password")]);
  expect([byFile.code, byFile.stderr]).toEqual([
    64,
    `tincan: the first line of --password-file "${folder.file("password")}" is empty; put the password there\n`,
  ]);
  const byVariable = await run(list, { env: { TINCAN_PASSWORD: "" } });
  expect([byVariable.code, byVariable.stderr]).toEqual([
    64,
    "tincan: TINCAN_PASSWORD is empty; put the password there\n",
  ]);
});

test("else it is asked for at the terminal, once, and is not shown", async () => {
  using server = guarded();
  const where = `ann@${server.host}`;
  await using program = new Program([TINCAN, "ls", where, where], { terminal: true });
  await program.stdout.readUntil(`Password of "ann" at ${server.host}: `);
  await program.write("wromg\x7f\x7f\x7f\x7f\x7f\x15xx\x15");
  await program.write(`${SECRET}\r`);
  expect(await program.exited()).toBe(0);
  const shown = program.stdout.unread.toString();
  expect(shown).toContain("a.txt");
  expect(shown).not.toMatch(/horse|wromg|Password/);
});

test("who gives none at the terminal gets nowhere", async () => {
  using server = guarded();
  await using program = new Program([TINCAN, "ls", `ann@${server.host}`], { terminal: true });
  await program.stdout.readUntil("Password of");
  await program.write("\x03");
  expect(await program.exited()).toBe(130);
});

bash.test("at the terminal, also where stdin is a pipe", async () => {
  using server = guarded();
  const put = `echo hello | "$0" put -q - "$1"`;
  await using program = new Program([bash.path, "-c", put, TINCAN, `ann@${server.host}/x`], { terminal: true });
  await program.stdout.readUntil("Password of");
  await program.write(`${SECRET}\r`);
  expect(await program.exited()).toBe(0);
  expect(server.files.get("/x")?.toString()).toBe("hello\n");
});

python.test("and where there is no terminal, it is told what to do", async () => {
  using server = guarded();
  const { code, stderr } = await run([python.path, "-c", DETACH, TINCAN, "ls", `ann@${server.host}`]);
  expect([code, stderr]).toEqual([64, expect.stringContaining("give --password-file FILE or set TINCAN_PASSWORD")]);
});

test("a password does not go over a network in the clear, and never into a command line", async () => {
  const env = { TINCAN_PASSWORD: SECRET };
  const far = await run([TINCAN, "ls", "ann@192.0.2.1:1"], { env });
  expect([far.code, far.stderr]).toEqual([64, expect.stringContaining("add --tls, or --allow-plain-passwords")]);
  const argument = await run([TINCAN, "ls", "ann:secret@127.0.0.1"]);
  expect([argument.code, argument.stderr]).toEqual([
    64,
    expect.stringContaining("does not belong into a command line"),
  ]);
  expect(argument.stderr).not.toContain("secret");
});

import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { refusal, ScriptedFiles } from "../client/files/scripted-files.ts";
import type { Message } from "../support/frames.ts";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

function serverWith(files: readonly string[], folders: readonly string[]): ScriptedFiles {
  const server = new ScriptedFiles();
  for (const path of files) server.files.set(path, Buffer.from("x"));
  for (const path of folders) server.folders.add(path);
  return server;
}

/** As a real server does it: what has something in it stays. */
function removing(server: ScriptedFiles, refused: readonly string[]) {
  const remove = server.handlers["remove"];
  server.handlers["remove"] = (request, peer) => {
    const path = String(request["path"]);
    if (refused.includes(path)) return refusal("denied", `you may not delete "${path}"`);
    if (server.entries(path).length > 0) return refusal("not-empty", `"${path}" has something in it`);
    return remove?.(request, peer) ?? null;
  };
}

test("rm -r asks for many things before the first is answered", async () => {
  const names = Array.from({ length: 200 }, (_, i) => `/d/${i}`);
  using server = serverWith(names, ["/d"]);
  const waiting: Message[] = [];
  let most = 0;
  server.handlers["remove"] = (request, peer) => {
    if (request["path"] === "/d" && server.files.size === names.length) return refusal("not-empty", "it is full");
    waiting.push(request);
    most = Math.max(most, waiting.length);
    // Nobody is answered before 64 wait, or what is left of all.
    if (waiting.length === 64 || server.files.size + server.folders.size - 1 <= waiting.length) {
      for (const { id, path } of waiting.splice(0)) {
        server.files.delete(String(path));
        server.folders.delete(String(path));
        peer.send({ id, ok: true });
      }
    }
    return null;
  };
  const { code, stdout } = await run([TINCAN, "rm", "-r", `${server.host}/d`]);
  expect([code, most, stdout.split("\n").length, stdout.endsWith("deleted /d/\n")]).toEqual([0, 64, 202, true]);
});

test("what cannot be deleted is told on a line each, and the folders above it stay without a word", async () => {
  using server = serverWith(["/d/a", "/d/e/b", "/d/e/c", "/d/f/g"], ["/d", "/d/e", "/d/f"]);
  removing(server, ["/d/e/b"]);
  expect(await run([TINCAN, "rm", "-rq", `${server.host}/d`])).toEqual({
    code: 1,
    stdout: "",
    stderr: 'you may not delete "/d/e/b"\ntincan: 1 of 5 failed: /d/e/b\n',
  });
  expect([...server.files.keys(), ...server.folders]).toEqual(["/d/e/b", "/", "/d", "/d/e"]);
});

test("rm -r deletes a link in a folder, and nothing of what it leads to", async () => {
  using share = new TempFolder();
  for (const folder of ["kept", "old"]) mkdirSync(share.file(folder));
  for (const file of ["kept/a", "old/b"]) writeFileSync(share.file(file), "x");
  symlinkSync("../kept", share.file("old/link"));
  symlinkSync(".", share.file("old/self"));
  symlinkSync("kept", share.file("another"));
  await using tincan = await startTincan([share.path, "--allow-write"]);
  const at = `127.0.0.1:${tincan.port("framed")}`;
  const { code, stdout, stderr } = await run([TINCAN, "rm", "-r", `${at}/old`, `${at}/another`]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.split("\n").sort()).toEqual(
    ["", "deleted /another/", "deleted /old/", "deleted /old/b", "deleted /old/link/", "deleted /old/self/"].sort(),
  );
  expect(readdirSync(share.path)).toEqual(["kept"]);
  expect(existsSync(share.file("kept/a"))).toBe(true);
});

test("one thing that cannot be deleted is told once", async () => {
  using server = serverWith(["/a"], []);
  removing(server, ["/a"]);
  const { code, stderr } = await run([TINCAN, "rm", `${server.host}/a`]);
  expect([code, stderr]).toEqual([1, 'tincan: you may not delete "/a"\n']);
});

test("a connection that is lost in the middle is told once", async () => {
  const names = Array.from({ length: 200 }, (_, i) => `/d/${i}`);
  using server = serverWith(names, ["/d"]);
  let left = 100;
  removing(server, []);
  const remove = server.handlers["remove"];
  server.handlers["remove"] = (request, peer) => {
    left -= 1;
    if (left === 0) peer.drop();
    return remove?.(request, peer) ?? null;
  };
  const { code, stderr } = await run([TINCAN, "rm", "-r", `${server.host}/d`]);
  expect([code, stderr.split("\n")]).toEqual([
    1,
    [`/d: the connection to ${server.host} was lost`, expect.stringMatching(/^tincan: 1 of \d+ failed: \/d$/), ""],
  ]);
});

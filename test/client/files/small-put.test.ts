import { expect, test } from "bun:test";
import type { Message } from "../../support/frames.ts";
import { run } from "../../support/program.ts";
import { TempFolder } from "../../support/temp.ts";
import { TINCAN } from "../../support/tincan.ts";
import { refusal, ScriptedFiles } from "./scripted-files.ts";

/** Puts a file of so many bytes. */
async function put(server: ScriptedFiles, bytes: number) {
  using here = new TempFolder();
  await Bun.write(here.file("a"), Buffer.alloc(bytes, "x"));
  return await run([TINCAN, "put", "a", server.host, "--retries", "0"], { cwd: here.path });
}

test.each([0, 1, 64 * 1024])("%d bytes are put without waiting for leave", async (bytes) => {
  using server = new ScriptedFiles();
  const { put: begin, end } = server.handlers;
  let asked: Message = {};
  server.handlers["put"] = (request, peer) => {
    asked = { id: request["id"], ok: true, ...begin?.(request, peer) };
    return null;
  };
  server.handlers["end"] = (request, peer) => {
    peer.send(asked);
    return end?.(request, peer) ?? null;
  };
  const { code, stdout } = await put(server, bytes);
  expect([code, stdout, server.files.get("/a")?.length]).toEqual([0, expect.stringContaining("verified"), bytes]);
});

test("what is refused is told with the reason of the put", async () => {
  using server = new ScriptedFiles();
  server.handlers["put"] = () => refusal("denied", "you may not put files here");
  const { code, stderr } = await put(server, 10);
  expect([code, stderr]).toEqual([1, "tincan: a: you may not put files here\n"]);
});

test("what is broken off is told with the reason of that", async () => {
  using server = new ScriptedFiles();
  server.onBytes = (_, peer) => {
    for (const id of peer.uploads.keys()) peer.send({ id, ...refusal("no-space", "the disk is full") });
    peer.uploads.clear();
  };
  const { code, stderr } = await put(server, 10);
  expect([code, stderr]).toEqual([1, "tincan: a: the disk is full\n"]);
});

test("more than that begins with what an earlier try left", async () => {
  using server = new ScriptedFiles();
  server.parts.set("/a", Buffer.alloc(30_000, "x"));
  const { code, stderr } = await put(server, 64 * 1024 + 1);
  expect([code, stderr]).toEqual([0, "resuming a at 45.7 %\n"]);
});

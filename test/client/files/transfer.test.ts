import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { until } from "../../support/deadline.ts";
import { Program, run } from "../../support/program.ts";
import { TempFolder } from "../../support/temp.ts";
import { TINCAN } from "../../support/tincan.ts";
import { ScriptedFiles } from "./scripted-files.ts";

const MEGABYTE = Buffer.alloc(1_000_000, "x");
const STOPPED = /stopped at \d+\.\d %; run the same command again to go on\n$/;

/** A server on which no transfer gets beyond its middle, where `half` is called. */
function open(half: () => void) {
  const server = new ScriptedFiles();
  const here = new TempFolder();
  server.files.set("/a.bin", MEGABYTE);
  server.handlers["get"] = ({ id, offset = 0, length }, peer) => {
    peer.send({ id, ok: true, ...server.head(MEGABYTE) });
    const from = Number(offset);
    if (length === 0) return { event: "end", bytes: 0 };
    peer.chunk(Number(id), from, MEGABYTE.subarray(from, Math.max(from, 500_000)));
    half();
    return null;
  };
  server.handlers["end"] = () => null;
  server.onBytes = (received) => {
    if (received > 500_000) half();
  };
  const start = async (op: "get" | "put", ...flags: readonly string[]) => {
    await Bun.write(here.file("b.bin"), MEGABYTE);
    const what = op === "get" ? [`${server.host}/a.bin`] : ["b.bin", server.host];
    return new Program([TINCAN, op, ...what, ...flags], { cwd: here.path });
  };
  return {
    server,
    start,
    /** Bytes that a transfer has left on this side. */
    get left(): number {
      return Bun.file(here.file(".a.bin.tincan-part")).size;
    },
    [Symbol.dispose]() {
      server[Symbol.dispose]();
      here[Symbol.dispose]();
    },
  };
}

describe.each(["get", "put"] as const)("a %s that ends unfinished says how far it came and how to go on", (op) => {
  test.each([
    ["--retries 0", ["--retries", "0"], /^tincan: [ab]\.bin: the connection to \S+ was lost; stopped/],
    [
      "its tries used up",
      ["--retries", "1"],
      /^tincan: [ab]\.bin: the connection to \S+ was lost, given up after 1 try; stopped/m,
    ],
  ] as const)("%s", async (_, flags, words) => {
    let isOver = false;
    using t = open(() => {
      isOver = true;
      // What is on its way to a client arrives before it is told of the end.
      setImmediate(() => {
        for (const peer of t.server.peers) peer.end();
      });
    });
    // So that a second try moves nothing.
    const { hello } = t.server.handlers;
    t.server.handlers["hello"] = (request, peer) => {
      if (!isOver) return hello?.(request, peer) ?? null;
      peer.drop();
      return null;
    };
    await using program = await t.start(op, ...flags);
    expect(await program.exited()).toBe(1);
    const said = program.stderr.unread.toString();
    expect(said).toMatch(words);
    expect(said).toMatch(STOPPED);
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s", async (signal, code) => {
    let isHalf = false;
    using t = open(() => {
      isHalf = true;
    });
    await using program = await t.start(op);
    await until(() => isHalf && (op === "put" || t.left === 500_000), "the middle");
    program.kill(signal);
    expect(await program.exited()).toBe(code);
    const [name, percent] = op === "get" ? ["a.bin", "50\\.0"] : ["b.bin", "\\d+\\.\\d"];
    const said = program.stderr.unread.toString();
    expect(said).toMatch(new RegExp(`^${name}: stopped at ${percent} %; run the same command again to go on\\n$`));
  });
});

test.each([
  ["the same file", MEGABYTE, 0, "a.bin: already there, hash verified", ["a.bin"]],
  ["another one", Buffer.from("other"), 1, "--force replaces it", [".a.bin.tincan-part", "a.bin"]],
] as const)("a get that finds %s under its name at its end", async (_, theirs, code, said, left) => {
  using server = new ScriptedFiles();
  using here = new TempFolder();
  server.files.set("/a.bin", MEGABYTE);
  const { get } = server.handlers;
  server.handlers["get"] = (request, peer) => {
    writeFileSync(here.file("a.bin"), theirs);
    return get?.(request, peer) ?? null;
  };
  const done = await run([TINCAN, "get", `${server.host}/a.bin`], { cwd: here.path });
  expect(done.code).toBe(code);
  expect(done.stdout + done.stderr).toContain(said);
  expect(readdirSync(here.path).sort()).toEqual([...left]);
  expect(readFileSync(here.file("a.bin"))).toEqual(Buffer.from(theirs));
});

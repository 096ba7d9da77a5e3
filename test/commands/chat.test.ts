import { describe, expect, test } from "bun:test";
import { FramedClient } from "../support/frames.ts";
import { Program, run } from "../support/program.ts";
import { Relay } from "../support/relay.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";

const FRAMED = ["--doors", "framed"];
const at = (tincan: Tincan) => `127.0.0.1:${tincan.port("framed")}`;
const bob = (tincan: Tincan) => FramedClient.chat({ port: tincan.port("framed") }, { name: "bob" });

/** A chat without a terminal that has come in: somebody who is there already saw it. */
async function piped(tincan: Tincan, witness: FramedClient, ...flags: readonly string[]): Promise<Program> {
  const program = new Program([TINCAN, "chat", at(tincan), "--name", "ann", ...flags]);
  await witness.event("join");
  return program;
}

describe("tincan chat without a terminal", () => {
  test("says the lines of stdin in order, as they are, and leaves when all are answered", async () => {
    await using tincan = await startTincan(FRAMED);
    using listener = await bob(tincan);
    const input = "one\n/etc/passwd\n\n//two\ttabs\nlast";
    const outcome = await run([TINCAN, "chat", at(tincan), "--name", "ann"], { input });
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    const heard: unknown[] = [];
    for (let i = 0; i < 4; i++) heard.push((await listener.event("message"))["text"]);
    expect(heard).toEqual(["one", "/etc/passwd", "//two    tabs", "last"]);
    expect(await listener.event("quit")).toMatchObject({ name: "ann" });
  });

  test("is slowed by the flood limit and loses nothing", async () => {
    await using tincan = await startTincan(FRAMED);
    using listener = await bob(tincan);
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
    const { code } = await run([TINCAN, "chat", at(tincan)], { input: lines.join("\n") });
    expect(code).toBe(0);
    for (const line of lines) expect(await listener.event("message")).toMatchObject({ text: line });
  });

  test("prints what others say as text, with nothing that could drive a terminal", async () => {
    await using tincan = await startTincan(FRAMED);
    using speaker = await bob(tincan);
    await using ann = await piped(tincan, speaker);
    await speaker.request("say", { room: "#lobby", text: "two\nlines \u202e" });
    expect(await ann.stdout.readLine()).toBe("bob: two");
    expect(await ann.stdout.readLine()).toBe("bob: lines \\u202e");
    await speaker.request("act", { room: "#lobby", text: "waves" });
    expect(await ann.stdout.readLine()).toBe("* bob waves");
    expect(await ann.outcome()).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("prints the wire's events unchanged, one per line, with --json", async () => {
    await using tincan = await startTincan(FRAMED);
    using speaker = await bob(tincan);
    await using ann = await piped(tincan, speaker, "--json");
    const said = await speaker.request("say", { room: "#lobby", text: 'ein "Löwe" \u202e' });
    const line = await ann.stdout.readLine();
    expect(line).not.toContain("\u202e");
    expect(JSON.parse(line)).toMatchObject({ event: "message", text: 'ein "Löwe" \u202e', seq: said["seq"] });
    await speaker.request("say", { room: "#lobby", text: "plain" });
    const { time, epoch } = JSON.parse(line);
    const keys = ["event", "room", "from", "text", "time", "epoch", "seq"];
    const next = await ann.stdout.readLine();
    expect(Object.keys(JSON.parse(next))).toEqual(keys);
    expect(JSON.parse(next)).toMatchObject({ epoch, time: expect.stringMatching(/^\d{4}-/) });
    expect(time).toMatch(/Z$/);
  });

  test("takes commands when asked to", async () => {
    await using tincan = await startTincan(FRAMED);
    using listener = await bob(tincan);
    const { code, stderr } = await run([TINCAN, "chat", at(tincan), "--name", "ann", "--commands"], {
      input: "/msg bob psst\n/join dev\n/quit\nnever said\n",
    });
    expect(code).toBe(0);
    expect(await listener.event("private")).toMatchObject({ from: "ann", text: "psst" });
    expect(stderr).toBe("-- you are in #dev\n");
  });

  test("ends with 1 when a line was refused, after it said the others", async () => {
    await using tincan = await startTincan(FRAMED);
    using listener = await bob(tincan);
    const input = `${"x".repeat(4_001)}\nfine\n`;
    const { code, stderr } = await run([TINCAN, "chat", at(tincan)], { input });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^-- .*4001 bytes is too long.*\ntincan: one line was not taken\n$/);
    expect(await listener.event("message")).toMatchObject({ text: "fine" });
  });

  test("ends quietly when nobody reads its output any more", async () => {
    await using tincan = await startTincan(FRAMED);
    using speaker = await bob(tincan);
    const command = `"$0" chat ${at(tincan)} --name ann | head -n 1`;
    await using pipe = new Program(["sh", "-c", command, TINCAN]);
    await speaker.event("join");
    await speaker.request("say", { room: "#lobby", text: "the only line that is read" });
    await pipe.stdout.readLine();
    await speaker.request("say", { room: "#lobby", text: "into the broken pipe" });
    expect(await pipe.exited()).toBe(0);
    expect(pipe.stderr.unread.toString()).toBe("");
  });

  test("ends with 1 and one sentence when it cannot come in", async () => {
    await using tincan = await startTincan(["--doors", "framed,line"]);
    using _ = await bob(tincan);
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [["127.0.0.1:1"], /^tincan: cannot reach 127\.0\.0\.1:1: nobody listens there; start one with "tincan serve"\n$/],
      [[at(tincan), "--name", "bob"], /^tincan: .*bob.*\n$/],
      [[`127.0.0.1:${tincan.port("line")}`], /^tincan: 127\.0\.0\.1:\d+ does not speak tincan's frames; .*8400.*\n$/],
    ];
    for (const [args, words] of cases) {
      const { code, stdout, stderr } = await run([TINCAN, "chat", ...args]);
      expect(stderr).toMatch(words);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    }
  });

  test("says what was typed while the server was away once it is back", async () => {
    const first = await startTincan(FRAMED);
    const port = first.port("framed");
    using speaker = await bob(first);
    await using ann = await piped(first, speaker);
    speaker[Symbol.dispose]();
    await first[Symbol.asyncDispose]();
    await ann.stderr.readLineWith("-- the connection is lost; trying again in 1 s");
    await ann.write("still here\n");
    await using second = await startTincan([...FRAMED, "--framed-port", String(port)]);
    using listener = await bob(second);
    expect(await listener.event("message")).toMatchObject({ from: "ann", text: "still here" });
    await ann.stderr.readLineWith("-- connected again; the server has forgotten what was said in #lobby before");
    expect((await ann.outcome()).code).toBe(0);
  });

  test("a guest comes back as the same guest after the server has seen it go", async () => {
    await using tincan = await startTincan(FRAMED);
    using speaker = await bob(tincan);
    await using relay = await Relay.start(tincan.port("framed"));
    await using guest = new Program([TINCAN, "chat", `127.0.0.1:${relay.port}`]);
    const { name } = await speaker.event("join");
    await speaker.request("say", { room: "#lobby", text: "welcome" });
    await guest.stdout.readLineWith("bob: welcome");
    relay.lose("client");
    expect(await speaker.event("quit")).toMatchObject({ name });
    expect(await speaker.event("join")).toMatchObject({ name });
    expect((await guest.outcome()).stderr).not.toContain("you are called");
  });

  test("tells what a server has lost that was killed before it could write it down", async () => {
    using disk = SmallDisk.mount(2 * 1024 * 1024);
    if (disk === null) return;
    const kept = [...FRAMED, "--history", "7d", "--state-dir", disk.file("state")];
    const first = await startTincan(kept);
    const port = first.port("framed");
    using speaker = await bob(first);
    await using ann = await piped(first, speaker);
    await speaker.request("say", { room: "#lobby", text: "kept" });
    await speaker.request("search", { room: "#lobby", text: "all that was said is on the disk now" });
    disk.fill();
    const last = await speaker.request("say", { room: "#lobby", text: "nobody will know" });
    await first.stop("SIGKILL").catch(() => {});
    await ann.stdout.readLineWith("nobody will know");
    await first[Symbol.asyncDispose]();
    disk.makeRoom();
    await using second = await startTincan([...kept, "--framed-port", String(port)]);
    using listener = await bob(second);
    expect(await listener.request("history", { room: "#lobby" })).not.toMatchObject({ seq: last["seq"] });
    await ann.stderr.readLineWith("-- connected again; the server has lost the last message from before");
    expect((await ann.outcome()).code).toBe(0);
  });
});

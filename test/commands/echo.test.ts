import { describe, expect, test } from "bun:test";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { FramedClient } from "../support/frames.ts";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

const echo = (args: readonly string[], input?: string | Uint8Array) =>
  run([TINCAN, "echo", ...args], input === undefined ? {} : { input });

describe("tincan echo", () => {
  test("prints what comes back, over TCP, UDP and frames", async () => {
    await using tincan = await startTincan(["--doors", "echo,framed"]);
    const door = `127.0.0.1:${tincan.port("echo")}`;
    const framed = `127.0.0.1:${tincan.port("framed")}`;
    const said = { code: 0, stdout: "HELLO WORLD\n", stderr: "" };
    expect(await echo([door, "hello", "world"])).toEqual(said);
    expect(await echo([door, "hello", "world", "--udp"])).toEqual(said);
    expect(await echo([`[::1]:${tincan.port("echo")}`, "hello", "world", "--udp"])).toEqual(said);
    expect(await echo([framed, "hello", "world", "--frames"])).toEqual(said);
    const lines = { code: 0, stdout: "A\nB\n", stderr: "" };
    expect(await echo([door], "a\nb\n")).toEqual(lines);
    expect(await echo([door, "--udp"], "a\nb")).toEqual(lines);
    expect(await echo([framed, "--frames"], "a\nb")).toEqual(lines);
  });

  test("sends stdin as it is, more than any buffer holds", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7 + (i >> 8)) % 64));
    const { code, stdout } = await echo([`127.0.0.1:${tincan.port("echo")}`], bytes);
    expect(code).toBe(0);
    expect(stdout).toBe(bytes.toString());
  });

  test("takes a header format, and says when the server has another", async () => {
    await using tincan = await startTincan(["--doors", "framed", "--frame-header", "<H"]);
    const door = `127.0.0.1:${tincan.port("framed")}`;
    expect(await echo([door, "hello", "--frames", "<H"])).toMatchObject({ code: 0, stdout: "HELLO\n" });
    await using other = await startTincan(["--doors", "framed"]);
    const wrong = `127.0.0.1:${other.port("framed")}`;
    const { code, stderr } = await echo([wrong, "hello", "--frames", "<H"]);
    expect(code).toBe(1);
    expect(stderr).toStartWith(`tincan: ${wrong} `);
  });

  test("ends with 1 and one sentence when nobody listens", async () => {
    for (const how of [[], ["--udp"], ["--frames"]]) {
      const { code, stdout, stderr } = await echo(["127.0.0.1:1", "hello", ...how]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toBe('tincan: cannot reach 127.0.0.1:1: nobody listens there; start one with "tincan serve"\n');
    }
  });

  test("ends with 1 after two seconds when no datagram comes back", async () => {
    const mute = createSocket("udp4");
    mute.bind(0, "127.0.0.1");
    await once(mute, "listening");
    const { port } = mute.address();
    const { code, stderr } = await echo([`127.0.0.1:${port}`, "hello", "--udp"]);
    mute.close();
    expect(code).toBe(1);
    expect(stderr).toBe(`tincan: no answer came from 127.0.0.1:${port} within 2 s\n`);
  });

  test("says nothing to who speaks first as the chat or FTP do", async () => {
    using folder = new TempFolder();
    await using tincan = await startTincan([folder.path, "--doors", "line,ftp,framed"]);
    using bob = await FramedClient.chat({ port: tincan.port("framed") }, { name: "bob" });
    const refusal = /^tincan: 127\.0\.0\.1:\d+ is no echo: it said ".*" first, and was sent nothing; [^\n]*\n$/;
    for (const [name, greeting] of [
      ["line", "-- tincan: you are guest"],
      ["ftp", "220 "],
    ] as const) {
      const door = `127.0.0.1:${tincan.port(name)}`;
      const { code, stdout, stderr } = await echo([door, "secret"]);
      expect([code, stdout, stderr]).toEqual([1, expect.stringContaining(greeting), expect.stringMatching(refusal)]);
      const bench = await run([TINCAN, "bench", "echo", door]);
      expect(bench).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(refusal) });
    }
    expect(await bob.request("history", { room: "#lobby" })).toMatchObject({ events: [] });
    // Each of the two came as one guest alone.
    expect((await echo([`127.0.0.1:${tincan.port("line")}`, "secret"])).stdout).toContain("guest3");
  });

  test("shows an echo's greeting", async () => {
    await using tincan = await startTincan(["--doors", "echo", "--echo-greeting", "hello !\n"]);
    const stdout = "hello !\nHI\n";
    expect(await echo([`127.0.0.1:${tincan.port("echo")}`, "hi"])).toEqual({ code: 0, stdout, stderr: "" });
  });

  test("shows an answer that is no echo, and ends with 1", async () => {
    await using tincan = await startTincan(["--doors", "echo", "--echo-reply", "respons"]);
    const door = `127.0.0.1:${tincan.port("echo")}`;
    for (const [how, stdout] of [
      [[], "respons"],
      [["--udp"], "respo\n"],
    ] as const) {
      const stderr = `tincan: ${door} answered something else than what it was sent in upper case\n`;
      expect(await echo([door, "hello", ...how])).toEqual({ code: 1, stdout, stderr });
    }
  });

  test("takes the very words for an echo, too, in whatever pieces, and misses those that do not come", async () => {
    const answers = (answer: (bytes: Buffer) => Buffer) =>
      Bun.listen({
        hostname: "127.0.0.1",
        port: 0,
        allowHalfOpen: true,
        socket: {
          data: (socket, bytes) => void socket.write(answer(bytes)),
          end: (socket) => void socket.end(),
        },
      });
    using same = answers((bytes) => bytes);
    expect(await echo([`127.0.0.1:${same.port}`], "a\nB\n")).toEqual({ code: 0, stdout: "a\nB\n", stderr: "" });
    using short = answers((bytes) => bytes.subarray(0, 2));
    expect(await echo([`127.0.0.1:${short.port}`, "hello"])).toEqual({
      code: 1,
      stdout: "he",
      stderr: `tincan: 127.0.0.1:${short.port} closed the connection before everything was answered\n`,
    });
  });

  test("ends quietly when nobody reads on, and in one sentence when the server does not", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    const endless = (door: string, then: string) =>
      run(["bash", "-c", `yes | "$1" echo "$2" ${then}; exit "\${PIPESTATUS[1]}"`, "bash", TINCAN, door]);
    const echoed = await endless(`127.0.0.1:${tincan.port("echo")}`, "| head -n 2");
    expect(echoed).toEqual({ code: 0, stdout: "Y\nY\n", stderr: "" });

    using rude = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: (socket) => void socket.terminate() } });
    const door = `127.0.0.1:${rude.port}`;
    const broken = await endless(door, "");
    expect(broken).toEqual({
      code: 1,
      stdout: "",
      stderr: `tincan: ${door} closed the connection without an answer\n`,
    });
  });

  test("refuses with 64 what cannot be meant", async () => {
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [["--udp", "--frames"], "exclude each other"],
      [["--frames", "127.0.0.1"], "--frames=FORMAT"],
      [["a:b:c"], "HOST:PORT"],
    ];
    for (const [args, words] of wrong) {
      const { code, stderr } = await echo(args);
      expect(stderr).toContain(words);
      expect(code).toBe(64);
    }
  });
});

import { describe, expect, test } from "bun:test";
import { FramedClient, frame, readFrame } from "../support/frames.ts";
import { lineClient } from "../support/line-user.ts";
import { connect } from "../support/tcp.ts";
import { startTincan } from "../support/tincan.ts";

const MIB = 1024 * 1024;

describe("memory that a peer can claim", () => {
  test("10 MiB without a newline are told once, discarded and forgotten", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    using ann = await lineClient({ port: tincan.port("line") }, "ann");
    using bob = await lineClient({ port: tincan.port("line") }, "bob");
    const before = tincan.rss();
    for (let i = 0; i < 160; i++) await ann.tcp.write(Buffer.alloc(64 * 1024, "x"));
    await ann.user.say("");
    await ann.user.say("after");
    expect(await bob.user.hears(/ann: |x{100}/)).toBe("ann: after");
    expect(ann.tcp.inbox.unread.toString().match(/8[,.]?192/g)).toHaveLength(1);
    expect(tincan.rss() - before).toBeLessThan(24 * MIB);
  });

  test("a header that promises 4 GiB is refused on the spot and allocates nothing", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    const before = tincan.rss();
    for (const length of ["ffffffff", "7fffffff", "80000000", "00100001"]) {
      for (let i = 0; i < 50; i++) {
        using bomber = await connect({ port: tincan.port("framed") });
        await bomber.write(Buffer.from(length, "hex"));
        // The header is in the byte order in which the bomber's number would have been legal.
        const told = (await bomber.readAll()).subarray(4).toString();
        expect(JSON.parse(told)).toMatchObject({ event: "bye", reason: "violation" });
      }
    }
    await tincan.waitForEvents(200, ({ event, reason }) => event === "closed" && reason === "violation");
    expect(tincan.rss() - before).toBeLessThan(24 * MIB);
  });

  test("200 headers that promise 1 MiB each and then say little cost little", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    const before = tincan.rss();
    const clients = await Promise.all(Array.from({ length: 200 }, () => connect({ port: tincan.port("framed") })));
    for (const client of clients) await client.write(Buffer.from(`00100000${"61".repeat(100)}`, "hex"));
    using healthy = await connect({ port: tincan.port("framed") });
    await healthy.write(frame("alive"));
    expect((await readFrame(healthy)).toString()).toBe("ALIVE");
    expect(tincan.rss() - before).toBeLessThan(24 * MIB);
    for (const client of clients) client[Symbol.dispose]();
  });
});

describe("bytes that mean harm", () => {
  test("nobody's terminal is sent an escape sequence, and no line can be forged", async () => {
    await using tincan = await startTincan(["--doors", "line,framed"]);
    using ann = await lineClient({ port: tincan.port("line") }, "ann");
    using mallory = await FramedClient.chat({ port: tincan.port("framed") }, { name: "mallory" });
    using telnet = await lineClient({ port: tincan.port("line") }, "trudy");
    await mallory.request("say", { room: "#lobby", text: "one\nann: forged\n-- the server is shutting down" });
    for (const text of ["\x1b[2J", "\x9b31m", "a\rann: forged", "\u202eevil", "\x07\x00"]) {
      await mallory.request("say", { room: "#lobby", text });
      await telnet.user.say(text);
    }
    await mallory.request("say", { room: "#lobby", text: "end of it" });
    const screen = await ann.tcp.readUntil("mallory: end of it\r\n");
    for (const byte of screen) expect(byte >= " " || byte === "\r" || byte === "\n").toBe(true);
    expect(screen).not.toMatch(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    for (const line of screen.trimEnd().split("\r\n"))
      expect(line).toMatch(/^(mallory: |trudy: |-- .*(mallory|trudy|guest))/);
  });

  test("random bytes at every door end at most their own connection", async () => {
    await using tincan = await startTincan();
    using healthy = await lineClient({ port: tincan.port("line") }, "healthy");
    for (const door of ["line", "framed", "echo"]) {
      for (let i = 0; i < 50; i++) {
        using noisy = await connect({ port: tincan.port(door) });
        await noisy.write(crypto.getRandomValues(new Uint8Array(1_000))).catch(() => {});
      }
    }
    await healthy.user.say("/who");
    await healthy.user.hears("healthy");
    expect(tincan.events.filter(({ level }) => level === "error")).toEqual([]);
  });
});

import { describe, expect, test } from "bun:test";
import { HttpShare } from "../support/http-share.ts";
import { answersIn, readAnswer } from "../support/http-talk.ts";
import { run } from "../support/program.ts";
import { RawPeer, testWithRawPeers } from "../support/raw-peer.ts";
import { connect } from "../support/tcp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";
import { content } from "../support/tree.ts";

const ECHO = "GET /api/echo?text=a HTTP/1.1\r\nHost: localhost\r\n\r\n";
const BIG = content(24 * 1024 * 1024);
const GET_BIG = "GET /files/big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n";

describe("the http door", () => {
  test("answers 503 to who is one too many, and lets in who comes when there is room", async () => {
    await using tincan = await startTincan(["--doors", "http", "--max-per-address", "2"]);
    const to = { port: tincan.port("http") };
    using first = await connect(to);
    using second = await connect(to);
    for (const peer of [first, second]) {
      await peer.write(ECHO);
      expect((await readAnswer(peer)).status).toBe(200);
    }
    using third = await connect(to);
    const [refused] = answersIn((await third.readAll()).toString());
    expect(refused?.status).toBe(503);
    expect(JSON.parse(refused?.body ?? "").error.code).toBe("busy");
    const { peer } = second;
    second[Symbol.dispose]();
    await tincan.closed(peer);
    using next = await connect(to);
    await next.write(ECHO);
    expect((await readAnswer(next)).status).toBe(200);
  });

  test("answers 403 to who is banned", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    const to = { port: tincan.port("http") };
    const { code } = await run([TINCAN, "ban", "127.0.0.1", "--state-dir", tincan.folder.file("state")]);
    expect(code).toBe(0);
    using peer = await connect(to);
    const [refused] = answersIn((await peer.readAll()).toString());
    expect(refused?.status).toBe(403);
    expect(JSON.parse(refused?.body ?? "").error.code).toBe("banned");
    using browser = await connect(to);
    await browser.write("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html,*/*;q=0.8\r\n\r\n");
    const [page] = answersIn((await browser.readAll()).toString());
    expect(page?.status).toBe(403);
    expect(page?.head).toContain("Content-Type: text/html");
    expect(page?.body).toContain("<p>you are banned here.");
  });

  test("ends a connection that asks nothing for --http-idle, without a word", async () => {
    await using tincan = await startTincan(["--doors", "http", "--http-idle", "1s"]);
    const to = { port: tincan.port("http") };
    using mute = await connect(to);
    using asked = await connect(to);
    await asked.write(ECHO);
    await readAnswer(asked);
    const peers = [mute.peer, asked.peer];
    for (const peer of [mute, asked]) expect((await peer.readAll()).length).toBe(0);
    for (const peer of [mute, asked]) peer.halfClose();
    for (const peer of peers) expect((await tincan.closed(peer))["reason"]).toBe("idle");
  });

  testWithRawPeers("ends a download at last in a drain, and idle connections at once", async () => {
    const share = await HttpShare.open({ "big.bin": BIG });
    try {
      await using slow = await RawPeer.connect(share.port);
      await slow.send(GET_BIG);
      const begun = await slow.read(1_000);
      using idle = await share.connect();
      await idle.write(ECHO);
      await readAnswer(idle);
      const stopped = share.tincan.stop();
      expect((await idle.readAll()).length).toBe(0);
      const { how, bytes } = await slow.drain();
      const all = Buffer.concat([begun.bytes, bytes]);
      expect(how).toBe("ended");
      expect(all.subarray(all.indexOf("\r\n\r\n") + 4).equals(BIG)).toBe(true);
      expect(await stopped).toBe(0);
    } finally {
      await share[Symbol.asyncDispose]();
    }
  });

  testWithRawPeers("sends healthy readers all, beside one who reads nothing", async () => {
    await using share = await HttpShare.open({ "big.bin": BIG });
    await using frozen = await RawPeer.connect(share.port);
    await frozen.send(GET_BIG);
    await frozen.read(100);
    const before = share.tincan.rss();
    const answers = await Promise.all(Array.from({ length: 4 }, () => share.curl(share.url("big.bin"))));
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body.equals(BIG)).toBe(true);
    }
    // A frozen download owns no memory.
    expect(share.tincan.rss() - before).toBeLessThan(64 * 1024 * 1024);
  });
});

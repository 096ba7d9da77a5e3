import { describe, expect, test } from "bun:test";
import { client } from "../support/clients.ts";
import { HttpShare } from "../support/http-share.ts";
import { readAnswer } from "../support/http-talk.ts";
import { LineUser, lineClient } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { RawPeer, testWithRawPeers } from "../support/raw-peer.ts";
import { RawWebSocket, upgradeRequest } from "../support/raw-web-socket.ts";
import { connect } from "../support/tcp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";
import { clientFrame } from "../support/ws-frames.ts";

const nc = client("nc");
const http = (tincan: Tincan) => ({ port: tincan.port("http") });
const start = (...flags: readonly string[]) => startTincan(["--doors", "http,line", ...flags]);

/** Bun's own client: what it hears, one message after the other. */
class Browser implements Disposable {
  readonly closed: Promise<CloseEvent>;
  private readonly socket: WebSocket;
  private readonly heard: (object | Buffer)[] = [];
  private wake = () => {};

  constructor(tincan: Tincan, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${tincan.port("http")}/ws`, { headers });
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = ({ data }) => {
      this.heard.push(typeof data === "string" ? JSON.parse(data) : Buffer.from(data));
      this.wake();
    };
    this.closed = new Promise((resolve) => {
      this.socket.onclose = resolve;
    });
  }

  async say(message: object | Buffer): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING)
      await new Promise((resolve) => {
        this.socket.onopen = resolve;
      });
    this.socket.send(Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  async hears(matching: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.heard.findIndex((one) => !Buffer.isBuffer(one) && matching(one as Record<string, unknown>));
      if (found >= 0) return this.heard.splice(found, 1)[0] as Record<string, unknown>;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async chunk(): Promise<Buffer> {
    for (;;) {
      const found = this.heard.findIndex((one) => Buffer.isBuffer(one));
      if (found >= 0) return this.heard.splice(found, 1)[0] as Buffer;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async hello(o: object): Promise<Record<string, unknown>> {
    await this.say({ op: "hello", v: 1, id: 1, ...o });
    return await this.hears(({ id }) => id === 1);
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

describe("a WebSocket", () => {
  nc.test("is in one room with nc", async () => {
    await using tincan = await start();
    await using program = new Program([nc.path, "127.0.0.1", String(tincan.port("line"))]);
    const nat = await LineUser.at(program).isCalled("nat");
    using web = new Browser(tincan);
    expect(await web.hello({ service: "chat", name: "web" })).toMatchObject({ ok: true, name: "web" });
    await nat.say("héllo 文件 😀");
    expect(await web.hears(({ event }) => event === "message")).toMatchObject({ from: "nat", text: "héllo 文件 😀" });
    await web.say({ op: "say", room: "#lobby", text: "and back", id: 2 });
    expect(await nat.hears("web: ")).toBe("web: and back");
    nc.exchanged(2);
  });

  test("puts and gets files", async () => {
    await using share = await HttpShare.open({ "a.txt": Buffer.from("hello there") });
    using web = new Browser(share.tincan);
    expect((await web.hello({ service: "files" }))["ok"]).toBe(true);
    await web.say({ op: "get", path: "/a.txt", id: 5 });
    expect(await web.chunk()).toEqual(Buffer.concat([chunkHead(5), Buffer.from("hello there")]));
    await web.say({ op: "put", path: "/b.txt", size: 3, id: 6 });
    expect(await web.hears(({ id }) => id === 6)).toMatchObject({ ok: true, offset: 0 });
    await web.say(Buffer.concat([chunkHead(6), Buffer.from("new")]));
    await web.say({ op: "end", of: 6, size: 3, id: 7 });
    expect(await web.hears(({ id }) => id === 7)).toMatchObject({ ok: true });
    expect(share.sharedBytes("b.txt").toString()).toBe("new");
  });

  test("takes its name back, and hears what it missed", async () => {
    await using tincan = await start();
    using ann = await lineClient({ port: tincan.port("line") }, "ann");
    const first = new Browser(tincan);
    const hello = await first.hello({ service: "chat", name: "web" });
    await ann.user.say("before");
    const { epoch, seq } = await first.hears(({ event }) => event === "message");
    await ann.user.say("meanwhile");
    using second = new Browser(tincan);
    expect(await second.hello({ service: "chat", session: hello["session"] })).toMatchObject({ ok: true, name: "web" });
    expect((await first.closed).code).toBe(1008);
    await second.say({ op: "history", room: "#lobby", after: seq, id: 3 });
    const { events } = await second.hears(({ id }) => id === 3);
    expect(events).toMatchObject([{ text: "meanwhile", epoch, seq: Number(seq) + 1 }]);
  });

  test("is ended with the code that says why", async () => {
    await using tincan = await start("--max-frame", "1000");
    const chat = () => RawWebSocket.chat(http(tincan), `a${Math.floor(performance.now() * 1000) % 1_000_000}`);
    const cases = [
      [{ opcode: 1, payload: "x".repeat(1001) }, 1009],
      [{ opcode: 1, payload: "{}", mask: null }, 1002],
      [{ opcode: 1, payload: Buffer.of(0xff) }, 1007],
      [{ opcode: 5 }, 1002],
      [{ opcode: 8, payload: Buffer.of(3, 233) }, 1001],
      [{ opcode: 8 }, 1000],
    ] as const;
    for (const [frame, code] of cases) {
      using ws = await chat();
      await ws.send(frame);
      expect((await ws.readEnd()).code).toBe(code);
      expect((await ws.tcp.readAll()).length).toBe(0);
    }
  });

  test("answers pings, also within a message", async () => {
    await using tincan = await start();
    using ws = await RawWebSocket.chat(http(tincan), "ann");
    await ws.send(
      { opcode: 1, payload: '{"op":"ping",', fin: false },
      { opcode: 9, payload: "are you there" },
      { opcode: 0, payload: '"id":9}' },
    );
    expect(await ws.read()).toEqual({ opcode: 10, payload: Buffer.from("are you there") });
    expect(await ws.readJson()).toMatchObject({ id: 9, ok: true });
  });

  test("of a foreign page is refused, of the own page and of programs is not", async () => {
    await using tincan = await start();
    const { port } = http(tincan);
    const status = async (fields: string) => {
      using peer = await connect({ port });
      await peer.write(upgradeRequest(fields));
      return Number((await peer.readUntil("\r\n\r\n")).split(" ")[1]);
    };
    expect(await status("Origin: http://evil.example\r\n")).toBe(403);
    expect(await status("Origin: null\r\n")).toBe(403);
    expect(await status("Sec-Fetch-Site: cross-site\r\n")).toBe(403);
    expect(await status("Origin: http://localhost\r\n")).toBe(101);
    expect(await status("")).toBe(101);
  });

  test("is seen, and kicked by name", async () => {
    await using tincan = await start();
    const state = ["--state-dir", tincan.folder.file("state")];
    using ws = await RawWebSocket.chat(http(tincan), "mallory");
    const { code, stdout } = await run([TINCAN, "kick", "mallory", ...state]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("1")]);
    expect((await ws.readEnd()).code).toBe(1008);
  });

  test("is told that the server goes, while others wait for nothing", async () => {
    const tincan = await start();
    try {
      using web = new Browser(tincan);
      await web.hello({ service: "chat", name: "web" });
      using idle = await connect(http(tincan));
      await idle.write("GET /api/echo?text=a HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await readAnswer(idle);
      const bye = web.hears(({ event }) => event === "bye");
      const stopped = tincan.stop();
      expect(await bye).toMatchObject({ reason: "shutdown" });
      expect((await web.closed).code).toBe(1001);
      expect((await idle.readAll()).length).toBe(0);
      expect(await stopped).toBe(0);
    } finally {
      await tincan[Symbol.asyncDispose]();
    }
  });

  testWithRawPeers("that pings and never reads is not read for as long", async () => {
    await using tincan = await start();
    await using peer = await RawPeer.connect(tincan.port("http"));
    await peer.send(upgradeRequest());
    await peer.send(clientFrame({ opcode: 1, payload: '{"op":"hello","v":1,"service":"chat","id":1}' }));
    const ping = clientFrame({ opcode: 9, payload: "x".repeat(125) });
    expect((await peer.flood(Buffer.concat(Array.from({ length: 100 }, () => ping)))).how).toBe("stuck");
    using web = new Browser(tincan);
    expect((await web.hello({ service: "chat", name: "web" }))["ok"]).toBe(true);
  });

  testWithRawPeers("that does not read what is said dies as slow, and nobody else notices", async () => {
    await using tincan = await start("--chat-rate", "0");
    await using frozen = await RawPeer.connect(tincan.port("http"));
    await frozen.send(upgradeRequest());
    await frozen.send(clientFrame({ opcode: 1, payload: '{"op":"hello","v":1,"service":"chat","name":"ice","id":1}' }));
    using ws = await RawWebSocket.chat(http(tincan), "web");
    using ann = await lineClient({ port: tincan.port("line") }, "ann");
    const text = "x".repeat(3_900);
    let frozenEnded = false;
    const ended = tincan.closed(frozen.peer).finally(() => {
      frozenEnded = true;
    });
    let said = 0;
    for (; !frozenEnded && said < 5_000; said++) {
      await ann.user.say(`${said} ${text}`);
      for (let heard = await ws.readJson(); ; heard = await ws.readJson()) {
        if (heard["event"] !== "message") continue;
        expect(String(heard["text"])).toStartWith(`${said} `);
        break;
      }
    }
    expect((await ended)["reason"]).toBe("slow");
  });
});

/** Before the bytes of a chunk, at offset 0. */
function chunkHead(id: number): Buffer {
  const head = Buffer.alloc(13);
  head[0] = 1;
  head.writeUInt32BE(id, 1);
  return head;
}

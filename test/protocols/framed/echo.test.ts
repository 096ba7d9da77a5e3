import { describe, expect, test } from "bun:test";
import { MemoryDoor } from "./door.ts";

describe("echo", () => {
  test("sends each frame back with its ASCII letters in upper case, byte for byte", async () => {
    const peer = new MemoryDoor().connect();
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const upper = bytes.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte));
    await peer.say("Hello, wörld", "", bytes);
    expect(peer.bodies()).toEqual([Buffer.from("HELLO, WöRLD"), Buffer.alloc(0), Buffer.from(upper)]);
    expect(peer.conn.state).toBe("open");
  });

  test("leaves headers alone that look like letters", async () => {
    const peer = new MemoryDoor().connect();
    for (const length of [0x61, 0x6162, 0x7a7a]) {
      const body = Buffer.alloc(length, "a");
      await peer.say(body, body);
      expect(peer.bodies().map((answer) => answer.length)).toEqual([length, length]);
    }
  });

  test("sends the frames of a chunk in one piece, without a copy", async () => {
    const peer = new MemoryDoor().connect();
    await peer.say("first");
    peer.bodies();
    const chunk = Buffer.concat(["a", "bb", "", "ccc"].map((body) => peer.frame(body)));
    const own = new Uint8Array(chunk);
    await peer.conn.session?.onData(own);
    expect(peer.conn.pieces.map(({ buffer }) => buffer)).toEqual([own.buffer]);
    expect(peer.texts()).toEqual(["A", "BB", "", "CCC"]);
  });

  test("is the same however the bytes are cut", async () => {
    const peer = new MemoryDoor().connect();
    const all = Buffer.concat(["one", "", "{two}", "three"].map((body) => peer.frame(body)));
    for (let first = 0; first <= all.length; first++) {
      for (let second = first; second <= all.length; second++) {
        const cut = new MemoryDoor().connect();
        for (const part of [all.subarray(0, first), all.subarray(first, second), all.subarray(second)]) {
          if (part.length > 0) await cut.conn.push(part);
        }
        expect(cut.texts()).toEqual(["ONE", "", "{TWO}", "THREE"]);
        expect(cut.conn.deadlines.size).toBe(0);
      }
    }
  });

  test("is what JSON gets that says no hello, first or later", async () => {
    const peer = new MemoryDoor().connect();
    await peer.say('{"op":"say"}', '{"op":"hello","v":1,"service":"chat","id":1}', '{"hello":1}', "{broken");
    expect(peer.texts()).toEqual([
      '{"OP":"SAY"}',
      '{"OP":"HELLO","V":1,"SERVICE":"CHAT","ID":1}',
      '{"HELLO":1}',
      "{BROKEN",
    ]);
  });

  test("goes on after a half-close until everything is answered, and ends in peace", async () => {
    const peer = new MemoryDoor().connect();
    await peer.say("last");
    peer.conn.session?.onPeerEnd?.();
    expect(peer.texts()).toEqual(["LAST"]);
    expect(peer.conn.why).toEqual({ kind: "local" });
  });

  test("gives everybody else a turn among thousands of empty frames, and loses none", async () => {
    const door = new MemoryDoor();
    const peer = door.connect();
    const flood = peer.say(...Array.from({ length: 20_000 }, () => ""));
    const before = peer.bodies().length;
    expect(before).toBeLessThan(10_000);
    await flood;
    expect(before + peer.bodies().length).toBe(20_000);
  });

  test("can be asked for by a hello, and then a hello is nothing special", async () => {
    const peer = new MemoryDoor().connect();
    const [answer] = await peer.ask({ op: "hello", v: 1, service: "echo", id: 3 });
    expect(answer).toEqual({
      id: 3,
      ok: true,
      v: 1,
      server: "tincan/test",
      service: "echo",
      limits: { frame: 1 << 20 },
    });
    await peer.say("abc", '{"op":"hello"}');
    expect(peer.texts()).toEqual(["ABC", '{"OP":"HELLO"}']);
  });

  test("begins in the chunk that brought the hello", async () => {
    const peer = new MemoryDoor().connect();
    await peer.say({ op: "hello", v: 1, service: "echo", id: 3 }, "abc", "def");
    expect(peer.texts().slice(1)).toEqual(["ABC", "DEF"]);
  });
});

describe("a peer that does not read", () => {
  test("is not read either, and gets every frame once it reads", async () => {
    const peer = new MemoryDoor().connect();
    peer.conn.freeze();
    let going = false;
    const first = peer.say("one", "two").then(() => {
      going = true;
    });
    await new Promise(setImmediate);
    expect(going).toBe(false);
    peer.conn.thaw();
    await first;
    await peer.say("three");
    expect(peer.texts()).toEqual(["ONE", "TWO", "THREE"]);
  });

  test("is not hurried to finish the frame that it has begun", async () => {
    const peer = new MemoryDoor().connect();
    await peer.say("one");
    peer.conn.freeze();
    const half = peer.conn.push(Buffer.concat([peer.frame("two"), peer.frame("three").subarray(0, 6)]));
    await new Promise(setImmediate);
    expect(peer.conn.deadlines.has("handshake")).toBe(false);
    peer.conn.thaw();
    await half;
    expect(peer.conn.deadlines.get("handshake")).toBe(60_000);
  });
});

describe("half a frame", () => {
  test("has a minute from its first byte, which no further byte prolongs", async () => {
    const peer = new MemoryDoor().connect();
    const frame = peer.frame("abcdef");
    for (let i = 0; i < frame.length - 1; i++) await peer.conn.push(frame.subarray(i, i + 1));
    expect(peer.conn.deadlines.get("handshake")).toBe(60_000);
    expect(peer.conn.deadlineCalls).toBe(1);
    await peer.conn.push(frame.subarray(-1));
    expect(peer.conn.deadlines.size).toBe(0);
  });

  test("has a minute of its own behind a frame that is complete", async () => {
    const peer = new MemoryDoor().connect();
    await peer.conn.push(peer.frame("abc").subarray(0, 5));
    await peer.conn.push(Buffer.concat([peer.frame("abc").subarray(5), peer.frame("def").subarray(0, 5)]));
    expect(peer.conn.deadlineCalls).toBe(3);
    expect(peer.conn.deadlines.get("handshake")).toBe(60_000);
  });

  test("costs no call of the clock where frames come whole", async () => {
    const peer = new MemoryDoor().connect();
    for (let i = 0; i < 10; i++) await peer.say("abc", "def");
    expect(peer.conn.deadlineCalls).toBe(0);
  });

  test("is told when its minute is over", async () => {
    const peer = new MemoryDoor().connect();
    await peer.conn.push(peer.frame("abc").subarray(0, 5));
    peer.conn.end({ kind: "stall" });
    expect(peer.messages()).toMatchObject([{ event: "bye", reason: "stall" }]);
  });

  test("is told when the connection ends in it", async () => {
    const peer = new MemoryDoor().connect();
    await peer.say("abc");
    await peer.conn.push(peer.frame("def").subarray(0, 6));
    peer.conn.session?.onPeerEnd?.();
    const [echo, bye] = peer.texts();
    expect(echo).toBe("ABC");
    expect(JSON.parse(bye ?? "")).toMatchObject({ event: "bye", reason: "violation" });
    expect(peer.conn.why).toMatchObject({ kind: "violation" });
  });

  test("counts against the budget for input", async () => {
    const peer = new MemoryDoor().connect();
    await peer.conn.push(peer.frame("abcdef").subarray(0, 7));
    expect(peer.conn.session?.buffered).toBe(7);
  });
});

describe("where echo is not allowed", () => {
  test("a first frame that is no hello is the last", async () => {
    const peer = new MemoryDoor({ allow: { echo: false } }).connect();
    await peer.say("abc", "def");
    expect(peer.messages()).toEqual([
      { event: "bye", reason: "denied", text: "nobody is echoed here; say hello first" },
    ]);
    expect(peer.conn.state).toBe("finishing");
  });

  test("a hello for it is refused, and one for the chat may follow", async () => {
    const peer = new MemoryDoor({ allow: { echo: false } }).connect();
    expect(await peer.ask({ op: "hello", v: 1, service: "echo", id: 1 })).toMatchObject([
      { error: { code: "denied" } },
    ]);
    expect(await peer.ask({ op: "hello", v: 1, service: "chat", id: 2 })).toMatchObject([{ ok: true }]);
  });
});

describe("headers of fewer than 32 bits", () => {
  for (const header of ["b", "B", "!h", "<H"]) {
    test(`carry echo only: a hello behind ${header} is answered by bye`, async () => {
      const peer = new MemoryDoor({ header }).connect();
      await peer.say({ op: "hello", v: 1, service: "echo", id: 1 });
      expect(peer.messages()).toMatchObject([{ event: "bye", reason: "denied" }]);
      expect(peer.conn.state).toBe("finishing");
    });
  }

  test("say as much of the last words as they can", async () => {
    const peer = new MemoryDoor({ header: "b" }).connect();
    await peer.say("ok");
    await peer.conn.push(Uint8Array.of(0xff));
    const [echo, bye] = peer.bodies();
    expect(String(echo)).toBe("OK");
    expect(bye?.length).toBeLessThanOrEqual(127);
    expect(JSON.parse(String(bye))).toMatchObject({ event: "bye", reason: "violation" });
  });
});

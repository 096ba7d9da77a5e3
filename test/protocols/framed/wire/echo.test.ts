import { describe, expect, test } from "bun:test";
import { frame, readFrame } from "../../../support/frames.ts";
import { RawPeer, testWithRawPeers } from "../../../support/raw-peer.ts";
import { Framed, splits } from "./framed.ts";

const hello = JSON.stringify({ op: "hello", v: 1, service: "chat", id: 1 });

describe("the first frame decides", () => {
  const echoed = [
    ["text", "hello"],
    ["nothing", ""],
    ["JSON without op", '{"a":1}'],
    ["another op", '{"op":"ping","id":1}'],
    ["an op of another type", '{"op":["hello"]}'],
    ["JSON that does not parse", '{"op":"ping"'],
    ["an array", '[{"op":"hello"}]'],
    ["a hello behind a space", ` ${hello}`],
  ] as const;
  for (const [what, body] of echoed) {
    test(`${what} is echoed, and so is a hello after it`, async () => {
      await using framed = await Framed.open();
      using client = await framed.tcp();
      await client.write(Buffer.concat([frame(body), frame(hello)]));
      expect((await readFrame(client)).toString()).toBe(body.toUpperCase());
      expect((await readFrame(client)).toString()).toBe(hello.toUpperCase());
      expect(framed.hub.stats().members).toBe(0);
    });
  }

  for (const [what, body] of [
    ["broken", '{"op":"hello"'],
    ["over 64 KiB", `{"op":"hello","pad":"${"x".repeat(65_536)}"}`],
    ["nested too deep", `{"op":"hello","x":${"[".repeat(8)}${"]".repeat(8)}}`],
  ] as const) {
    test(`a hello that is ${what} is refused and not echoed, and may be tried again`, async () => {
      await using framed = await Framed.open();
      using ann = await framed.program();
      await ann.tcp.write(frame(body));
      expect(await ann.receive()).toMatchObject({ ok: false, error: { code: "bad-json" } });
      expect(await ann.request("hello", { v: 1, service: "chat" })).toMatchObject({ ok: true });
    });
  }

  test("a hello of echo goes on as echo, in the same chunk too", async () => {
    await using framed = await Framed.open();
    using client = await framed.tcp();
    const body = '{"op":"hello","v":1,"service":"echo","id":4}';
    await client.write(Buffer.concat([frame(body), frame("abc"), frame(""), frame(hello)]));
    expect(JSON.parse((await readFrame(client)).toString())).toEqual({
      id: 4,
      ok: true,
      v: 1,
      server: "tincan/test",
      service: "echo",
      limits: { frame: 1 << 20 },
    });
    expect((await readFrame(client)).toString()).toBe("ABC");
    expect((await readFrame(client)).toString()).toBe("");
    expect((await readFrame(client)).toString()).toBe(hello.toUpperCase());
  });

  test("a hello is understood at every split", async () => {
    await using framed = await Framed.open();
    const bytes = frame('{"op":"hello","v":1,"service":"echo","id":1}');
    for (const pieces of splits(bytes)) {
      using client = await framed.tcp();
      await framed.feed(client, pieces);
      expect(JSON.parse((await readFrame(client)).toString())).toMatchObject({ ok: true, service: "echo" });
    }
  });
});

describe("echo", () => {
  test("frames split at every byte come back whole, in order", async () => {
    await using framed = await Framed.open();
    using client = await framed.tcp();
    const bytes = Buffer.concat([frame("one"), frame(""), frame("Zwei §"), frame(Uint8Array.of(0, 255, 97))]);
    const upper = Buffer.concat([frame("ONE"), frame(""), frame("ZWEI §"), frame(Uint8Array.of(0, 255, 65))]);
    for (const pieces of splits(bytes)) {
      await framed.feed(client, pieces);
      expect((await client.readExactly(upper.length)).equals(upper)).toBe(true);
    }
  });

  test("a byte at a time", async () => {
    await using framed = await Framed.open();
    using client = await framed.tcp();
    await framed.feed(
      client,
      [...frame("drip")].map((byte) => Uint8Array.of(byte)),
    );
    expect((await readFrame(client)).toString()).toBe("DRIP");
  });

  test("the limit less one and the limit are echoed; one more is refused on its header", async () => {
    await using framed = await Framed.open({ maxFrame: 5000 });
    using client = await framed.tcp();
    for (const size of [4999, 5000]) {
      await client.write(frame(Buffer.alloc(size, "x")));
      expect((await readFrame(client)).equals(Buffer.alloc(size, "X"))).toBe(true);
    }
    await client.write(frame(Buffer.alloc(5001)).subarray(0, 4));
    expect(JSON.parse((await readFrame(client)).toString())).toMatchObject({ event: "bye", reason: "violation" });
    client.halfClose();
    await framed.closed("violation");
    expect(framed.runtime.inputBudget.used).toBe(0);
  });

  test("frames before a bad header in the same chunk are answered first", async () => {
    await using framed = await Framed.open();
    using client = await framed.tcp();
    await client.write(Buffer.concat([frame("one"), frame("two"), Buffer.from("ffffffff00", "hex")]));
    expect((await readFrame(client)).toString()).toBe("ONE");
    expect((await readFrame(client)).toString()).toBe("TWO");
    expect(JSON.parse((await readFrame(client)).toString())).toMatchObject({ event: "bye", reason: "violation" });
    expect((await client.readAll()).length).toBe(0);
  });

  test("100,000 empty frames in few chunks come back, and others have their turn meanwhile", async () => {
    await using framed = await Framed.open();
    using crowd = await framed.tcp();
    using other = await framed.tcp();
    const sent = crowd.write(Buffer.alloc(400_000));
    await other.write(frame("me too"));
    expect((await readFrame(other)).toString()).toBe("ME TOO");
    await sent;
    expect((await crowd.readExactly(400_000)).equals(Buffer.alloc(400_000))).toBe(true);
  });

  test("half a frame at half-close is told, and what was whole is answered", async () => {
    await using framed = await Framed.open();
    using client = await framed.tcp();
    await client.write(Buffer.concat([frame("whole"), frame("half").subarray(0, 6)]));
    client.halfClose();
    expect((await readFrame(client)).toString()).toBe("WHOLE");
    expect(JSON.parse((await readFrame(client)).toString())).toMatchObject({ event: "bye", reason: "violation" });
    expect((await client.readAll()).length).toBe(0);
    await framed.closed("violation");
  });

  test("where echo is denied, a peer is told so and a hello still works", async () => {
    await using framed = await Framed.open({ deny: "echo" });
    using client = await framed.tcp();
    await client.write(Buffer.concat([frame("secret"), frame("more")]));
    expect(JSON.parse((await readFrame(client)).toString())).toMatchObject({ event: "bye", reason: "denied" });
    expect((await client.readAll()).length).toBe(0);
    using ann = await framed.member("ann");
    expect(await ann.request("ping")).toMatchObject({ ok: true });
  });

  testWithRawPeers("a peer that sends and never reads is paused, and gets every frame when it does", async () => {
    await using framed = await Framed.open();
    await using frozen = await RawPeer.connect(framed.port, 65_536);
    const { how, bytes } = await frozen.flood(frame(Buffer.alloc(65_532, "x")));
    expect(how).toBe("stuck");
    expect(bytes).toBeLessThan(32 << 20);
    const { limits, outboxBudget } = framed.runtime;
    expect(outboxBudget.used).toBeLessThan(limits.highWater + 512 * 1024 + (1 << 20));
    using healthy = await framed.tcp();
    await healthy.write(frame("hello"));
    expect((await readFrame(healthy)).toString()).toBe("HELLO");
    await frozen.halfClose();
    const answer = await frozen.drain();
    expect(answer.how).toBe("ended");
    const whole = Math.floor(bytes / 65_536);
    const expected = Buffer.concat(Array(whole).fill(frame(Buffer.alloc(65_532, "X"))));
    expect(answer.bytes.equals(expected)).toBe(true);
  });
});

describe("other headers", () => {
  for (const [format, bits] of [
    ["b", 8],
    ["B", 8],
    ["<h", 16],
    [">H", 16],
  ] as const) {
    test(`${format} serves echo alone: a hello is told so`, async () => {
      await using framed = await Framed.open({ header: format });
      using client = await framed.tcp();
      const body = Buffer.from('{"op":"hello","v":1,"service":"chat"}');
      const header = Buffer.alloc(bits / 8);
      header[format.startsWith("<") || bits === 8 ? 0 : 1] = body.length;
      await client.write(Buffer.concat([header, body]));
      const last = (await client.readAll()).subarray(header.length);
      expect(JSON.parse(last.toString())).toMatchObject({ event: "bye", reason: "denied" });
    });
  }

  for (const format of ["<I", ">q", "!Q", "<i"]) {
    test(`${format} serves the chat too`, async () => {
      await using framed = await Framed.open({ header: format });
      using client = await framed.tcp();
      const size = /q/i.test(format) ? 8 : 4;
      const little = format.startsWith("<");
      const body = Buffer.from('{"op":"hello","v":1,"service":"chat","name":"ann","id":1}');
      const header = Buffer.alloc(size);
      header[little ? 0 : size - 1] = body.length;
      await client.write(Buffer.concat([header, body]));
      const head = await client.readExactly(size);
      const length = little ? head.readUInt32LE(0) : head.readUInt32BE(size - 4);
      expect(JSON.parse((await client.readExactly(length)).toString())).toMatchObject({ ok: true, name: "ann" });
    });
  }
});

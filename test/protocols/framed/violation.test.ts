import { describe, expect, test } from "bun:test";
import { MemoryDoor, type MemoryDoorOptions, type Peer } from "./door.ts";

const ports = { line: 8423, echo: 8407 };

/** A peer that has sent these bytes, each piece as a chunk of its own. */
async function sent(options: MemoryDoorOptions, ...pieces: (string | Buffer)[]): Promise<Peer> {
  const peer = new MemoryDoor({ ports, ...options }).connect();
  for (const piece of pieces) await peer.conn.push(Buffer.from(piece));
  return peer;
}

async function words(options: MemoryDoorOptions, ...pieces: (string | Buffer)[]): Promise<string> {
  return (await sent(options, ...pieces)).conn.takeBytes().toString();
}

const hex = (text: string) => Buffer.from(text, "hex");

describe("HTTP", () => {
  for (const start of [
    "GET / HTTP/1.1\r\n\r\n",
    "POST /",
    "HEAD",
    "PUT ",
    "DELETE /x",
    "OPTIONS *",
    "PRI * HTTP/2.0",
  ]) {
    test(`that begins ${JSON.stringify(start)} is answered in HTTP`, async () => {
      const answer = await words({}, start);
      const [head = "", body = ""] = answer.split("\r\n\r\n");
      expect(head).toStartWith("HTTP/1.1 400 Bad Request\r\n");
      expect(head).toContain("\r\nConnection: close");
      expect(head).toContain(`\r\nContent-Length: ${Buffer.byteLength(body)}`);
      expect(body).toContain("this looks like HTTP, and this is tincan's framed port");
      expect(body).toContain("8423");
    });
  }

  test("is sent to the door that speaks it, once there is one", async () => {
    expect(await words({ ports: { ...ports, http: 8480 } }, "GET / HTTP/1.1\r\n\r\n")).toContain(
      "the page is at http://127.0.0.1:8480/",
    );
  });

  test("is known by its first four bytes, however they come", async () => {
    expect(await words({}, "G", "ET", " ")).toStartWith("HTTP/1.1 400");
  });
});

describe("a PROXY header", () => {
  for (const header of ["PROXY TCP4 203.0.113.9 10.0.0.2 51234 80\r\n", "PROXY UNKNOWN\r\n", "\r\n\r\n\0\r\nQUIT\n!"])
    test(`is known wherever it is cut: ${JSON.stringify(header)}`, async () => {
      for (let at = 1; at <= header.length; at++) {
        const pieces = [header.slice(0, at), header.slice(at)];
        expect(await words({}, ...pieces)).toContain("this looks like a PROXY header");
      }
    });

  test("is not what only begins as one does", async () => {
    for (const text of ["PROXIES are told here\n", "PROXY nonsense\r\n", "\r\n\r\nhello\n"])
      expect(await words({}, text)).toContain("this looks like plain text");
  });
});

describe("plain text", () => {
  test("is answered by one line of it, with the ports for it first and the number explained", async () => {
    expect(await words({}, "hello there\n")).toBe(
      "tincan: this looks like plain text, and this is tincan's framed port; plain text is for port 8423 (chat) or " +
        'port 8407 (echo); read as a frame\'s header, its start says 1751477356 bytes ("hell" as text, 1819043176 in ' +
        "the other byte order), and the limit is 1048576\r\n",
    );
  });

  test("may be in any language, and cut within a character", async () => {
    expect(await words({}, "你好")).toContain('3837632741 bytes ("你" as text');
    expect(await words({}, Buffer.from("grüße").subarray(0, 4))).toStartWith("tincan: this looks like plain text");
  });

  test("is escaped where it is quoted", async () => {
    expect(await words({}, "a\r\nb")).toContain('"a\\x0d\\x0ab"');
  });

  test("shorter than a header is told too, when it ends or when its time is over", async () => {
    const ended = await sent({}, "hi\n");
    ended.conn.session?.onPeerEnd?.();
    expect(ended.conn.takeBytes().toString()).toMatch(/^tincan: this looks like plain text, .* 8423 .*\r\n$/);
    const late = await sent({}, "hi\n");
    late.conn.end({ kind: "stall" });
    expect(late.conn.takeBytes().toString()).toMatch(/^tincan: this looks like plain text, .* in time\r\n$/);
  });

  test("is sent nowhere when no door speaks it", async () => {
    expect(await words({ ports: {} }, "hello")).toMatch(/^tincan: this looks like plain text, .* framed port; read as/);
  });

  test("that is JSON is told to put its length before it", async () => {
    expect(await words({}, '{"op":"hello"}')).toContain("JSON without a header");
  });
});

describe("other protocols are answered by a frame that names them", () => {
  const strangers: readonly (readonly [string, Buffer, string])[] = [
    ["TLS", hex("16030100f8010000f40303"), "connect without TLS"],
    ["SSH", Buffer.from("SSH-2.0-OpenSSH_9.2\r\n"), "8423"],
    ["IRC", Buffer.from("NICK ann\r\nUSER ann 0 * :Ann\r\n"), "IRC is on port 8594"],
    ["IRC", Buffer.from("CAP LS 302\r\n"), "8594"],
    ["IRC", Buffer.from("USER ann 0 * :Ann\r\n"), "8594"],
    ["FTP", Buffer.from("USER anonymous\r\n"), "FTP is on port 8421"],
    ["FTP", Buffer.from("AUTH TLS\r\n"), "8421"],
    ["telnet", hex("fffd03fffb18"), "8423"],
  ];
  for (const [name, start, help] of strangers) {
    test(`${name}: ${JSON.stringify(start.toString("latin1").slice(0, 12))}`, async () => {
      const peer = await sent({ ports: { ...ports, irc: 8594, ftp: 8421 } }, start);
      const [bye] = peer.messages();
      expect(bye).toMatchObject({ event: "bye", reason: "violation" });
      expect(bye?.["text"]).toStartWith(`this looks like ${name}, and this is tincan's framed port; `);
      expect(bye?.["text"]).toContain(help);
      expect(peer.conn.why).toEqual({ kind: "violation", detail: String(bye?.["text"]) });
    });
  }
});

describe("a length that cannot be", () => {
  test("is explained in the byte order in which it would have been right", async () => {
    const peer = await sent({}, hex("0500000068656c6c6f"));
    const bytes = peer.conn.takeBytes();
    expect(bytes.readUInt32LE()).toBe(bytes.length - 4);
    expect(JSON.parse(bytes.subarray(4).toString())).toEqual({
      event: "bye",
      reason: "violation",
      text:
        "a frame's header says 83886080 bytes (5 in the other byte order), and the limit is 1048576; the other byte " +
        'order would be right: pack lengths with "!I"',
    });
  });

  test("is explained to big-endian clients of a little-endian door", async () => {
    const bytes = (await sent({ header: "<H", maxFrame: 500 }, hex("0003616263"))).conn.takeBytes();
    expect(bytes.readUInt16BE()).toBe(bytes.length - 2);
    expect(bytes.toString()).toContain('pack lengths with \\"<H\\"');
  });

  test("is told exactly beyond 2^53", async () => {
    const [bye] = (await sent({ header: "!Q" }, hex("ffffffffffffffff"))).messages();
    expect(bye?.["text"]).toContain("says 18446744073709551615 bytes");
    const [negative] = (await sent({ header: ">q" }, hex("8000000000000080"))).messages();
    expect(negative?.["text"]).toContain("says -9223372036854775680 bytes (-9223372036854775680 in the");
  });

  test("may be negative", async () => {
    const [bye] = (await sent({ header: "!i" }, hex("fffffffe"))).messages();
    expect(bye?.["text"]).toBe(
      "a frame's header says -2 bytes (-16777217 in the other byte order), and no length is negative; pack lengths with " +
        '"!i"',
    );
  });

  test("behind frames is never taken for another protocol: its length was counted wrongly", async () => {
    const peer = await sent({}, Buffer.concat([hex("0000000161"), Buffer.from("GET / HTTP/1.1\r\n")]));
    const [echo, bye] = peer.texts();
    expect(echo).toBe("A");
    expect(JSON.parse(bye ?? "")["text"]).toEndWith(
      "the length before it was probably wrong: count bytes, not characters",
    );
  });

  test("is refused at the limit and one, told once, and nothing after it is answered", async () => {
    const fits = await sent({ maxFrame: 5 }, hex("0000000568656c6c6f"));
    expect(fits.texts()).toEqual(["HELLO"]);
    const over = await sent({ maxFrame: 5 }, hex("00000006"), hex("68656c6c6f21"), hex("0000000161"));
    expect(over.messages()).toMatchObject([{ event: "bye" }]);
  });

  test("ends a member's visit with its reason", async () => {
    const door = new MemoryDoor();
    const bob = await door.chat("bob");
    const ann = await door.chat("ann");
    bob.bodies();
    await ann.conn.push(hex("7fffffff"));
    expect(ann.messages()).toMatchObject([{ event: "bye", reason: "violation" }]);
    ann.conn.close();
    expect(bob.messages()).toMatchObject([{ event: "quit", name: "ann", reason: "broke the protocol" }]);
  });
});

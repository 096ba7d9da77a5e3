import { describe, expect, test } from "bun:test";
import { frame, readFrame } from "../../../support/frames.ts";
import type { TcpClient } from "../../../support/tcp.ts";
import { Framed, splits } from "./framed.ts";

const ports = { http: 8480, line: 8423, ftp: 8421, irc: 8594, "framed-tls": 8401 };

/** What somebody said who took this for another port, and what they must be told. */
const strangers: readonly { name: string; says: string | Uint8Array; told: RegExp; form: "http" | "text" | "frame" }[] =
  [
    { name: "HTTP GET", says: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", told: /HTTP.*8480/s, form: "http" },
    { name: "HTTP POST", says: "POST /a HTTP/1.0\r\n\r\n", told: /HTTP.*8480/s, form: "http" },
    { name: "HTTP/2", says: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", told: /HTTP.*8480/s, form: "http" },
    {
      name: "TLS",
      says: Buffer.from("160301020001000001fc0303aabb", "hex"),
      told: /TLS are on port 8401/,
      form: "frame",
    },
    { name: "SSH", says: "SSH-2.0-OpenSSH_9.6\r\n", told: /SSH/, form: "frame" },
    { name: "FTP", says: "USER anonymous\r\n", told: /FTP.*8421/s, form: "frame" },
    { name: "FTP AUTH", says: "AUTH TLS\r\n", told: /FTP.*8421/s, form: "frame" },
    { name: "IRC", says: "NICK ann\r\nUSER ann 0 * :Ann\r\n", told: /IRC.*8594/s, form: "frame" },
    { name: "IRC CAP", says: "CAP LS 302\r\n", told: /IRC.*8594/s, form: "frame" },
    { name: "plain text", says: "hello everybody\n", told: /8423/, form: "text" },
    { name: "UTF-8 text", says: "你好，世界\n", told: /8423/, form: "text" },
    { name: "bytes", says: Uint8Array.of(0x80, 1, 2, 3, 4), told: /2147549699.*50463104/, form: "frame" },
  ];

/** The words of the answer; it must be in the language that the peer understands, and be all. */
async function words(client: TcpClient, form: "http" | "text" | "frame"): Promise<string> {
  if (form === "frame") {
    const { event, reason, text } = JSON.parse((await readFrame(client)).toString());
    expect({ event, reason }).toEqual({ event: "bye", reason: "violation" });
    expect((await client.readAll()).length).toBe(0);
    return text;
  }
  const all = (await client.readAll()).toString();
  if (form === "text") {
    expect(all).toMatch(/^[^\n]*\r?\n$/);
    return all;
  }
  const [head = "", body = ""] = all.split("\r\n\r\n");
  expect(head).toMatch(/^HTTP\/1\.1 4\d\d [ \w]+\r\n/);
  expect(head).toMatch(/\r\nConnection: close/i);
  expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBe(Buffer.byteLength(body));
  return body;
}

for (const { name, says, told, form } of strangers) {
  describe(name, () => {
    const bytes = Buffer.from(says);

    test("is named, with the port that speaks it", async () => {
      await using framed = await Framed.open({ ports });
      using client = await framed.tcp();
      await client.write(bytes);
      const text = await words(client, form);
      expect(text).toMatch(told);
      expect(text).toMatch(/^[^\p{Cc}]*(?:[\r\n][^\p{Cc}]*)*$/u);
      client.halfClose();
      await framed.closed("violation");
    });

    test("is refused at every split", async () => {
      await using framed = await Framed.open({ ports });
      for (const pieces of splits(bytes)) {
        using client = await framed.tcp();
        const [first, second] = pieces;
        // What the first four bytes say is refused at once; then nobody takes the rest.
        if (first.length < 4) await framed.feed(client, pieces);
        else await framed.feed(client, [first]);
        const all = (await client.readAll()).toString("latin1");
        expect(all.length).toBeGreaterThan(20);
        if (form === "http") expect(all).toStartWith("HTTP/1.1 4");
        expect(second.length).toBeGreaterThan(0);
      }
    });
  });
}

test("with the port that speaks it closed, none is named", async () => {
  await using framed = await Framed.open();
  using client = await framed.tcp();
  await client.write("GET / HTTP/1.1\r\n\r\n");
  expect(await words(client, "http")).not.toMatch(/port \d/);
});

test("a peer that reads frames is told in a frame, whatever it says behind its first", async () => {
  for (const says of ["GET / HTTP/1.1\r\n\r\n", "hello everybody\n"]) {
    await using framed = await Framed.open({ ports });
    using client = await framed.tcp();
    await client.write(Buffer.concat([frame("a"), Buffer.from(says)]));
    expect((await readFrame(client)).toString()).toBe("A");
    expect(JSON.parse((await readFrame(client)).toString())).toMatchObject({ event: "bye", reason: "violation" });
  }
});

test("the words hold the number, the text and the number in the other order", async () => {
  await using framed = await Framed.open();
  using client = await framed.tcp();
  await client.write("SSH-");
  const text = await words(client, "frame");
  expect(text).toContain(String(Buffer.from("SSH-").readUInt32BE()));
  expect(text).toContain(String(Buffer.from("SSH-").readUInt32LE()));
  expect(text).toContain("SSH-");
});

describe("a length in the other byte order", () => {
  for (const [header, sent] of [
    ["!I", "<"],
    ["<I", ">"],
  ] as const) {
    test(`sent ${sent}I to ${header} is answered in ${sent}I`, async () => {
      await using framed = await Framed.open({ header });
      using client = await framed.tcp();
      const head = Buffer.alloc(4);
      if (sent === "<") head.writeUInt32LE(5);
      else head.writeUInt32BE(5);
      await client.write(Buffer.concat([head, Buffer.from("hello")]));
      const answer = await client.readExactly(4);
      const length = sent === "<" ? answer.readUInt32LE() : answer.readUInt32BE();
      const last = JSON.parse((await client.readExactly(length)).toString());
      expect(last).toMatchObject({ event: "bye", reason: "violation", text: expect.stringContaining("83886080") });
      expect((await client.readAll()).length).toBe(0);
    });
  }
});

describe("a negative length", () => {
  for (const [header, hex, says] of [
    ["!i", "ffffffff", "-1"],
    ["<i", "00000080", "-2147483648"],
    ["!q", "8000000000000000", "-9223372036854775808"],
    ["!h", "fff0", "-16"],
  ] as const) {
    test(`${says} in ${header} is a violation`, async () => {
      await using framed = await Framed.open({ header });
      using client = await framed.tcp();
      await client.write(Buffer.from(hex, "hex"));
      const last = (await client.readAll()).toString("latin1");
      expect(last).toContain(says);
      expect(last).toContain("negative");
      client.halfClose();
      await framed.closed("violation");
    });
  }
});

test("a length bomb allocates nothing", async () => {
  await using framed = await Framed.open({ maxFrame: 1 << 30 });
  using client = await framed.tcp();
  await framed.feed(client, [Buffer.from("40000000", "hex"), Buffer.from("ab")]);
  expect(framed.runtime.inputBudget.used).toBeLessThan(1024);
});

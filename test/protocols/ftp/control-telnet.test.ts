import { expect, test } from "bun:test";
import { ControlTelnet } from "../../../protocols/ftp/control-telnet.ts";
import { type Charset, charsetOf, utf8 } from "../../../src/bytes/charset.ts";
import { cut } from "../../bytes/chunks.ts";
import { FtpServer } from "../../support/ftp.ts";
import { MemoryFtp } from "./memory.ts";

const cyrillic = charsetOf("windows-1251") as Charset;

/** What is left of `bytes` in any two pieces, and byte by byte; the same each time. */
function through(bytes: readonly number[], charset: Charset): { text: string; answer: number[] } {
  const read = (pieces: readonly (readonly number[])[]) => {
    const telnet = new ControlTelnet();
    const data = pieces.flatMap((piece) => [...telnet.push(Uint8Array.from(piece), charset)]);
    return { text: Buffer.from(data).toString("latin1"), answer: [...(telnet.answer() ?? [])] };
  };
  const whole = read([bytes]);
  for (let at = 1; at < bytes.length; at++) expect(read([bytes.slice(0, at), bytes.slice(at)])).toEqual(whole);
  expect(read(bytes.map((byte) => [byte]))).toEqual(whole);
  return whole;
}

function bytes(...parts: readonly (string | number)[]): number[] {
  return parts.flatMap((part) => (typeof part === "number" ? [part] : [...Buffer.from(part, "latin1")]));
}

test("byte 255 within a line is the letter that it is in the charset, whatever follows it", () => {
  for (const next of [".", "\r", 0xec, 0xf2, 0xf4, 0xfa, 0xfb, 0xfe]) {
    const line = bytes("DELE a", 255, next, "b\r\n");
    expect(through(line, cyrillic)).toEqual({ text: Buffer.from(line).toString("latin1"), answer: [] });
  }
  expect(through(bytes("DELE a", 255, 255, "\r\nPWD\r\n"), cyrillic).text).toBe("DELE a\xff\r\nPWD\r\n");
});

test("where it is no letter, what is no command stays, to be refused with the name", () => {
  expect(through(bytes("DELE a", 255, "b\r\n"), utf8).text).toBe("DELE a\xffb\r\n");
  expect(through(bytes("DELE a", 255, 255, "b\r\n"), utf8).text).toBe("DELE a\xffb\r\n");
  expect(through(bytes("NO", 255, 241, "OP\r\n"), utf8).text).toBe("NOOP\r\n");
});

test("before a line it is telnet's in every charset", () => {
  for (const charset of [utf8, cyrillic]) {
    expect(through(bytes("PWD\r\n", 255, 244, 255, 242, "ABOR\r\n"), charset).text).toBe("PWD\r\n\x03ABOR\r\n");
    // The mark was sent as urgent data, and taken out.
    expect(through(bytes(255, 244, 255, "ABOR\r\n"), charset).text).toBe("\x03ABOR\r\n");
    expect(through(bytes(255, 253, 1, "NOOP\r\n"), charset)).toEqual({ text: "NOOP\r\n", answer: [255, 252, 1] });
    expect(through(bytes(255, 250, 24, 1, 255, 240, "NOOP\r\n"), charset).text).toBe("NOOP\r\n");
  }
});

// Found by fuzzing: a CR that came by itself made a line of what follows, and 255 a letter of it.
test("a line end before it means the same wherever the bytes are cut", async () => {
  const input = Uint8Array.from(bytes("\r", 255, 0, "PWD\r\n"));
  const replies = async (at: number) => {
    const { conn } = new MemoryFtp();
    for (const piece of cut(input, [at])) await conn.type(piece);
    return conn.takeBytes().toString();
  };
  const whole = await replies(0);
  expect(whole).toMatch(/^220 .*\r\n500 .*\r\n530 .*\r\n$/);
  for (let at = 1; at < input.length; at++) expect(await replies(at)).toBe(whole);
});

test("a client that does not double it means the file that it names", async () => {
  await using server = await FtpServer.start(["--allow-write", "--ftp-charset", "windows-1251"]);
  using user = await server.guest();
  // "пя" and "п"; what was "пять" is "п" and "ь" for who takes 255 and 242 for telnet's mark.
  await user.says("MKD \xef", 257);
  await user.says("MKD \xef\xff", 257);
  await user.says("MKD \xef\xff\xf2\xfc", 257);
  await user.says("RMD \xef\xff", 250);
  await user.says("OPTS UTF8 ON", 200);
  expect((await user.fetches("NLST")).toString()).toBe("п\r\nпять\r\n");
  await user.says("RMD a\xff", 501);
});

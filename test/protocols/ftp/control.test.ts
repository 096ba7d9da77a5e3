import { describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { FtpServer } from "../../support/ftp.ts";
import { connect } from "../../support/tcp.ts";

describe("the control connection", () => {
  test("takes verbs in any case, and looks over blanks where there is no argument", async () => {
    await using server = await FtpServer.start();
    using user = await server.client();
    await user.says("user anonymous", 331);
    await user.says("Pass", 230);
    await user.says("sYsT ", 215);
    expect(await user.says("pwd", 257)).toContain('"/"');
  });

  test("answers every command before the login with 530, but those that need none", async () => {
    await using server = await FtpServer.start();
    using user = await server.client();
    const open = { NOOP: 200, SYST: 215, FEAT: 211, HELP: 214, STAT: 211 };
    for (const [line, code] of Object.entries(open)) await user.says(line, code);
    for (const line of ["PWD", "CWD /", "PASV", "LIST", "RETR x", "STOR x", "TYPE I", "SIZE x", "RNTO x", "MKD x"]) {
      await user.says(line, 530);
    }
  });

  test("wants an argument where there must be one, and none where there is none", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    for (const line of ["CWD", "RETR", "STOR", "TYPE", "PORT", "RNFR", "SIZE", "USER", "REST", "MDTM"])
      await user.says(line, 501);
    for (const line of ["PWD x", "PASV x", "CDUP x", "QUIT x", "ABOR x"]) await user.says(line, 501);
  });

  test("refuses a line over 4,096 bytes, discards it up to its end, and goes on", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    const most = "x".repeat(4096 - 5);
    await user.says(`STAT ${most}`, 553);
    await user.says(`STAT ${most}x`, 500);
    await user.says("NOOP", 200);
    await user.says(`CWD /${"d/".repeat(2500)}`, 500);
    await user.says("NOOP", 200);
  });

  test("knows the lost: an HTTP request is answered 500 and ends (CVE-2021-3618)", async () => {
    await using server = await FtpServer.start();
    for (const request of [
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST /x HTTP/1.1\r\n\r\nUSER anonymous\r\nDELE x\r\n",
    ]) {
      using client = await connect({ port: server.port });
      await client.write(request);
      const said = (await client.readAll()).toString();
      expect(said).toMatch(/^220 .*\r\n500 .*HTTP.*\r\n$/);
      const { reason } = await server.tincan.closed(client.peer);
      expect(reason).toBe("violation");
    }
  });

  test("knows the lost: a TLS handshake on the plain port ends", async () => {
    await using server = await FtpServer.start();
    using client = await connect({ port: server.port });
    await client.readLine();
    await client.write(Buffer.from("16030100c8010000c40303", "hex"));
    expect((await client.readAll()).toString()).toMatch(/^421 .*AUTH TLS.*\r\n$/);
  });

  test("ends after ten lines in a row that are no commands", async () => {
    await using server = await FtpServer.start();
    using user = await server.client();
    for (let i = 0; i < 9; i++) await user.says(`NONSENSE${i}`, 500);
    await user.says("NOOP", 200);
    for (let i = 0; i < 9; i++) await user.says("Host: example.org", 500);
    await user.says("X", 421);
    await user.control.readAll();
  });

  test("CR, NUL, quotes and telnet bytes in a name forge no reply and no log line", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    await user.says("MKD a\rb", 501);
    await user.says("MKD a\0b", 501);
    await user.says("DELE x\r226 forged", 501);
    expect(await user.says('MKD say "hi"', 257)).toStartWith('257 "/say ""hi"""');
    await user.says('CWD say "hi"', 250);
    expect(await user.says("PWD", 257)).toStartWith('257 "/say ""hi"""');
    // IAC IAC is one byte 255, which no UTF-8 has.
    await user.control.write(Buffer.from([...Buffer.from("MKD a"), 255, 255, ...Buffer.from("b\r\n")]));
    await user.reads(501);
    await user.says("CWD \x1b[2J", 553);
    await user.says("NOOP", 200);
  });

  test("takes telnet's interrupt before ABOR, and refuses its options", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    await user.control.write(Buffer.from([255, 244, 255, 242, ...Buffer.from("ABOR\r\n")]));
    await user.reads(226);
    await user.control.write(Buffer.from([255, 253, 1, ...Buffer.from("NOOP\r\n")]));
    expect(await user.control.readExactly(3)).toEqual(Buffer.from([255, 252, 1]));
    await user.reads(200);
  });

  test("answers what is pipelined in its order", async () => {
    await using server = await FtpServer.start();
    using client = await connect({ port: server.port });
    await client.write("USER ftp\r\nPASS x\r\nPWD\r\nTYPE I\r\nMKD a\r\nCWD a\r\nPWD\r\nQUIT\r\n");
    client.halfClose();
    const codes = (await client.readAll())
      .toString()
      .split("\r\n")
      .map((line) => line.slice(0, 3));
    expect(codes).toEqual(["220", "331", "230", "257", "200", "257", "250", "257", "221", ""]);
  });

  test("explains itself: HELP, HELP of one command, SITE HELP, and FEAT also where nothing may be written", async () => {
    await using server = await FtpServer.start([]);
    using user = await server.guest();
    expect(await user.says("HELP", 214)).toContain("RETR");
    expect(await user.says("HELP stor", 214)).toContain("STOR FILE");
    expect(await user.says("SITE HELP", 214)).toContain("CHMOD");
    const features = (await user.says("FEAT", 211)).split("\n").map((line) => line.trim());
    for (const feature of ["EPSV", "EPRT", "SIZE", "MDTM", "MFMT", "REST STREAM", "UTF8", "AUTH TLS", "PBSZ", "PROT"]) {
      expect(features).toContain(feature);
    }
    expect(features.some((line) => line.startsWith("MLST type*;"))).toBe(true);
    await user.says("STOR x", 550);
    await user.says("SMNT x", 502);
    await user.says("TYPE E", 504);
    await user.says("MODE B", 504);
    await user.says("STRU R", 504);
  });
});

test("SITE CHMOD sets the permissions, and tells that it set nothing beyond them", async () => {
  await using server = await FtpServer.start();
  await server.write("a", "x");
  using user = await server.guest();
  expect(await user.says("SITE CHMOD 640 a", 200)).toContain("640");
  expect(statSync(server.file("a")).mode & 0o7777).toBe(0o640);
  expect(await user.says("SITE CHMOD 4755 a", 200)).not.toContain("4755");
  expect(statSync(server.file("a")).mode & 0o7777).toBe(0o755);
  await user.says("SITE CHMOD u+x a", 501);
});

describe("logging in", () => {
  test("USER is always answered 331, and a wrong password like a wrong name", async () => {
    await using server = await FtpServer.start();
    using user = await server.client();
    await user.says("PASS x", 503);
    await user.says("USER nobody-has-this-name", 331);
    const text = await user.says("PASS wrong", 530);
    expect(text).not.toContain("nobody-has");
    await user.says("USER anonymous", 331);
    await user.says("PASS", 230);
    await user.says("REIN", 220);
    await user.says("PWD", 530);
  });
});

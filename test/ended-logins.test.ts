import { expect, test } from "bun:test";
import { existsSync, truncateSync } from "node:fs";
import { FramedClient } from "./support/frames.ts";
import { answersIn } from "./support/http-talk.ts";
import { run } from "./support/program.ts";
import { RawWebSocket } from "./support/raw-web-socket.ts";
import { connect } from "./support/tcp.ts";
import { TempFolder } from "./support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "./support/tincan.ts";

const PASSWORD = "correct horse";
const WORDS = "your account is gone, or was changed meanwhile; log in again";
const BYE = { event: "bye", reason: "login-ended", text: WORDS };

function user(tincan: Tincan, ...args: readonly string[]) {
  const command = [TINCAN, "user", ...args, "--state-dir", tincan.folder.file("state")] as const;
  return run(command, { input: `${PASSWORD} again\n` });
}

async function ftpLogin(port: number) {
  const ftp = await connect({ port });
  await ftp.write(`USER ann\r\nPASS ${PASSWORD} again\r\n`);
  expect(await ftp.readUntil("230 ")).not.toContain("530 ");
  await ftp.readUntil("\r\n");
  return ftp;
}

test("whoever downloads by FTP is told, too", async () => {
  using share = new TempFolder();
  await Bun.write(share.file("big"), "");
  truncateSync(share.file("big"), 2 ** 36);
  await using tincan = await startTincan([share.path, "--doors", "ftp"]);
  expect((await user(tincan, "add", "ann")).code).toBe(0);
  using ftp = await ftpLogin(tincan.port("ftp"));
  await ftp.write("EPSV\r\n");
  const port = Number(/\|(\d+)\|\)/.exec(await ftp.readUntil(")\r\n"))?.[1]);
  using data = await connect({ port });
  await ftp.write("RETR big\r\n");
  await data.readExactly(1);
  await ftp.readUntil("\r\n");
  expect((await user(tincan, "remove", "ann")).code).toBe(0);
  expect((await ftp.readAll()).toString()).toBe(`421 ${WORDS}\r\n`);
});

test("an upload by HTTP is told, too, and gets no name", async () => {
  using share = new TempFolder();
  await using tincan = await startTincan([share.path, "--doors", "http"]);
  expect((await user(tincan, "add", "ann", "--allow", "upload")).code).toBe(0);
  using http = await connect({ port: tincan.port("http") });
  const fields = `Host: localhost\r\nAuthorization: Basic ${btoa(`ann:${PASSWORD} again`)}\r\nContent-Length: 9`;
  await http.write(`PUT /files/a HTTP/1.1\r\n${fields}\r\nExpect: 100-continue\r\n\r\n`);
  await http.readUntil("100 Continue\r\n\r\n");
  expect((await user(tincan, "passwd", "ann")).code).toBe(0);
  const [answer] = answersIn((await http.readAll()).toString());
  expect([answer?.status, JSON.parse(answer?.body ?? "").error]).toEqual([
    401,
    { code: "login-ended", message: WORDS },
  ]);
  expect(existsSync(share.file("a"))).toBe(false);
});

test.each([
  ["is removed", ["remove", "ann"]],
  ["has another password", ["passwd", "ann"]],
  ["has another home", ["set", "ann", "--home", "/d"]],
])("when an account %s, whoever has logged in to it is told, and others stay", async (_, command) => {
  using share = new TempFolder();
  await using tincan = await startTincan([share.path, "--doors", "http,ftp,framed"]);
  expect((await user(tincan, "add", "ann")).code).toBe(0);
  const http = { port: tincan.port("http") };
  using page = await RawWebSocket.chat(http, "bea", `Authorization: Basic ${btoa(`ann:${PASSWORD} again`)}\r\n`);
  using ftp = await ftpLogin(tincan.port("ftp"));
  const login = { user: "ann", password: `${PASSWORD} again` };
  using framed = await FramedClient.chat({ port: tincan.port("framed") }, { name: "cid", ...login });
  using stranger = await RawWebSocket.chat(http, "dan");
  expect((await user(tincan, ...command)).code).toBe(0);
  expect(await page.readEnd()).toEqual({ code: 1008, bye: BYE });
  expect((await ftp.readAll()).toString()).toBe(`421 ${WORDS}\r\n`);
  expect(await framed.event("bye")).toEqual(BYE);
  await stranger.say({ op: "ping", id: 2 });
  let answer = await stranger.readJson();
  while (answer["id"] !== 2) answer = await stranger.readJson();
  expect(answer["ok"]).toBe(true);
});

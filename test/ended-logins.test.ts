import { expect, test } from "bun:test";
import { FramedClient } from "./support/frames.ts";
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

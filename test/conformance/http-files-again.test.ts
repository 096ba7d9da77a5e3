import { expect, test } from "bun:test";
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { HttpShare, readAnswer } from "../support/http-share.ts";
import type { TcpClient } from "../support/tcp.ts";

const GET = "GET /files/d/a HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** Asks for the same small file on the same connection: its status and content. */
async function ask(client: TcpClient): Promise<string> {
  await client.write(GET);
  const { status, body } = await readAnswer(client);
  return status === 200 ? body.toString() : String(status);
}

test("a small file that is asked for again and again is never the old one after a change", async () => {
  await using share = await HttpShare.open({ "d/a": Buffer.from("first") });
  using client = await share.connect();
  const path = share.shared("d/a");
  const old = () => utimesSync(path, 1_600_000_000, 1_600_000_000);
  for (let i = 0; i < 200; i++) {
    writeFileSync(path, `${i}`.padStart(5, "0"));
    old();
    expect(await ask(client)).toBe(`${i}`.padStart(5, "0"));
    expect(await ask(client)).toBe(`${i}`.padStart(5, "0"));
  }
  const changes: readonly (readonly [() => void, string])[] = [
    [() => renameSync(path, share.shared("d/b")), "404"],
    [() => renameSync(share.shared("d/b"), path), "00199"],
    [() => rmSync(path), "404"],
    [() => symlinkSync("/etc/hostname", path), "404"],
    [() => rmSync(path), "404"],
    [() => writeFileSync(path, "other"), "other"],
    [() => renameSync(share.shared("d"), share.shared("e")), "404"],
    [() => mkdirSync(share.shared("d")), "404"],
    [() => renameSync(share.shared("e/a"), path), "other"],
    [() => writeFileSync(path, "longer now"), "longer now"],
  ];
  for (const [change, due] of changes) {
    // Long enough for the answer to be remembered, which is not done within a tick of a change.
    for (let asked = performance.now(); performance.now() - asked < 30; ) await ask(client);
    change();
    expect(await ask(client)).toBe(due);
  }
});

test("many requests in one piece are all answered, with what may be answered again between others", async () => {
  await using share = await HttpShare.open({ "d/a": Buffer.from("hello") });
  using client = await share.connect();
  for (let asked = performance.now(); performance.now() - asked < 40; ) await ask(client);
  await client.write(GET.repeat(300) + GET.replace("d/a", "d/none") + GET.slice(0, 10));
  for (let i = 0; i < 300; i++) expect((await readAnswer(client)).body.toString()).toBe("hello");
  expect((await readAnswer(client)).status).toBe(404);
  await client.write(GET.slice(10));
  expect((await readAnswer(client)).body.toString()).toBe("hello");
});

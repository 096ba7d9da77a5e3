import { expect } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { client } from "../support/clients.ts";
import { FilesClient } from "../support/files-client.ts";
import { FtpUser } from "../support/ftp.ts";
import { readAnswer } from "../support/http-share.ts";
import { Program } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, type Tincan } from "../support/tincan.ts";

const SWAP = resolve(import.meta.dir, "../support/swap.py");
const SECONDS = 5;

/** What one client met: both sides of the swap, or nothing was tried. */
interface Seen {
  done: number;
  refused: number;
}

client("python3").test(
  "while a folder is swapped for a link to outside, no byte goes out or in through any door",
  async () => {
    using share = new TempFolder();
    using outside = new TempFolder();
    writeFileSync(outside.file("x"), "OUTSIDE");
    writeFileSync(outside.file("secret"), "OUTSIDE");
    mkdirSync(share.file("d"));
    writeFileSync(share.file("d/x"), "inside");
    symlinkSync(outside.path, share.file("l"));
    const before = { ...statSync(outside.file("x")), atime: null, atimeMs: null };
    await using tincan = await startTincan([
      share.path,
      "--doors",
      "ftp,framed,http",
      "--allow-write",
      "--min-free",
      "0",
    ]);
    await using swapper = new Program([client("python3").path, SWAP, share.file("d"), share.file("l")]);
    await swapper.stdout.readUntil("swapping");
    const end = performance.now() + SECONDS * 1000;
    const seen = await Promise.all([
      swapByFtp(tincan, "a", end),
      swapByFtp(tincan, "b", end),
      swapByFrames(tincan, "c", end),
      swapByFrames(tincan, "d", end),
      swapByHttp(tincan, "e", end),
    ]);
    expect(swapper.running).toBe(true);
    expect(readdirSync(outside.path).sort()).toEqual(["secret", "x"]);
    for (const name of ["secret", "x"]) expect(readFileSync(outside.file(name), "utf8")).toBe("OUTSIDE");
    expect({ ...statSync(outside.file("x")), atime: null, atimeMs: null }).toEqual(before);
    for (const { done, refused } of seen) {
      expect(done).toBeGreaterThan(20);
      expect(refused).toBeGreaterThan(20);
    }
  },
  30_000,
);

async function swapByFtp(tincan: Tincan, me: string, end: number): Promise<Seen> {
  const host = "127.0.0.1";
  using user = new FtpUser(await connect({ port: tincan.port("ftp"), host }), host);
  await user.reads(220);
  await user.says("USER anonymous", 331);
  await user.says("PASS x", 230);
  await user.says("TYPE I", 200);
  const seen: Seen = { done: 0, refused: 0 };
  const ask = async (line: string): Promise<number> => {
    await user.sends(line);
    const code = Number((await user.readsAny()).slice(0, 3));
    if (code < 400) seen.done++;
    else seen.refused++;
    return code;
  };
  /** Over a data connection; what came, or null when it was refused. */
  const transfer = async (line: string, bytes: string | null): Promise<string | null> => {
    using data = await user.opens();
    if ((await ask(line)) !== 150) return null;
    if (bytes !== null) await data.write(bytes);
    data.halfClose();
    const came = await data.readAll();
    await user.readsAny();
    return came.toString();
  };
  for (let i = 0; performance.now() < end; i++) {
    expect([null, "inside"]).toContain(await transfer("RETR /d/x", null));
    await transfer(`STOR /d/${me}${i}`, "new");
    expect((await transfer("MLSD /d", null)) ?? "").not.toContain("secret");
    expect((await transfer("NLST /l", null)) ?? "").not.toContain("secret");
    expect(await ask("SIZE /d/secret")).toBe(550);
    await ask(`MKD /d/${me}${i}.d`);
    await ask(`RMD /d/${me}${i}.d`);
    await ask("SITE CHMOD 600 /d/x");
    await ask("MFMT 20010203040506 /d/x");
    if ((await ask(`RNFR /d/${me}${i}`)) === 350) await ask(`RNTO /l/${me}${i}`);
    await ask(`DELE /l/${me}${i}`);
    await ask(`DELE /d/${me}${i}`);
  }
  return seen;
}

async function swapByHttp(tincan: Tincan, me: string, end: number): Promise<Seen> {
  using user = await connect({ port: tincan.port("http") });
  const seen: Seen = { done: 0, refused: 0 };
  /** What came, or null when it was refused. */
  const ask = async (request: string, more = ""): Promise<string | null> => {
    await user.write(`${request} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n${more}`);
    const { status, body } = await readAnswer(user);
    if (status >= 300) seen.refused++;
    else seen.done++;
    return status < 300 ? body.toString() : null;
  };
  for (let i = 0; performance.now() < end; i++) {
    expect([null, "inside"]).toContain(await ask("GET /files/d/x", "\r\n"));
    expect([null, "inside"]).toContain(await ask("GET /files/d/x", "\r\n"));
    expect([null, "in"]).toContain(await ask("GET /files/d/x", "Range: bytes=0-1\r\n\r\n"));
    await ask(`PUT /files/d/${me}${i}`, "Content-Length: 0\r\n\r\n");
    expect((await ask("GET /files/d/", "\r\n")) ?? "").not.toContain("secret");
    expect((await ask("GET /files/l/", "\r\n")) ?? "").not.toContain("secret");
    expect(await ask("GET /files/d/secret", "\r\n")).toBeNull();
    await ask(`MKCOL /files/d/${me}${i}.d`, "\r\n");
    await ask(`DELETE /files/d/${me}${i}.d`, "\r\n");
    await ask(`MOVE /files/d/${me}${i}`, `Destination: /files/l/${me}${i}\r\n\r\n`);
    await ask(`DELETE /files/l/${me}${i}`, "\r\n");
    await ask(`DELETE /files/d/${me}${i}`, "\r\n");
  }
  return seen;
}

async function swapByFrames(tincan: Tincan, me: string, end: number): Promise<Seen> {
  using user = new FilesClient(await connect({ port: tincan.port("framed") }));
  await user.ask({ op: "hello", v: 1, service: "files", id: 0 });
  const seen: Seen = { done: 0, refused: 0 };
  let id = 1;
  const ask = async (op: string, fields: object) => {
    const answer = await user.ask({ op, id: id++, ...fields });
    if (answer["ok"] === true) seen.done++;
    else seen.refused++;
    return answer;
  };
  for (let i = 0; performance.now() < end; i++) {
    const head = await ask("get", { path: "/d/x" });
    if (head["ok"] === true) {
      const chunk = await user.next();
      expect("bytes" in chunk && String(chunk.bytes)).toBe("inside");
      await user.until(({ event }) => event === "end");
    }
    const put = await ask("put", { path: `/d/${me}${i}`, size: 3 });
    if (put["ok"] === true) {
      await user.put(Number(put["id"]), 0, Buffer.from("new"));
      await ask("end", { of: put["id"] });
    }
    expect(JSON.stringify(await ask("list", { path: "/d" }))).not.toContain("secret");
    expect(JSON.stringify(await ask("list", { path: "/l" }))).not.toContain("secret");
    expect((await ask("stat", { path: "/d/secret" }))["ok"]).toBe(false);
    expect((await ask("hash", { path: "/l/secret" }))["ok"]).toBe(false);
    await ask("mkdir", { path: `/d/${me}${i}.d` });
    await ask("remove", { path: `/d/${me}${i}.d` });
    await ask("rename", { from: `/d/${me}${i}`, to: `/l/${me}${i}` });
    await ask("remove", { path: `/l/${me}${i}` });
    await ask("remove", { path: `/d/${me}${i}` });
  }
  return seen;
}

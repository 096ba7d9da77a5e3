import { describe, expect } from "bun:test";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { until } from "../support/deadline.ts";
import type { FtpUser } from "../support/ftp.ts";
import { FtpShare } from "../support/ftp-share.ts";
import { RawPeer, testWithRawPeers as test } from "../support/raw-peer.ts";
import { content } from "../support/tree.ts";

const MIB = 1024 * 1024;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Fetches a file beside 200 others: all its bytes, and 226. */
async function fetch(user: FtpUser, path: string): Promise<Buffer> {
  using data = await user.opens();
  await user.says(`RETR ${path}`, 150);
  const bytes = await data.readAll(60_000);
  data.halfClose();
  await user.reads(226, 60_000);
  return bytes;
}

/** Whether a process still has the server's end of a connection; the kernel may go on sending without (proc(5)). */
function isHeld(port: number, peerPort: number): boolean {
  const ends = [port, peerPort].map((number) => `:${number.toString(16).toUpperCase().padStart(4, "0")}`);
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .some(([, local, remote, ...rest]) => local?.endsWith(ends[0]!) && remote?.endsWith(ends[1]!) && rest[6] !== "0");
}

describe("FTP's data connections", () => {
  test("200 downloads at once: every byte, bounded memory, nothing left open", async () => {
    const bytes = content(2 * MIB + 1);
    await using share = await FtpShare.open({ "big.bin": bytes }, []);
    const expected = sha256(bytes);
    using first = await share.server.guest();
    await fetch(first, "big.bin");
    const fds = share.tincan.fds();
    const rss = share.tincan.rss();
    const sessions = await Promise.all(Array.from({ length: 200 }, () => share.server.guest()));
    const fetched = await Promise.all(sessions.map((session) => fetch(session, "big.bin")));
    for (const each of fetched) expect(sha256(each)).toBe(expected);
    expect(share.tincan.rss() - rss).toBeLessThan(100 * MIB);
    for (const session of sessions) {
      await session.says("QUIT", 221);
      session[Symbol.dispose]();
    }
    await until(
      () => share.tincan.fds() <= fds,
      () => `${share.tincan.fds()} descriptors to become ${fds}`,
    );
  }, 90_000);

  test("a frozen and a slow reader hold nobody up, cost no memory, and can be stopped", async () => {
    const bytes = content(32 * MIB);
    const some = content(6 * MIB, 2);
    await using share = await FtpShare.open({ "big.bin": bytes, "some.bin": some });
    using healthy = await share.server.guest();
    const expected = sha256(await fetch(healthy, "big.bin"));
    const rss = share.tincan.rss();
    using frozenControl = await share.server.guest();
    await using _frozen = await RawPeer.connect(await frozenControl.epsv());
    await frozenControl.says("RETR big.bin", 150);
    using slowControl = await share.server.guest();
    await using slow = await RawPeer.connect(await slowControl.epsv());
    await slowControl.says("RETR some.bin", 150);
    const head = await slow.read(100_000);
    for (let i = 0; i < 4; i++) expect(sha256(await fetch(healthy, "big.bin"))).toBe(expected);
    const more = await slow.read(100_000);
    expect(Buffer.concat([head.bytes, more.bytes]).equals(some.subarray(0, 200_000))).toBe(true);
    expect(share.tincan.rss() - rss).toBeLessThan(32 * MIB);
    // Both are heard while they transfer.
    expect(await frozenControl.says("STAT", 213)).toContain("big.bin");
    await frozenControl.says("ABOR", 426);
    await frozenControl.reads(226);
    expect(await frozenControl.says("PWD", 257)).toContain('"/"');
    const rest = await slow.drain();
    expect(rest.bytes.length).toBe(some.length - 200_000);
    expect(rest.bytes.equals(some.subarray(200_000))).toBe(true);
    await slowControl.reads(226);
  }, 90_000);

  test("who reads the end late gets it, long after 226", async () => {
    const bytes = content(200_000);
    await using share = await FtpShare.open({ "some.bin": bytes });
    using user = await share.server.guest();
    const port = await user.epsv();
    await using late = await RawPeer.connect(port);
    await user.says("RETR some.bin", 150);
    await user.reads(226);
    await until(() => !isHeld(port, Number(late.peer.split(":")[1])), "the daemon to let the connection go");
    expect(await late.drain()).toEqual({ how: "ended", bytes });
  });

  test("an upload that stands still holds nobody up, and is kept when its peer goes", async () => {
    const bytes = content(8 * MIB);
    await using share = await FtpShare.open();
    using still = await share.server.guest();
    await using stillData = await RawPeer.connect(await still.epsv());
    await still.says("STOR big.bin", 150);
    await stillData.send(bytes.subarray(0, 70_000));
    await share.arriving(70_000);
    using healthy = await share.server.guest();
    for (const name of ["a.bin", "b.bin", "c.bin"]) {
      using data = await healthy.opens();
      await healthy.says(`STOR ${name}`, 150);
      await data.write(bytes);
      data.halfClose();
      await healthy.reads(226);
      expect(sha256(share.sharedBytes(name))).toBe(sha256(bytes));
    }
    await stillData.reset();
    await still.reads(426);
    expect(await still.says("SIZE big.bin", 213)).toBe("213 69999");
    await still.says("REST 70000", 350);
    using rest = await still.opens();
    await still.says("STOR big.bin", 150);
    await rest.write(bytes.subarray(70_000));
    rest.halfClose();
    await still.reads(226);
    expect(sha256(share.sharedBytes("big.bin"))).toBe(sha256(bytes));
  }, 90_000);
});

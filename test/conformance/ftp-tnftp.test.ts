import { describe, expect } from "bun:test";
import { statSync } from "node:fs";
import { client } from "../support/clients.ts";
import { FtpShare } from "../support/ftp-share.ts";
import { tour } from "../support/ftp-tour.ts";
import { content, digest, lines, ODD_NAMES, PLANTED_AT } from "../support/tree.ts";

const tnftp = client("tnftp");

/** Types lines into a session that has logged in as anonymous. */
async function session(share: FtpShare, typed: readonly string[], ...flags: readonly string[]): Promise<string> {
  const args = ["-V", "-i", ...flags, "-a", share.url()];
  const { stdout, stderr } = await share.run(tnftp, args, { input: `${[...typed, "quit"].join("\n")}\n` });
  tnftp.exchanged();
  return stdout + stderr;
}

describe("tnftp", () => {
  tnftp.test("fetches to a file: tnftp -o, and puts by address: tnftp -u", async () => {
    const bytes = content(1_000_001);
    await using share = await FtpShare.open({ "folder/big.bin": bytes, empty: new Uint8Array(0) });
    await share.run(tnftp, ["-V", "-o", "got.bin", share.url("folder/big.bin")]);
    await share.run(tnftp, ["-V", "-o", "none", share.url("empty")]);
    await share.run(tnftp, ["-V", "-u", share.url("folder/back.bin"), "got.bin"]);
    expect(share.localBytes("got.bin").equals(bytes)).toBe(true);
    expect(share.localBytes("none").length).toBe(0);
    expect(share.sharedBytes("folder/back.bin").equals(bytes)).toBe(true);
    tnftp.exchanged(3);
  });

  tnftp.test("fetches every odd name by its address", async () => {
    await using share = await FtpShare.open(Object.fromEntries(ODD_NAMES.map((name, i) => [name, content(99, i + 1)])));
    for (const [i, name] of ODD_NAMES.entries()) {
      await share.run(tnftp, ["-V", "-o", `got-${i}`, share.url(name)]);
      expect([name, share.localBytes(`got-${i}`).equals(share.sharedBytes(name))]).toEqual([name, true]);
    }
    tnftp.exchanged(ODD_NAMES.length);
  });

  const ways = [
    ["passive, by EPSV", ["epsv4 on"], []],
    ["passive, by PASV", ["epsv4 off"], ["-p"]],
    ["active", [], ["-A"]],
  ] as const;
  for (const [title, typed, flags] of ways) {
    tnftp.test(`gets, goes on, puts, renames, deletes and lists, ${title}`, async () => {
      const type = (share: FtpShare, lines: readonly string[]) => session(share, lines, ...flags);
      const there = ["chmod 640 moved.txt", "mlsd", "mlst moved.txt"];
      await tour(type, { first: typed, there, last: ["mdelete nothing*", "features"] }, (share, said) => {
        expect(statSync(share.local("words.txt")).mtimeMs).toBe(PLANTED_AT);
        expect(statSync(share.shared("made/moved.txt")).mode & 0o777).toBe(0o640);
        expect(said).toMatch(/^-rw-r----- .* moved\.txt$/m);
        expect(said).toContain("moved.txt\t120");
        expect(said).toMatch(/type=file;size=120;/i);
      });
    });
  }

  tnftp.test("works over IPv6", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(3) });
    await share.run(tnftp, ["-V", "-o", "a.txt", share.url("a.txt").replace("127.0.0.1", "[::1]")]);
    expect(share.localBytes("a.txt").toString()).toBe(lines(3).toString());
    tnftp.exchanged();
  });

  tnftp.test("gets and puts several by pattern, in text and in binary: mget, mput", async () => {
    await using share = await FtpShare.open({ "1.txt": lines(3), "2.txt": lines(4), "3.bin": content(100) });
    await session(share, ["ascii", "mget *.txt", "binary", "mget *.bin", "mkdir back", "cd back", "mput *.txt *.bin"]);
    expect(digest(share.local())).toEqual(digest(share.shared("back")));
    expect(share.localBytes("2.txt").toString()).toBe(lines(4).toString());
  });
});

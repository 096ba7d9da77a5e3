import { describe, expect } from "bun:test";
import { writeFileSync } from "node:fs";
import { client } from "../support/clients.ts";
import { FtpShare } from "../support/ftp-share.ts";
import { tour } from "../support/ftp-tour.ts";
import { content, digest, lines } from "../support/tree.ts";

const ftp = client("ftp");

async function session(share: FtpShare, ...typed: readonly string[]): Promise<string> {
  const start = [`open 127.0.0.1 ${share.port}`, "user anonymous me@example.org"];
  const input = `${[...start, ...typed, "quit"].join("\n")}\n`;
  const { stdout } = await share.run(ftp, ["-n", "-i", "-v"], { input });
  ftp.exchanged();
  return stdout;
}

describe("GNU inetutils' ftp", () => {
  const last = ["system", "status", "remotehelp", "idle", "chmod 600 big.bin"];
  for (const [title, ...mode] of [["active"], ["passive", "passive"]]) {
    ftp.test(`gets, goes on, puts, appends, renames and deletes, ${title}`, async () => {
      const type = (share: FtpShare, typed: readonly string[]) => session(share, ...typed);
      await tour(type, { first: [...mode, "binary"], last }, (_, said) => expect(said).toContain('257 "/made"'));
    });
  }

  ftp.test("gets and puts several in text: mget, mput", async () => {
    await using share = await FtpShare.open({ "1.txt": lines(3), "2.txt": lines(4), "3.bin": content(10) });
    await session(share, "passive", "ascii", "mget *.txt", "mkdir back", "cd back", "mput *.txt");
    expect(share.localBytes("2.txt").toString()).toBe(lines(4).toString());
    expect(digest(share.local())).toEqual(digest(share.shared("back")));
  });

  ftp.test("makes names of its own with STOU: sunique", async () => {
    await using share = await FtpShare.open();
    writeFileSync(share.local("a.txt"), lines(1));
    await session(share, "passive", "binary", "sunique", "put a.txt", "put a.txt");
    const names = Object.keys(digest(share.shared()));
    expect(names).toHaveLength(2);
    for (const name of names) expect(share.sharedBytes(name).toString()).toBe(lines(1).toString());
  });
});

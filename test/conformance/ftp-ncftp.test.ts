import { describe, expect } from "bun:test";
import { statSync, writeFileSync } from "node:fs";
import { client } from "../support/clients.ts";
import { FtpShare } from "../support/ftp-share.ts";
import { content, digest, lines, PLANTED_AT, plant, type Tree } from "../support/tree.ts";

const ncftp = client("ncftp");
const ncftpget = client("ncftpget");
const ncftpput = client("ncftpput");
const ncftpls = client("ncftpls");

/** ncftp's own patterns stand in the way of some names, so it mirrors a tree with fewer of them. */
const TREE: Tree = {
  "empty.bin": new Uint8Array(0),
  "big.bin": content(3_000_001),
  "deep/1/2/3/4/5/end.bin": content(1000, 3),
  "names/with space.txt": lines(3),
  "names/你好.txt": lines(4),
  "names/emoji 😀.txt": lines(5),
  'names/double"quote.txt': lines(6),
};

const at = (share: FtpShare, ...args: readonly string[]) => ["-P", String(share.port), ...args];

describe("ncftpget", () => {
  for (const [title, ...flags] of [
    ["passive", "-F"],
    ["active", "-E"],
  ]) {
    ncftpget.test(`fetches a tree, ${title}`, async () => {
      await using share = await FtpShare.open({ "tree/x": lines(1), ...prefixed("tree", TREE) });
      await share.run(ncftpget, at(share, ...flags, "-R", "-T", "127.0.0.1", ".", "tree"));
      expect(digest(share.local("tree"))).toEqual(digest(share.shared("tree")));
      expect(statSync(share.local("tree/x")).mtimeMs).toBe(PLANTED_AT);
      ncftpget.exchanged(Object.keys(TREE).length);
    });
  }

  ncftpget.test("goes on with half a download", async () => {
    const bytes = content(2_000_000);
    await using share = await FtpShare.open({ "big.bin": bytes });
    writeFileSync(share.local("big.bin"), bytes.subarray(0, 777_777));
    await share.run(ncftpget, at(share, "-z", "127.0.0.1", ".", "big.bin"));
    expect(share.localBytes("big.bin").equals(bytes)).toBe(true);
    ncftpget.exchanged();
  });

  ncftpget.test("writes to its stdout: -c", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(3) });
    const { stdout } = await share.run(ncftpget, ["-c", share.url("a.txt")]);
    expect(stdout).toBe(lines(3).toString());
    ncftpget.exchanged();
  });
});

describe("ncftpput", () => {
  ncftpput.test("puts a tree, and makes the folder for it: -m -R", async () => {
    await using share = await FtpShare.open();
    plant(share.local("tree"), TREE);
    await share.run(ncftpput, at(share, "-m", "-R", "127.0.0.1", "/new/place", "tree"));
    expect(digest(share.shared("new/place/tree"))).toEqual(digest(share.local("tree")));
    expect(statSync(share.shared("new/place/tree/big.bin")).mtimeMs).toBe(PLANTED_AT);
    ncftpput.exchanged(Object.keys(TREE).length);
  });

  ncftpput.test("puts under another name and renames: -S, appends: -A, and from a pipe: -c", async () => {
    await using share = await FtpShare.open();
    writeFileSync(share.local("a.txt"), lines(2));
    await share.run(ncftpput, at(share, "-S", ".tmp", "127.0.0.1", "/", "a.txt"));
    await share.run(ncftpput, at(share, "-A", "127.0.0.1", "/", "a.txt"));
    await share.run(ncftpput, at(share, "-c", "127.0.0.1", "/piped.txt"), { input: "from a pipe\n" });
    expect(share.sharedBytes("a.txt").toString()).toBe(lines(2).toString().repeat(2));
    expect(share.sharedBytes("piped.txt").toString()).toBe("from a pipe\n");
    expect(Object.keys(digest(share.shared()))).toEqual(["a.txt", "piped.txt"]);
    ncftpput.exchanged(3);
  });

  ncftpput.test("deletes what it has put: -DD, and makes a folder that is there already", async () => {
    await using share = await FtpShare.open({ here: null });
    writeFileSync(share.local("a.txt"), lines(2));
    await share.run(ncftpput, at(share, "-m", "-DD", "127.0.0.1", "/here", "a.txt"));
    expect(share.sharedBytes("here/a.txt").toString()).toBe(lines(2).toString());
    ncftpput.exchanged();
  });
});

describe("ncftpls", () => {
  ncftpls.test("lists short, long, one a line, and by pattern", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(1), "with space.bin": lines(2), folder: null });
    const ls = async (...args: readonly string[]) => (await share.run(ncftpls, args)).stdout;
    expect(await ls(share.url())).toMatch(/a\.txt[\s\S]*folder[\s\S]*with space\.bin/);
    expect(await ls("-1", share.url())).toMatch(/^a\.txt\nfolder\/?\nwith space\.bin\n$/);
    expect(await ls("-l", share.url())).toMatch(/^-rw\S+ +1 ftp +ftp +12 Feb +0?3 +2001 a\.txt$/m);
    expect(await ls("-x-la", share.url())).toContain(" with space.bin");
    ncftpls.exchanged(4);
  });
});

describe("ncftp", () => {
  ncftp.test("in a session: lists, gets, goes on, puts, renames, deletes, makes folders", async () => {
    const bytes = content(300_000);
    await using share = await FtpShare.open({ "big.bin": bytes, "folder/b.txt": lines(2) });
    writeFileSync(share.local("up.txt"), lines(4));
    writeFileSync(share.local("big.bin"), bytes.subarray(0, 100_000));
    const input = [
      `open -P ${share.port} 127.0.0.1`,
      "get big.bin",
      "mkdir made",
      "cd made",
      "put up.txt",
      'rename up.txt "new name.txt"',
      'chmod 600 "new name.txt"',
      "cd ..",
      "cat folder/b.txt",
      "rm folder/b.txt",
      "rmdir folder",
      "ls -l",
      "quote SITE HELP",
      "quit",
    ];
    const { stdout } = await share.run(ncftp, [], { input: `${input.join("\n")}\n` });
    expect(share.localBytes("big.bin").equals(bytes)).toBe(true);
    expect(stdout).toContain("line 1 of 2");
    expect(Object.keys(digest(share.shared())).sort()).toEqual(["big.bin", "made", "made/new name.txt"]);
    expect(statSync(share.shared("made/new name.txt")).mode & 0o777).toBe(0o600);
    ncftp.exchanged(6);
  });
});

function prefixed(folder: string, tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([path, bytes]) => [`${folder}/${path}`, bytes]));
}

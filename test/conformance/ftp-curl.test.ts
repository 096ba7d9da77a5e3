import { describe, expect } from "bun:test";
import { statSync, writeFileSync } from "node:fs";
import { client } from "../support/clients.ts";
import { FtpShare } from "../support/ftp-share.ts";
import { Program } from "../support/program.ts";
import { content, digest, lines, ODD_NAMES, PLANTED_AT, plant } from "../support/tree.ts";

const curl = client("curl");

/** Runs curl, which must succeed; what it wrote to stdout. */
async function run(share: FtpShare, ...args: readonly string[]): Promise<string> {
  const { stdout } = await share.run(curl, ["-sS", "--max-time", "30", ...args]);
  curl.exchanged();
  return stdout;
}

describe("curl fetches and puts a file, byte for byte", () => {
  const bytes = content(1_000_003);
  const plain = (share: FtpShare, name: string) => [share.url(name)];
  const ways: readonly (readonly [string, (share: FtpShare, name: string) => string[]])[] = [
    ["passive", plain],
    ["with PASV", (share, name) => ["--disable-epsv", share.url(name)]],
    ["with PASV's address", (share, name) => ["--disable-epsv", "--no-ftp-skip-pasv-ip", share.url(name)]],
    ["active: --ftp-port -", (share, name) => ["--ftp-port", "-", share.url(name)]],
    ["active with PORT", (share, name) => ["--ftp-port", "-", "--disable-eprt", share.url(name)]],
    ["over IPv6", (share, name) => [share.url(name).replace("127.0.0.1", "[::1]")]],
    ["with AUTH TLS: --ssl-reqd", (share, name) => ["-k", "--ssl-reqd", share.url(name)]],
    ["with AUTH TLS, if there is: --ftp-ssl", (share, name) => ["-k", "--ftp-ssl", share.url(name)]],
    ["with CCC", (share, name) => ["-k", "--ftp-ssl-control", share.url(name)]],
    ["over TLS: ftps://", (share, name) => ["-k", `ftps://127.0.0.1:${share.tlsPort}/${name}`]],
    ["as USER ftp", (share, name) => ["-u", "ftp:me@example.org", share.url(name)]],
    ["by one CWD", (share, name) => ["--ftp-method", "singlecwd", share.url(name)]],
    ["without CWD", (share, name) => ["--ftp-method", "nocwd", share.url(name)]],
  ];
  for (const [title, way] of ways) {
    curl.test(title, async () => {
      await using share = await FtpShare.open({ "a/b/got.bin": bytes });
      await run(share, "-o", "got.bin", ...way(share, "a/b/got.bin"));
      expect(share.localBytes("got.bin").equals(bytes)).toBe(true);
      await run(share, "-T", "got.bin", ...way(share, "a/b/put.bin"));
      expect(share.sharedBytes("a/b/put.bin").equals(bytes)).toBe(true);
      expect(Object.keys(digest(share.shared("a/b")))).toEqual(["got.bin", "put.bin"]);
    });
  }
});

describe("curl", () => {
  curl.test("fetches and puts every odd name, and lists them all", async () => {
    await using share = await FtpShare.open();
    plant(share.local(), Object.fromEntries(ODD_NAMES.map((name, i) => [name, content(100 + i, i + 1)])));
    const up = ODD_NAMES.flatMap((name) => ["-T", `./${name}`, share.url(name)]);
    await run(share, ...up);
    expect(digest(share.shared())).toEqual(digest(share.local()));
    const listed = await run(share, "-l", share.url());
    expect(listed.split("\n").slice(0, -1).sort()).toEqual([...ODD_NAMES].sort());
    const down = ODD_NAMES.flatMap((name, i) => ["-o", `got-${i}`, share.url(name)]);
    await run(share, ...down);
    ODD_NAMES.forEach((name, i) => {
      expect(share.localBytes(`got-${i}`).equals(share.sharedBytes(name))).toBe(true);
    });
  });

  curl.test("goes on with half a download: -C -", async () => {
    const bytes = content(2_000_000);
    await using share = await FtpShare.open({ "big.bin": bytes });
    writeFileSync(share.local("big.bin"), bytes.subarray(0, 1_234_567));
    await run(share, "-C", "-", "-O", share.url("big.bin"));
    expect(share.localBytes("big.bin").equals(bytes)).toBe(true);
    await run(share, "-C", "-", "-O", share.url("big.bin"));
    expect(share.localBytes("big.bin").equals(bytes)).toBe(true);
  });

  for (const there of [false, true])
    curl.test(
      `goes on with an upload that it was killed in: -C - -T${there ? ", over another file" : ""}`,
      async () => {
        const bytes = content(40_000_000);
        await using share = await FtpShare.open(there ? { "big.bin": content(200_000, 2) } : {});
        writeFileSync(share.local("big.bin"), bytes);
        const slowly = [curl.path, "-sS", "--limit-rate", "1M", "-T", "big.bin", share.url("big.bin")];
        await using killed = new Program(slowly, share.surroundings);
        await share.arriving(300_000);
        killed.kill("SIGKILL");
        await killed.exited();
        await share.noticed();
        if (there) expect(share.sharedBytes("big.bin").equals(content(200_000, 2))).toBe(true);
        else expect(Object.keys(digest(share.shared()))).not.toContain("big.bin");
        await run(share, "-C", "-", "-T", "big.bin", share.url("big.bin"));
        expect(share.sharedBytes("big.bin").equals(bytes)).toBe(true);
        expect(Object.keys(digest(share.shared()))).toEqual(["big.bin"]);
      },
    );

  curl.test("appends: -a", async () => {
    await using share = await FtpShare.open({ "log.txt": lines(2) });
    writeFileSync(share.local("more.txt"), "more\n");
    await run(share, "-a", "-T", "more.txt", share.url("log.txt"));
    await run(share, "-a", "-T", "more.txt", share.url("new.txt"));
    expect(share.sharedBytes("log.txt").toString()).toBe("line 0 of 2\nline 1 of 2\nmore\n");
    expect(share.sharedBytes("new.txt").toString()).toBe("more\n");
  });

  curl.test("puts what comes from a pipe, and an empty file", async () => {
    await using share = await FtpShare.open();
    await share.run(curl, ["-sS", "-T", "-", share.url("piped.txt")], { input: "from a pipe\n" });
    writeFileSync(share.local("empty"), "");
    await run(share, "-T", "empty", share.url("empty"));
    expect(share.sharedBytes("piped.txt").toString()).toBe("from a pipe\n");
    expect(statSync(share.shared("empty")).size).toBe(0);
    expect(await run(share, share.url("empty"))).toBe("");
  });

  curl.test("makes the folders that are missing, and gives commands before and after: -Q", async () => {
    await using share = await FtpShare.open({ "old.txt": lines(1) });
    writeFileSync(share.local("a.txt"), "a\n");
    await run(share, "--ftp-create-dirs", "-T", "a.txt", share.url("x/y z/a.txt"));
    await run(
      share,
      "-Q",
      "RNFR old.txt",
      "-Q",
      "RNTO new.txt",
      "-Q",
      "MKD made",
      "-Q",
      "-DELE a.txt",
      share.url("x/y z/"),
    );
    expect(Object.keys(digest(share.shared())).sort()).toEqual(["made", "new.txt", "x", "x/y z"]);
    await run(share, "-Q", "RMD made", "-Q", "*DELE nothing", share.url());
    expect(Object.keys(digest(share.shared()))).not.toContain("made");
  });

  curl.test("knows size and time: -I, -R, -z", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(3) });
    const head = await run(share, "-I", share.url("a.txt"));
    expect(head).toContain("Content-Length: 36");
    expect(head).toContain("Last-Modified: Sat, 03 Feb 2001 04:05:06 GMT");
    await run(share, "-R", "-O", share.url("a.txt"));
    expect(statSync(share.local("a.txt")).mtimeMs).toBe(PLANTED_AT);
    expect(await run(share, "-z", "4 Feb 2001", share.url("a.txt"))).toBe("");
    expect(await run(share, "-z", "2 Feb 2001", share.url("a.txt"))).toBe(lines(3).toString());
  });

  curl.test("fetches a range, and text as text", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(100) });
    expect(await run(share, "-r", "0-4", share.url("a.txt"))).toBe("line ");
    expect(await run(share, "-r", "10-19", share.url("a.txt"))).toBe(lines(100).toString().slice(10, 20));
    expect(await run(share, "-r", "-5", share.url("a.txt"))).toBe(" 100\n");
    expect(await run(share, `${share.url("a.txt")};type=a`)).toBe(lines(100).toString());
  });

  curl.test("lists a folder long and short, a pattern, and an empty one", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(1), "b.bin": lines(2), hollow: null });
    const long = await run(share, share.url());
    expect(long).toMatch(/^-rw\S+ +1 ftp +ftp +12 Feb {2}3 {2}2001 a\.txt\n-rw.* b\.bin\ndrwx.* hollow\n$/);
    expect(await run(share, "-l", share.url("hollow/"))).toBe("");
    expect(await run(share, "-X", "NLST *.txt", share.url())).toBe("a.txt\n");
    expect(await run(share, "-X", "LIST -al", share.url())).toContain(" a.txt\n");
    expect(await run(share, "-X", "MLSD", share.url())).toMatch(/^type=file;size=12;.* a\.txt\n/);
  });

  curl.test("ends with its own codes when a file is not there, or may not be put", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(1) }, []);
    const code = async (...args: readonly string[]) => {
      await using program = new Program([curl.path, "-sS", ...args], share.surroundings);
      return (await program.outcome()).code;
    };
    writeFileSync(share.local("a.txt"), "a\n");
    expect(await code(share.url("nothing.txt"))).toBe(78);
    expect(await code(share.url("nowhere/a.txt"))).toBe(9);
    expect(await code("-T", "a.txt", share.url("b.txt"))).toBe(25);
    expect(await code("-u", "eve:wrong-password", share.url("a.txt"))).toBe(67);
    curl.exchanged(4);
  });

  curl.test("reads why a large upload met the quota, although it sends on meanwhile", async () => {
    await using share = await FtpShare.open({}, ["--allow-write", "--quota", "1M"]);
    await Bun.$`truncate -s 200M big.bin`.cwd(share.local()).quiet();
    const command = [curl.path, "-sS", "--max-time", "30", "-T", "big.bin", share.url("big.bin")] as const;
    await using program = new Program([...command], share.surroundings);
    const { code, stderr } = await program.outcome();
    expect({ code, stderr }).toEqual({ code: 70, stderr: expect.stringContaining("storage allocation") });
    curl.exchanged();
  });

  curl.test("fetches and puts names in GBK, as old Chinese clients write them", async () => {
    await using share = await FtpShare.open({ "中文.txt": lines(1) }, ["--allow-write", "--ftp-charset", "gbk"]);
    const root = share.url();
    expect(await run(share, `${root}%D6%D0%CE%C4.txt`)).toBe(lines(1).toString());
    writeFileSync(share.local("up"), "up\n");
    await run(share, "-T", "up", `${root}%C4%E3%BA%C3.txt`);
    expect(Object.keys(digest(share.shared())).sort()).toEqual(["中文.txt", "你好.txt"]);
  });

  curl.test("reads near the end of a sparse file of 5 GiB", async () => {
    await using share = await FtpShare.open();
    await Bun.$`truncate -s 5G sparse.bin && printf tail >> sparse.bin`.cwd(share.shared()).quiet();
    const size = 5 * 2 ** 30;
    expect(await run(share, "-I", share.url("sparse.bin"))).toContain(`Content-Length: ${size + 4}`);
    expect(await run(share, "-C", String(size), share.url("sparse.bin"))).toBe("tail");
    expect(await run(share, "-r", `${size + 1}-${size + 2}`, share.url("sparse.bin"))).toBe("ai");
    expect(await run(share, "-k", "--ssl-reqd", "-C", String(size), share.url("sparse.bin"))).toBe("tail");
  });
});

import { describe, expect } from "bun:test";
import { statSync, utimesSync, writeFileSync } from "node:fs";
import { client } from "../support/clients.ts";
import { FtpShare } from "../support/ftp-share.ts";
import { Program } from "../support/program.ts";
import { content, digest, lines, ODD_NAMES, PLANTED_AT, plant, SAMPLE } from "../support/tree.ts";

const lftp = client("lftp");
const QUICK =
  "set cmd:fail-exit true; set net:max-retries 1; set net:timeout 20; set net:reconnect-interval-base 1; set ssl:verify-certificate no;";

/** Runs commands of lftp after it has opened the share. */
async function script(share: FtpShare, commands: string, setup = ""): Promise<string> {
  const { stdout } = await share.run(lftp, ["-c", `${QUICK} ${setup} open ${share.url()}; ${commands}`], {
    ms: 60_000,
  });
  lftp.exchanged();
  return stdout;
}

describe("lftp mirrors a tree, names and times and bytes", () => {
  const ways: readonly (readonly [string, string])[] = [
    ["passive", ""],
    ["active", "set ftp:passive-mode off;"],
    ["with AUTH TLS", "set ftp:ssl-force true; set ftp:ssl-protect-data true;"],
    ["by LIST instead of MLSD", "set ftp:use-mlsd off;"],
    ["over two connections", "set mirror:parallel-transfer-count 2;"],
  ];
  for (const [title, setup] of ways) {
    lftp.test(`from the share, ${title}`, async () => {
      await using share = await FtpShare.open(SAMPLE);
      await script(share, "mirror . got", setup);
      expect(digest(share.local("got"))).toEqual(digest(share.shared()));
      const fine = setup.includes("use-mlsd off") ? 86_400_000 : 0;
      expect(Math.abs(statSync(share.local("got/text.txt")).mtimeMs - PLANTED_AT)).toBeLessThanOrEqual(fine);
    });

    lftp.test(`to the share, ${title}`, async () => {
      await using share = await FtpShare.open();
      plant(share.local("mine"), SAMPLE);
      await script(share, "mirror -R mine there", setup);
      expect(digest(share.shared("there"))).toEqual(digest(share.local("mine")));
      expect(statSync(share.shared("there/text.txt")).mtimeMs).toBe(PLANTED_AT);
    });
  }

  lftp.test("a second time moves nothing", async () => {
    await using share = await FtpShare.open(SAMPLE);
    await script(share, "mirror . got");
    expect(await script(share, "mirror -v . got")).not.toMatch(/Transferring|New:|Modified:/);
    expect(await script(share, "mirror -R -v got .")).not.toMatch(/Transferring|New:|Modified:/);
  });
});

describe("lftp", () => {
  lftp.test("fetches and puts every odd name, also over implicit TLS", async () => {
    await using share = await FtpShare.open();
    plant(share.local(), Object.fromEntries(ODD_NAMES.map((name, i) => [name, content(100 + i, i + 1)])));
    const put = ODD_NAMES.map((name) => `put ${quoted(`./${name}`)} -o ${quoted(name)};`).join(" ");
    await script(share, put);
    expect(digest(share.shared())).toEqual(digest(share.local()));
    const get = ODD_NAMES.map((name) => `get ${quoted(`./${name}`)} -o ${quoted(`got ${name.slice(0, 200)}`)};`).join(
      " ",
    );
    await share.run(lftp, ["-c", `${QUICK} open ftps://127.0.0.1:${share.tlsPort}; ${get}`]);
    for (const name of ODD_NAMES) {
      expect(share.localBytes(`got ${name.slice(0, 200)}`).equals(share.sharedBytes(name))).toBe(true);
    }
  });

  lftp.test("fetches one file over four connections: pget -n 4", async () => {
    await using share = await FtpShare.open({ "big.bin": content(20 * 1024 * 1024 + 5) });
    await script(share, "pget -n 4 big.bin");
    expect(share.localBytes("big.bin").equals(share.sharedBytes("big.bin"))).toBe(true);
  });

  lftp.test("goes on with half a download: get -c", async () => {
    const bytes = content(2_000_000);
    await using share = await FtpShare.open({ "big.bin": bytes });
    writeFileSync(share.local("big.bin"), bytes.subarray(0, 1_234_567));
    await script(share, "get -c big.bin");
    expect(share.localBytes("big.bin").equals(bytes)).toBe(true);
    expect(share.tincan.events.filter(({ event }) => event === "error")).toEqual([]);
  });

  lftp.test("goes on with an upload after it was killed in the middle: put -c", async () => {
    const bytes = content(40_000_000);
    await using share = await FtpShare.open();
    writeFileSync(share.local("big.bin"), bytes);
    const slowly = `${QUICK} set net:limit-rate 0:1000000; open ${share.url()}; put big.bin`;
    await using killed = new Program([lftp.path, "-c", slowly], share.surroundings);
    await share.arriving(300_000);
    killed.kill("SIGKILL");
    await killed.exited();
    expect(digest(share.shared())["big.bin"]).toBeUndefined();
    await share.noticed();
    await script(share, "put -c big.bin");
    expect(share.sharedBytes("big.bin").equals(bytes)).toBe(true);
  });

  lftp.test("makes, lists, renames and removes files and folders, and sets modes", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(3) });
    const listed = await script(
      share,
      "mkdir -p x/y/z; mv a.txt x/b.txt; chmod 600 x/b.txt; cls -l x; mkdir empty; rmdir empty; cls -1 x/*.txt; rm -r x/y; cls -1 x",
    );
    expect(listed).toMatch(/^-rw-------.* x\/b\.txt$/m);
    expect(listed).toEndWith("x/b.txt\nx/b.txt\n");
    expect(digest(share.shared())).toEqual({ x: "folder", "x/b.txt": digest(share.shared("x"))["b.txt"] ?? "" });
    expect(statSync(share.shared("x/b.txt")).mode & 0o777).toBe(0o600);
  });

  lftp.test("keeps the time of what it fetches, to the second", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(3) });
    utimesSync(share.shared("a.txt"), 1_600_000_000, 1_600_000_000);
    await script(share, "get a.txt");
    expect(statSync(share.local("a.txt")).mtimeMs).toBe(1_600_000_000_000);
  });

  lftp.test("reads and writes names in GBK", async () => {
    await using share = await FtpShare.open({ "你好.txt": lines(3), "目录/文件 一.txt": lines(4) }, [
      "--allow-write",
      "--ftp-charset",
      "gbk",
    ]);
    await script(
      share,
      "mirror . got; mirror -R got there",
      "set ftp:charset GBK; set file:charset UTF-8; set ftp:use-utf8 off; set ftp:use-feat off;",
    );
    const tree = digest(share.local("got"));
    expect(tree).toContainKeys(["你好.txt", "目录/文件 一.txt"]);
    expect(digest(share.shared("there"))).toEqual(tree);
  });
});

function quoted(name: string): string {
  return `"${name.replace(/["\\]/g, "\\$&")}"`;
}

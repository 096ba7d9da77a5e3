import { describe, expect } from "bun:test";
import { statSync, writeFileSync } from "node:fs";
import { client } from "../support/clients.ts";
import { FtpShare } from "../support/ftp-share.ts";
import { content, digest, LONG_NAME, lines, ODD_NAMES, PLANTED_AT, SAMPLE, type Tree } from "../support/tree.ts";

const wget = client("wget");
/** Names as they are: wget would escape those that some systems do not allow. */
const QUIET = ["-nv", "-t", "1", "-T", "20", "--restrict-file-names=nocontrol"];

/** wget itself shortens names of more than some 240 bytes. */
const { [`odd names/${LONG_NAME}`]: _, ...TREE }: Tree = SAMPLE;

describe("wget", () => {
  for (const [title, ...flags] of [["passive"], ["active", "--no-passive-ftp"]]) {
    wget.test(`fetches a tree, names and times and bytes, ${title}: wget -r`, async () => {
      await using share = await FtpShare.open(TREE);
      await share.run(wget, [...QUIET, ...flags, "-r", "-l", "20", "-nH", share.url()]);
      const got = digest(share.local());
      const wanted = digest(share.shared());
      // wget fetches no empty folder.
      delete wanted["hollow"];
      delete got["hollow"];
      expect(got).toEqual(wanted);
      expect(Math.abs(statSync(share.local("text.txt")).mtimeMs - PLANTED_AT)).toBeLessThan(86_400_000);
      wget.exchanged(Object.keys(TREE).length);
    });
  }

  wget.test("goes on with half a download: wget -c", async () => {
    const bytes = content(2_000_000);
    await using share = await FtpShare.open({ "big.bin": bytes });
    writeFileSync(share.local("big.bin"), bytes.subarray(0, 765_432));
    await share.run(wget, [...QUIET, "-c", share.url("big.bin")]);
    expect(share.localBytes("big.bin").equals(bytes)).toBe(true);
    await share.run(wget, [...QUIET, "-c", share.url("big.bin")]);
    expect(share.localBytes("big.bin").equals(bytes)).toBe(true);
    wget.exchanged(2);
  });

  wget.test("fetches by pattern, and every odd name by its address", async () => {
    await using share = await FtpShare.open({
      "a.txt": lines(1),
      "b.txt": lines(2),
      "c.bin": lines(3),
      ...Object.fromEntries(ODD_NAMES.map((name, i) => [`odd/${name}`, content(99, i + 1)])),
    });
    await share.run(wget, [...QUIET, `${share.url()}*.txt`]);
    expect(Object.keys(digest(share.local()))).toEqual(["a.txt", "b.txt"]);
    for (const [i, name] of ODD_NAMES.entries()) {
      await share.run(wget, [...QUIET, "-O", `got-${i}`, share.url(`odd/${name}`)]);
      expect([name, share.localBytes(`got-${i}`).equals(share.sharedBytes(`odd/${name}`))]).toEqual([name, true]);
    }
    wget.exchanged(2 + ODD_NAMES.length);
  });

  wget.test("fetches only what is newer: wget -N", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(1) });
    await share.run(wget, [...QUIET, "-N", share.url("a.txt")]);
    const { stderr } = await share.run(wget, ["-N", share.url("a.txt")]);
    expect(stderr).toContain("not retrieving");
    wget.exchanged(2);
  });

  wget.test("works over TLS: ftps://", async () => {
    const bytes = content(1_000_000);
    await using share = await FtpShare.open({ "big.bin": bytes });
    const address = (port: number, scheme: string) => `${scheme}://127.0.0.1:${port}/big.bin`;
    await share.run(wget, [...QUIET, "--no-check-certificate", "-O", "explicit", address(share.port, "ftps")]);
    await share.run(wget, [
      ...QUIET,
      "--no-check-certificate",
      "--ftps-implicit",
      "-O",
      "implicit",
      address(share.tlsPort, "ftps"),
    ]);
    for (const name of ["explicit", "implicit"]) expect(share.localBytes(name).equals(bytes)).toBe(true);
    wget.exchanged(2);
  });
});

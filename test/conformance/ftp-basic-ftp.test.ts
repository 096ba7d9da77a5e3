import { describe, expect, test } from "bun:test";
import { statSync, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { Client } from "basic-ftp";
import { client } from "../support/clients.ts";
import { FtpShare } from "../support/ftp-share.ts";
import { run } from "../support/program.ts";
import { content, digest, lines, ODD_NAMES, PLANTED_AT, plant, SAMPLE, type Tree } from "../support/tree.ts";

const node = client("node");

/** As its users run it, under Node. */
const MIRROR = `
import { Client } from "basic-ftp";
const [port, secure, local] = process.argv.slice(1);
const client = new Client(20_000);
const o = { host: "127.0.0.1", port: Number(port), secureOptions: { rejectUnauthorized: false } };
await client.access({ ...o, secure: JSON.parse(secure) });
await client.downloadToDir(local);
await client.uploadFromDir(local, "back");
client.close();
`;

/**
 * When it resumes a TLS session and has nothing to upload, it ends the connection before the handshake is done (seen with
 * strace: a ClientHello and FIN), which nobody can tell from a cut.
 */
const { "empty.bin": _, ...SOMETHING }: Tree = SAMPLE;

/** A client that has logged in; closed at the end of the test. */
async function login({ port }: FtpShare): Promise<Client & Disposable> {
  const client = new Client(20_000);
  await client.access({ host: "127.0.0.1", port });
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}

describe("basic-ftp", () => {
  for (const [title, secure] of [
    ["plain", false],
    ["with AUTH TLS", true],
    ["over implicit TLS", "implicit"],
  ] as const) {
    node.test(`fetches and puts a tree, ${title}`, async () => {
      await using share = await FtpShare.open(secure === false ? SAMPLE : SOMETHING);
      const port = secure === "implicit" ? share.tlsPort : share.port;
      const args = ["--input-type=module", "-e", MIRROR, String(port), JSON.stringify(secure), share.local("got")];
      const wanted = digest(share.shared());
      const { code, stderr } = await run([node.path, ...args], { cwd: import.meta.dir, ms: 60_000 });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(digest(share.local("got"))).toEqual(wanted);
      expect(digest(share.shared("back"))).toEqual(wanted);
      node.exchanged(2 * Object.keys(SOMETHING).length);
    });
  }

  test("goes on both ways: a start for downloads, append for uploads", async () => {
    const bytes = content(1_000_000);
    await using share = await FtpShare.open({ "big.bin": bytes });
    using client = await login(share);
    writeFileSync(share.local("big.bin"), bytes.subarray(0, 400_000));
    await client.downloadTo(share.local("big.bin"), "big.bin", 400_000);
    expect(share.localBytes("big.bin").equals(bytes)).toBe(true);
    await client.uploadFrom(Readable.from([bytes.subarray(0, 300_000)]), "up.bin");
    await client.appendFrom(share.local("big.bin"), "up.bin", { localStart: 300_000 });
    expect(share.sharedBytes("up.bin").equals(bytes)).toBe(true);
  });

  test("lists names, sizes, times and kinds; knows features, sizes and times", async () => {
    await using share = await FtpShare.open({
      ...Object.fromEntries(ODD_NAMES.map((name, i) => [name, content(50 + i)])),
      folder: null,
    });
    using client = await login(share);
    const listed = await client.list();
    expect(listed.map(({ name }) => name).sort()).toEqual([...ODD_NAMES, "folder"].sort());
    for (const [i, name] of ODD_NAMES.entries()) {
      const found = listed.find((entry) => entry.name === name);
      expect(found).toMatchObject({ size: 50 + i, isFile: true, modifiedAt: new Date(PLANTED_AT) });
      expect(await client.size(name)).toBe(50 + i);
      expect((await client.lastMod(name)).getTime()).toBe(PLANTED_AT);
    }
    expect(listed.find(({ name }) => name === "folder")?.isDirectory).toBe(true);
    expect((await client.features()).has("MLST")).toBe(true);
  });

  test("makes and removes folders, renames and removes files", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(1) });
    using client = await login(share);
    await client.ensureDir("/x y/z");
    expect(await client.pwd()).toBe("/x y/z");
    await client.uploadFrom(Readable.from([lines(3)]), "new.txt");
    await client.rename("new.txt", "../moved.txt");
    await client.cd("/");
    expect(await client.size("x y/moved.txt")).toBe(36);
    await client.remove("a.txt");
    expect(Object.keys(digest(share.shared())).sort()).toEqual(["x y", "x y/moved.txt", "x y/z"]);
    await client.removeDir("x y");
    expect(digest(share.shared())).toEqual({});
  });

  test("is told that a path has no file, and goes on", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(1) });
    using client = await login(share);
    await expect(client.downloadTo(share.local("x"), "nothing.txt")).rejects.toMatchObject({ code: 550 });
    await expect(client.cd("nowhere")).rejects.toMatchObject({ code: 550 });
    await client.downloadTo(share.local("a.txt"), "a.txt");
    expect(statSync(share.local("a.txt")).size).toBe(12);
    plant(share.local("more"), { "b.txt": lines(2) });
    await client.uploadFromDir(share.local("more"));
    expect(share.sharedBytes("b.txt").toString()).toBe(lines(2).toString());
  });
});

import { describe, expect } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { client } from "../support/clients.ts";
import { HttpShare } from "../support/http-share.ts";
import { run } from "../support/program.ts";
import { content, digest, lines, type Tree } from "../support/tree.ts";

const wget = client("wget");
const TREE: Tree = {
  "a.txt": lines(3),
  "empty.bin": Buffer.alloc(0),
  "photos/é 中文.jpg": content(70_000),
  "photos/2026/deep/it's & <b>.bin": content(5_000, 2),
  "photos/2026/a:b.txt": lines(1),
};

describe("wget over HTTP", () => {
  wget.test("fetches a tree by its plain lists, each file once, and no archive of it: wget -r", async () => {
    await using share = await HttpShare.open(TREE);
    const to = share.local("got");
    mkdirSync(to);
    const flags = ["-nv", "-t", "1", "-T", "20", "-r", "-l", "20", "-np", "-nH", "--cut-dirs=1"];
    const { code } = await run([wget.path, ...flags, "--restrict-file-names=nocontrol", "-P", to, share.url()]);
    expect(code).toBe(0);
    const { "index.html": root, ...got } = digest(to);
    expect(root).toBeDefined();
    const lists = ["photos", "photos/2026", "photos/2026/deep"].map((folder) => `${folder}/index.html`);
    const wanted = Object.keys(digest(share.shared())).concat(lists);
    expect(Object.keys(got).toSorted()).toEqual(wanted.toSorted());
    for (const [name, bytes] of Object.entries(TREE))
      expect([name, readFileSync(`${to}/${name}`).equals(bytes ?? Buffer.alloc(0))]).toEqual([name, true]);
    // Whoever wants the archive presses a button.
    expect(readFileSync(`${to}/index.html`, "utf8")).toContain('<form><button name="archive" value="tar">');
    wget.exchanged(Object.keys(TREE).length);
  });
});

import { expect, test } from "bun:test";
import type { Message } from "../../support/frames.ts";
import type { Peer } from "./door.ts";
import { FilesDoor } from "./files-door.ts";

interface Page {
  readonly entries: readonly { readonly name: string }[];
  readonly next: string | null;
}

/** All pages of the root, and how many bytes the largest had. */
async function pages(peer: Peer, o: Message = {}): Promise<{ readonly found: readonly Page[]; readonly most: number }> {
  const found: Page[] = [];
  let most = 0;
  for (let after: string | null = ""; after !== null; ) {
    const page = (await peer.request({ op: "list", path: "/", id: 1, after, ...o })) as unknown as Page;
    most = Math.max(most, Buffer.byteLength(JSON.stringify(page)));
    found.push(page);
    after = page.next;
  }
  return { found, most };
}

for (const letter of ["x", '"', "字"]) {
  test(`a folder of long names with ${letter} comes in pages of at most 256 KiB, each name once`, async () => {
    await using files = new FilesDoor();
    const long = letter.repeat(Math.floor(250 / Buffer.byteLength(letter)));
    const names = Array.from({ length: 1500 }, (_, i) => `${String(i).padStart(4, "0")}${long}`);
    for (const name of names) files.share.put(name, "");
    const { found, most } = await pages(await files.peer());
    expect(most).toBeLessThanOrEqual(256 * 1024);
    expect(most).toBeGreaterThan(200 * 1024);
    expect(found.flatMap(({ entries }) => entries.map(({ name }) => name))).toEqual(names);
  });
}

test("a limit is kept, and one that is larger than a page does no harm", async () => {
  await using files = new FilesDoor();
  for (let i = 0; i < 10; i++) files.share.put(`file${i}`, "");
  const peer = await files.peer();
  const { found } = await pages(peer, { limit: 4 });
  expect(found.map(({ entries }) => entries.length)).toEqual([4, 4, 2]);
  expect((await pages(peer, { limit: 1_000_000 })).found).toHaveLength(1);
});

test("an entry says no more than it should, and the root is a folder without a name", async () => {
  await using files = new FilesDoor();
  files.share.put("a", "hello");
  const peer = await files.peer();
  const { found } = await pages(peer);
  const mtime = expect.any(Number);
  expect(found).toEqual([
    expect.objectContaining({ entries: [{ name: "a", type: "file", size: 5, mtime }], next: null }),
  ]);
  expect(await peer.request({ op: "stat", path: "/", id: 1 })).toMatchObject({ entry: { name: "", type: "dir" } });
});

test("many lists of a peer that does not read wait, one answer at a time", async () => {
  await using files = new FilesDoor();
  for (let i = 0; i < 100; i++) files.share.put(`file${i}`, "");
  const peer = await files.peer();
  peer.conn.freeze();
  await peer.conn.push(Buffer.concat(Array.from({ length: 30 }, (_, id) => peer.frame({ op: "list", path: "/", id }))));
  for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
  expect(peer.messages()).toEqual([]);
  peer.conn.thaw();
  expect(await peer.hear(30)).toHaveLength(30);
});

test("what cannot be a path is refused before its turn, and waits nowhere", async () => {
  await using files = new FilesDoor();
  files.share.put("big", Buffer.alloc(32 * 1024 * 1024));
  const peer = await files.peer();
  const long = `/${"x".repeat(60_000)}`;
  const asked = [
    { op: "hash", path: "/big", id: 1 },
    { op: "hash", path: long, id: 2 },
    { op: "list", path: long, id: 3 },
    { op: "list", path: "/", after: long, id: 4 },
  ];
  await peer.conn.push(Buffer.concat(asked.map((message) => peer.frame(message))));
  const answers = await peer.hear(4);
  expect(answers.map(({ id }) => id)).toEqual([2, 3, 4, 1]);
  const codes = answers.map(({ error }) => (error as { code: string } | undefined)?.code);
  expect(codes).toEqual(["bad-path", "bad-path", "bad-request", undefined]);
});

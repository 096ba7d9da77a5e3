import { ok } from "node:assert";
import { cut } from "../bytes/chunks.ts";
import { chunk, type Peer } from "../protocols/framed/door.ts";
import { FilesDoor } from "../protocols/framed/files-door.ts";
import { until } from "../support/deadline.ts";
import { frame } from "../support/frames.ts";

const json = (message: object) => frame(JSON.stringify(message));

/** What a program says after its hello; the first byte says where it is cut. */
function said(...frames: readonly Buffer[]): Uint8Array {
  return Uint8Array.from(Buffer.concat([Buffer.of(7), ...frames]));
}

/**
 * Whatever comes, what goes out is whole frames of JSON and chunks, no half file has a name, and when the peer has gone
 * nothing is left open.
 */
export const target = {
  name: "file-frames",
  corpus: [
    said(
      json({ op: "put", path: "/a", size: 5, id: 7 }),
      frame(chunk(7, 0, "hello")),
      json({ op: "end", of: 7, id: 8 }),
    ),
    said(json({ op: "get", path: "/f", id: 1, offset: 2, length: 3 }), json({ op: "cancel", of: 1, id: 2 })),
    said(
      json({ op: "put", path: "/f", overwrite: true, id: 1 }),
      frame(chunk(1, 2 ** 40, "x")),
      frame(chunk(1, 0, "x")),
    ),
    said(
      json({ op: "list", path: "/", limit: 1, id: 1 }),
      json({ op: "hash", path: "/f", id: 1 }),
      frame(chunk(1, 0, "")),
    ),
    said(json({ op: "mkdir", path: "/d/../e" }), json({ op: "rename", from: "/f", to: "/d/g", id: 3 }), frame("")),
  ],
  async run(input: Uint8Array): Promise<void> {
    await using files = new FilesDoor();
    files.share.put("f", "hello");
    const peer = await files.peer();
    const [step = 0, ...rest] = input;
    const data = Uint8Array.from(rest);
    const positions =
      step === 0 ? [] : Array.from({ length: Math.floor(data.length / step) }, (_, i) => (i + 1) * step);
    for (const piece of cut(data, positions)) await peer.conn.push(piece);
    for (let turns = 0; turns < 8; turns++) await new Promise(setImmediate);
    check(peer);
    peer.conn.close();
    // What is stored goes to a disk first.
    await until(() => files.share.transfers.count === 0, "the end of the last transfer");
    const half = files.share.names().filter((name) => !name.startsWith("."));
    for (const name of half) ok(name === "f" || stored(files, name), `${name} was never whole`);
  },
};

/** Whether the vault told that a file or folder got this name. */
function stored({ share }: FilesDoor, name: string): boolean {
  return share.events.some(({ path, to }) => (to ?? path) === `/${name}`);
}

/** The last words may have their header in the other byte order, in which the peer's own would have been legal. */
function check({ conn }: Peer): void {
  const bytes = conn.takeBytes();
  for (let at = 0; at < bytes.length; ) {
    const big = bytes.readUInt32BE(at);
    const body = at + 4 + big <= bytes.length ? bytes.subarray(at + 4, at + 4 + big) : bytes.subarray(at + 4);
    if (body.length !== big) ok(bytes.readUInt32LE(at) === body.length, "half a frame went out");
    if (body[0] === 1) ok(body.length > 13, "a chunk without bytes");
    else JSON.parse(body.toString());
    at += 4 + body.length;
  }
}

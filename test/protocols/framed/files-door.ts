import type { Permission } from "../../../src/accounts/permission.ts";
import type { VaultOptions } from "../../../src/files/disk-vault.ts";
import { Share } from "../../files/share.ts";
import type { Message } from "../../support/frames.ts";
import { MemoryDoor, type Peer } from "./door.ts";

export const sha256 = (bytes: string | Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

/** A framed door in memory, with a real vault behind it. */
export class FilesDoor implements AsyncDisposable {
  readonly share: Share;
  readonly door: MemoryDoor;
  private readonly peers: Peer[] = [];

  constructor(rights: readonly Permission[] = ["read", "upload", "write"], o: Partial<VaultOptions> = {}) {
    this.share = new Share(o);
    this.door = new MemoryDoor({ vault: this.share.vault, rights });
  }

  /** Somebody who said hello to the service, with nothing left to read. */
  async peer(service: "files" | "chat" = "files", hello: Message = {}): Promise<Peer> {
    const peer = this.door.connect();
    this.peers.push(peer);
    await peer.ask({ op: "hello", v: 1, service, id: 0, ...hello });
    return peer;
  }

  /** Everybody goes; what is left is an error. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { conn } of this.peers) if (conn.state !== "closed") conn.close();
    await this.share[Symbol.asyncDispose]();
    const { open, transfers } = this.share;
    if (open !== 0 || transfers.count !== 0) throw new Error(`${open} descriptors, ${transfers.count} transfers left`);
  }
}

/** The bytes of a get, out of its chunks; throws when they are not in order. */
export function join(messages: readonly Message[], from = 0): Buffer {
  const pieces: Buffer[] = [];
  let at = from;
  for (const { chunk } of messages as readonly { chunk?: { offset: number; bytes: string } }[]) {
    if (chunk === undefined) continue;
    if (chunk.offset !== at) throw new Error(`a chunk at ${chunk.offset} instead of ${at}`);
    pieces.push(Buffer.from(chunk.bytes, "hex"));
    at += chunk.bytes.length / 2;
  }
  return Buffer.concat(pieces);
}

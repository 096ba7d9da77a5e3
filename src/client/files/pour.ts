import { messageOf } from "../../thrown.ts";
import { textOf } from "../messages.ts";
import type { FilesConnection } from "./connection.ts";
import { hashSoFar, sha256 } from "./hashing.ts";
import { Incoming } from "./incoming.ts";
import type { Server } from "./server.ts";
import type { Moved, Shared } from "./transfer.ts";
import { Changed } from "./trouble.ts";

/** Takes bytes in order; resolves when it has room for more. */
export type Write = (bytes: Uint8Array) => Promise<void>;

/**
 * Fetches a file into something that cannot be taken back, such as stdout. After a lost connection it goes on behind what
 * is out already, if that is still the beginning of the file.
 */
export class Pour {
  private readonly hasher = sha256();
  private poured = 0;

  constructor(
    private readonly server: Server,
    private readonly path: string,
    private readonly shared: Shared,
    private readonly write: Write,
  ) {}

  /** Rejects with the kinds of `trouble.ts`, Refused or CommandError, or as `write` does. */
  async run(name: string, size: number | null): Promise<Moved> {
    const bar = this.shared.progress.begin(name, size);
    const attempt = () => this.server.use((conn) => this.fetch(conn, (bytes) => bar.at(bytes)));
    try {
      await this.shared.retry.run(name, () => this.poured, attempt);
    } catch (error) {
      bar.failed(messageOf(error), { path: this.path });
      throw error;
    }
    const hash = hashSoFar(this.hasher);
    bar.done(undefined, { path: this.path, sha256: hash, verified: true }, "hash verified");
    return { bytes: this.poured, sha256: hash, already: false, resumedAt: 0 };
  }

  private async fetch(conn: FilesConnection, at: (bytes: number) => void): Promise<void> {
    const part = await this.proved(conn);
    const isWhole = part.offset === undefined;
    const incoming = await Incoming.begin(conn, this.path, part, isWhole ? this.hasher : undefined);
    for (;;) {
      const bytes = await incoming.next();
      if (bytes === null) return;
      if (!isWhole) this.hasher.update(bytes);
      this.poured += bytes.length;
      at(this.poured);
      await this.write(bytes);
    }
  }

  private async proved(conn: FilesConnection): Promise<{ offset?: number; version?: string }> {
    const { path, poured } = this;
    if (poured === 0) return {};
    const probe = await Incoming.begin(conn, path, { offset: 0, length: 0 });
    await probe.next();
    const { size, version } = probe.head;
    const answer = poured <= size ? await conn.ask("hash", { path, offset: 0, length: poured }) : null;
    if (answer !== null && textOf(answer, "sha256") === hashSoFar(this.hasher)) return { offset: poured, version };
    throw new Changed("it changed on the server while it was fetched, and what is out cannot be taken back");
  }
}

import type { HashName } from "../../src/files/access.ts";
import type { Reply } from "./reply.ts";
import type { FtpSession } from "./session.ts";
import type { Beside } from "./transfer/transfer.ts";

/** The names of draft-bryan-ftp-hash, section 3 (IANA's registry of hash function names), for those that can be asked for. */
export const HASHES: ReadonlyMap<string, HashName> = new Map([
  ["SHA-256", "sha256"],
  ["SHA-512", "sha512"],
  ["SHA-1", "sha1"],
  ["MD5", "md5"],
  ["CRC32", "crc32"],
]);

/** `SHA-256*;SHA-512;`, the chosen one with a star, as FEAT has it. */
export function hashNames(chosen: HashName): string {
  return Array.from(HASHES, ([name, hash]) => `${name}${hash === chosen ? "*" : ""}`).join(";");
}

export function hashLabel(chosen: HashName): string {
  return Array.from(HASHES).find(([, hash]) => hash === chosen)?.[0] ?? chosen;
}

/** A client that has ended its side may wait for an answer that comes soon, or may be gone. */
const RUN_OUT_MS = 2_000;

/** draft-bryan-ftp-hash, section 3: the hash of the file, from what REST said on. */
export function hash(session: FtpSession, argument: string): undefined {
  const { parameters } = session;
  const path = parameters.path(argument);
  const offset = parameters.takeOffset();
  session.beside(new Hashing(session, { path, offset, algorithm: parameters.hash, shown: parameters.text(argument) }));
}

interface HashOrder {
  readonly path: string;
  readonly offset: number;
  readonly algorithm: HashName;
  /** The name as the client said it. */
  readonly shown: string;
}

/** A large file takes minutes: meanwhile the client is heard, and nobody works on for one that has gone. */
class Hashing implements Beside {
  readonly progress = null;
  private readonly stopping = new AbortController();
  private stopped: string | null = null;

  constructor(
    private readonly session: FtpSession,
    private readonly order: HashOrder,
  ) {}

  stop(why: string): void {
    this.stopped ??= why;
    this.stopping.abort();
  }

  runOut(why: string): void {
    void this.session.after(RUN_OUT_MS).then(() => this.stop(why));
  }

  async run(): Promise<Reply> {
    const { path, offset, algorithm, shown } = this.order;
    try {
      const { hash: value, bytes } = await this.session.access.hash(path, { offset }, algorithm, this.stopping.signal);
      return { code: 213, text: `${hashLabel(algorithm)} ${offset}-${offset + bytes} ${value} ${shown}` };
    } catch (error) {
      if (this.stopped !== null) return { code: 426, text: this.stopped };
      throw error;
    }
  }
}

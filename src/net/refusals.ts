import { type BunSocket, drop } from "./bun-socket.ts";
import { SocketConnection } from "./connection.ts";
import type { Group } from "./group.ts";
import type { Runtime } from "./runtime.ts";

/** Why a peer does not come in. */
export type RefusalKind = "banned" | "busy";

/** Refuses peers of one door: says why in the protocol's own words, to a bounded number of peers at a time. */
export class Refusals {
  private toldAt = Number.NEGATIVE_INFINITY;
  private readonly over = () => this.end();

  constructor(
    private readonly runtime: Runtime,
    private readonly group: Group,
    private readonly words: Readonly<Partial<Record<RefusalKind, Uint8Array>>>,
  ) {}

  /** Refuses who has just connected. */
  refuse(socket: BunSocket, host: string, kind: RefusalKind): void {
    const words = this.begin(host, kind);
    if (words === null) {
      drop(socket);
      return;
    }
    const conn = new SocketConnection(this.group, socket, host, this.over);
    conn.finish(words, { kind });
  }

  /** Counts and logs one more. What it is to be told, until {@link end}; null: nothing, it is closed at once. */
  begin(host: string, kind: RefusalKind): Uint8Array | null {
    const { runtime } = this;
    this.note(host, kind);
    const words = this.words[kind];
    if (runtime.refusing >= runtime.limits.maxRefused || !words) return null;
    runtime.refusing++;
    return words;
  }

  /** Counts and logs one who is told in another way. */
  note(host: string, kind: RefusalKind): void {
    this.group.refused++;
    this.log(host, kind);
  }

  end(): void {
    this.runtime.refusing--;
  }

  /** One line a second at most, however many come: a flood shall not become one on the disk. */
  private log(host: string, reason: RefusalKind): void {
    const { runtime, group } = this;
    const { log, clock, admission } = runtime;
    const fields = { door: group.name, peer: host, reason, open: admission.count, refused: group.refused };
    if (clock.mono() < this.toldAt + 1_000) {
      log.debug("refused", fields);
      return;
    }
    this.toldAt = clock.mono();
    log.warn("refused", fields);
  }
}

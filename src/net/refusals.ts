import { type BunSocket, drop } from "./bun-socket.ts";
import { SocketConnection } from "./connection.ts";
import type { Group } from "./group.ts";
import type { Protocol, Session } from "./protocol.ts";
import type { Runtime } from "./runtime.ts";

/** Why a peer does not come in. */
export type RefusalKind = "banned" | "busy";

/** Who may say something before it is told why it does not come in says it within so many milliseconds. */
const FIRST_MS = 1_000;
const NOTHING = new Uint8Array(0);

/** Refuses peers of one door: says why in the protocol's own words, to a bounded number of peers at a time. */
export class Refusals {
  private toldAt = Number.NEGATIVE_INFINITY;
  private readonly over = () => this.end();

  constructor(
    private readonly runtime: Runtime,
    private readonly group: Group,
    private readonly words: Pick<Protocol, RefusalKind | "refusal">,
  ) {}

  /** Refuses who has just connected. */
  refuse(socket: BunSocket, host: string, kind: RefusalKind): void {
    if (this.begin(host, kind)) this.tell(new SocketConnection(this.group, socket, host, this.over), kind);
    else drop(socket);
  }

  /**
   * Counts and logs a peer that is refused. True: it is to be told why, and {@link end} is called once it has left. False:
   * too many are being told at the moment, so that its connection is closed without a word.
   */
  begin(host: string, kind: RefusalKind): boolean {
    const { runtime } = this;
    this.note(host, kind);
    if (runtime.refusing >= runtime.limits.maxRefused || !this.words[kind]) return false;
    runtime.refusing++;
    return true;
  }

  /** Says why, and ends the connection. */
  tell(conn: SocketConnection, kind: RefusalKind): void {
    const { words } = this;
    if (words.refusal === undefined) {
      conn.finish(words[kind], { kind });
      return;
    }
    const tell = (first: Uint8Array) => conn.finish(words.refusal?.(kind, first), { kind });
    const session: Session = {
      onData: tell,
      onPeerEnd: () => tell(NOTHING),
      onShutdown: () => tell(NOTHING),
      farewell: () => words[kind],
    };
    conn.attach(session);
    conn.deadline("handshake", FIRST_MS);
  }

  /** Counts and logs one who is told in another way. */
  note(host: string, kind: RefusalKind): void {
    this.group.refused++;
    this.log(host, kind);
  }

  /** One that was told why has left. */
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

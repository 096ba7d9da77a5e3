import type { Gate } from "../src/accounts/gate.ts";
import type { Hub } from "../src/chat/hub.ts";
import type { OptionTable, Values } from "../src/config/option.ts";
import type { Vault } from "../src/files/vault.ts";
import type { Reach } from "../src/files/ways.ts";
import type { Door } from "../src/net/door.ts";
import type { ListenSpec } from "../src/net/listen.ts";
import type { Runtime } from "../src/net/runtime.ts";
import type { TlsContext } from "../src/net/tls.ts";

/** What a daemon tells its operators and their programs. */
export interface DoorOperations {
  /** What `tincan status --json` says. */
  status(): object;
  /** The transfers that run, as in the status. */
  transfers(): readonly object[];
  /** All that is measured, as text for Prometheus. */
  metrics(): Promise<string>;
  /** Why new peers are better sent elsewhere, as a sentence; null: they are welcome. */
  notReady(): string | null;
}

/** What the daemon hands a door when it opens it. */
export interface DoorContext<C> {
  readonly runtime: Runtime;
  readonly hub: Hub;
  /** Who may come in, and as whom. */
  readonly gate: Gate;
  /** The files; null when no folder is shared. */
  readonly vault: Vault | null;
  /** A site of the operator's own, for browsers; null when there is none. */
  readonly site: Vault | null;
  /** This door's own options. */
  readonly config: C;
  /** Where to listen: every host of `--host` with this door's port, or a Unix socket. Empty: only over TLS. */
  readonly listen: readonly ListenSpec[];
  /** Where to listen for TLS from the first byte. Empty without a certificate. */
  readonly listenTls: readonly ListenSpec[];
  /** The server's certificate; null when there is none. */
  readonly tls: TlsContext | null;
  /** What anonymous peers may do here. */
  readonly allow: { readonly chat: boolean; readonly echo: boolean; readonly udp: boolean };
  /** The largest frame body, `--max-frame`. */
  readonly maxFrame: number;
  /** Every door's port is this plus its own number; 0: any free port. */
  readonly basePort: number;
  /** "tincan/0.1.0" */
  readonly server: string;
  /** Whether the chat's lobby is told of files that are added. */
  readonly announces: boolean;
  readonly operations: DoorOperations;
  /**
   * The page's address, for browsers that came to the wrong door. `host` is the address of this machine that the peer has
   * reached ("" on a Unix socket), so that it can reach the page there, too. Null when there is no page.
   */
  pageFor(host: string): string | null;
  /** How a peer that has reached this machine at `host` gets to the files; as of {@link DoorContext.pageFor}. */
  reachFor(host: string): Reach;
  /** The beginnings of the web addresses that other machines can use, up to `files` and `api`; empty: they reach none. */
  rootsForOthers(): readonly string[];
  /** The doors that are open, this one among them. */
  doorNames(): readonly string[];
  /** The first port of a door, for errors that send a lost peer there: in the clear, or for TLS. Null when it is not open. */
  portOf(door: string, transport?: "tcp" | "tls"): number | null;
}

/** A protocol over TLS from the first byte. */
export interface DoorTls<T extends OptionTable = OptionTable> {
  /** The name in front of `-port` in the option of its port. */
  readonly name: string;
  /** As of the {@link DoorKind}. */
  readonly offset: number;
  readonly wellKnown: number | null;
  /** How a connection in the clear turns to TLS as well, if it can: "AUTH TLS". */
  readonly upgrade?: string;
  /** A command to paste; absent: openssl's client will do. */
  paste?(host: string, port: number, config: Values<T>): string;
}

/** One entry of the list of doors: all that the rest of the program needs to know of a protocol. */
export interface DoorKind<T extends OptionTable = OptionTable> {
  readonly name: string;
  /** How it is called in front of people, where its name is a program's word for it: `FTP`, `the web`. */
  readonly title?: string;
  /** Its port is the base port plus this. */
  readonly offset: number;
  /** Its port with `--well-known-ports`; null keeps base plus offset. */
  readonly wellKnown: number | null;
  /** The same protocol over TLS. Absent: there is none. */
  readonly tls?: DoorTls<T>;
  /** One line for `--help` and the ready line. */
  readonly summary: string;
  /** Options that only this door has, by their key in the configuration. */
  readonly options: T;
  /** A command to paste into another terminal. `host` is ready for a command line (no brackets around IPv6). */
  paste(host: string, port: number, config: Values<T>): string;
  /**
   * Paths of what it has for browsers: tincan's page and the operator's own site if there is one, with a `/` at their ends,
   * and the files, without.
   */
  pages?(config: Values<T>): { readonly page: string; readonly files: string; readonly site: string | null };
  /** Whether tincan's own commands can use it as it is set up. Absent: they speak another protocol. */
  ownClients?(config: Values<T>): boolean;
  /**
   * What this door is good for. Where that is denied, it opens all the same, but only to tell its peers so. Absent: there is
   * always something that peers may do.
   */
  readonly needs?: keyof DoorContext<unknown>["allow"];
  /** It does not open where no folder is shared. */
  readonly needsFiles?: true;
  open(context: DoorContext<Values<T>>): Door;
}

import type { Visitor } from "../../../src/accounts/visitor.ts";
import type { Hub } from "../../../src/chat/hub.ts";
import type { Seat } from "../../../src/chat/member.ts";
import type { Access } from "../../../src/files/access.ts";
import { OwnFiles } from "../../../src/files/own-files.ts";
import type { Vault } from "../../../src/files/vault.ts";
import type { Connection } from "../../../src/net/protocol.ts";
import { ChatVisitor } from "../../services/chat-visitor.ts";
import type { Exchange } from "../exchange.ts";

/** What somebody uploaded without having logged in. */
interface Strangers {
  readonly owner: string;
  readonly own: OwnFiles;
}

/**
 * Lets the requests into the vault. Each is an entrance of its own; what is remembered between them is what somebody has
 * uploaded, and so may rename and delete without the right to write: an account for as long as the daemon runs, who shows the
 * secret of a seat in the chat for as long as that is taken (a browser has several connections), anybody else for as long as
 * the connection lasts, because an address alone is not a person.
 */
export class Entrance {
  /** By the owner's text and not the account's name, which may be given to somebody else later. */
  private readonly accounts = new Map<string, OwnFiles>();
  private readonly members = new WeakMap<Seat, OwnFiles>();
  private readonly strangers = new WeakMap<Connection, Strangers>();

  constructor(
    private readonly vault: Vault,
    private readonly hub: Hub,
  ) {}

  /** The caller leaves when the request is answered. */
  enter(x: Exchange): Access {
    const session = x.field("tincan-session");
    const seat = session === undefined ? null : this.hub.seatOf(session);
    // It is told of in the chat by its name there; a name alone would be anybody's.
    const visitor = seat === null ? x.visitor : new ChatVisitor(x.visitor, seat);
    // Who may not add anything, or may change everything, needs no memory.
    if (visitor.may("write") || !visitor.may("upload")) return this.vault.enter(visitor, "http");
    return this.vault.enter(visitor, "http", this.ownOf(visitor, seat, x.conn));
  }

  private ownOf({ account, owner }: Visitor, seat: Seat | null, conn: Connection): OwnFiles {
    if (account !== null) return ownIn(this.accounts, owner);
    return seat === null ? this.strangerOf(conn, owner) : ownIn(this.members, seat);
  }

  /** Behind a proxy one connection may carry the requests of several people. */
  private strangerOf(conn: Connection, owner: string): OwnFiles {
    const known = this.strangers.get(conn);
    if (known?.owner === owner) return known.own;
    const own = new OwnFiles();
    this.strangers.set(conn, { owner, own });
    return own;
  }
}

/** A Map, or a WeakMap. */
interface Remembered<Key> {
  get(key: Key): OwnFiles | undefined;
  set(key: Key, own: OwnFiles): unknown;
}

/** What somebody has uploaded, remembered from now on if it was not. */
function ownIn<Key>(known: Remembered<Key>, key: Key): OwnFiles {
  const own = known.get(key) ?? new OwnFiles();
  known.set(key, own);
  return own;
}

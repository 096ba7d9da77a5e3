import type { Visitor } from "../accounts/visitor.ts";
import type { Access } from "./access.ts";
import type { Entry } from "./entry.ts";
import type { OwnFiles } from "./own-files.ts";

/** What changed in the tree. `path` is in the share, whatever home its visitor has. */
export interface VaultEvent {
  readonly kind: "stored" | "made" | "removed" | "renamed";
  readonly path: string;
  /** Where a rename went. */
  readonly to?: string;
  /** Of what was stored. */
  readonly entry?: Entry;
  readonly door: string;
  readonly visitor: Visitor;
}

/** The files: one jailed tree, in which uploads appear whole or not at all. Knows no sockets. */
export interface Vault {
  /**
   * The tree as one visitor sees it, through one connection of `door`. `own` is what it uploaded before, where a visitor is
   * more than one entrance (HTTP, whose requests come one by one).
   */
  enter(visitor: Visitor, door: string, own?: OwnFiles): Access;
  /** `listener` is told of every change that came through the vault; it must not throw. Returns what forgets it. */
  watch(listener: (event: VaultEvent) => void): () => void;
}

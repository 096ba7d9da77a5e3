import type { Change } from "./access.ts";
import { isVisible, joinPath, partsOf } from "./path.ts";
import type { VaultEvent } from "./vault.ts";

/** The part of the tree that a visitor watches: its home, and a path below that. */
export interface Watched {
  readonly home: readonly string[];
  readonly parts: readonly string[];
  /** Whether names that begin with a dot are seen. */
  readonly dotfiles: boolean;
}

/**
 * A change as a visitor sees it who watches a path; null: it happened elsewhere. What came from elsewhere was stored,
 * what went there is gone.
 */
export function changeSeen({ kind, path, to, entry }: VaultEvent, watched: Watched): Change | null {
  const from = seenPath(path, watched);
  if (kind !== "renamed" || to === undefined) {
    return from === null ? null : { kind, path: from, ...(entry !== undefined && { entry }) };
  }
  const target = seenPath(to, watched);
  if (from !== null && target !== null) return { kind, path: from, to: target };
  if (from !== null) return { kind: "removed", path: from };
  return target === null ? null : { kind: "stored", path: target };
}

/** A path of the share below the visitor's home; null where it is not at or below what is watched, or hidden. */
function seenPath(path: string, { home, parts, dotfiles }: Watched): string | null {
  const names = partsOf(path);
  const inside = names.slice(home.length);
  const isBelow = [...home, ...parts].every((part, i) => names[i] === part);
  if (!isBelow || !inside.every((name) => isVisible(name, dotfiles))) return null;
  return joinPath(inside);
}

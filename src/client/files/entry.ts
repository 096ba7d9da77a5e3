import type { Fields } from "../messages.ts";
import { numberOf, textOf } from "../messages.ts";
import { Untrustworthy } from "./trouble.ts";

/** A file or folder as the server tells it. The name is not to be trusted: see `name.ts`. */
export interface RemoteEntry {
  readonly name: string;
  readonly type: "file" | "dir";
  readonly size: number;
  /** Milliseconds since 1970 UTC. */
  readonly mtime: number;
}

/** @throws Untrustworthy when the server says something else than an entry */
export function readEntry(fields: unknown): RemoteEntry {
  if (typeof fields !== "object" || fields === null) throw new Untrustworthy("the server listed what is no entry");
  const entry = fields as Fields;
  const type = textOf(entry, "type");
  if (type !== "file" && type !== "dir") throw new Untrustworthy("the server listed what is neither file nor folder");
  return { name: textOf(entry, "name"), type, size: readSize(entry["size"]), mtime: numberOf(entry, "mtime") ?? 0 };
}

/** A number of bytes. @throws Untrustworthy */
export function readSize(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Untrustworthy("the server told a size that cannot be one");
}

import { escapeText } from "../../bytes/text.ts";
import type { RemoteEntry } from "../../client/files/entry.ts";
import { safeJson } from "../../client/json-text.ts";
import type { RemoveFlags } from "../rm.ts";

/** Told what is deleted, one thing after the other. */
export interface Removals {
  gone(path: string, type: RemoteEntry["type"]): void;
  /** For programs; people are told by who failed. */
  failed(path: string, reason: string): void;
}

/** Deleted things a line each: as the flags say, and for people if they say nothing. */
export function removalsFor(flags: RemoveFlags, output: NodeJS.WriteStream): Removals {
  const { quiet = false, json = false } = flags;
  const write = (line: string) => void output.write(`${line}\n`);
  if (json) {
    const tell = (fields: object) => write(safeJson(JSON.stringify(fields)));
    return {
      gone: (path, type) => tell({ path, type, ok: true }),
      failed: (path, error) => tell({ path, ok: false, error }),
    };
  }
  return {
    gone: (path, type) => {
      if (!quiet) write(`deleted ${escapeText(path)}${type === "dir" ? "/" : ""}`);
    },
    failed() {},
  };
}

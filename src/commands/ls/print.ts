import { formatAge, formatSize } from "../../bytes/amounts.ts";
import { escapeText } from "../../bytes/text.ts";
import type { RemoteEntry } from "../../client/files/entry.ts";
import { safeJson } from "../../client/json-text.ts";
import type { ListFlags } from "../ls.ts";

/** Something to print: its name as it is told here, and its whole path. */
export interface Listed {
  readonly name: string;
  readonly path: string;
  readonly entry: RemoteEntry;
}

export interface Printer {
  heading(text: string): void;
  items(items: readonly Listed[]): void;
}

/** How a listing is printed: as the flags say, else for people on a terminal and for programs in a pipe. */
export function printerFor(flags: ListFlags, output: NodeJS.WriteStream): Printer {
  const { json = false, long = false, human = false } = flags;
  const isTerminal = output.isTTY === true;
  const write = (line: string) => void output.write(`${line}\n`);
  if (json) return { heading() {}, items: (items) => void items.map(jsonLine).forEach(write) };
  let isFirst = true;
  const heading = (text: string) => {
    write(`${isFirst ? "" : "\n"}${escapeText(text)}:`);
    isFirst = false;
  };
  const isLong = isTerminal || long || human;
  const rows = isLong ? longRows(isTerminal || human) : (items: readonly Listed[]) => items.map(nameLine);
  return {
    heading,
    items: (items) => {
      if (items.length > 0) isFirst = false;
      for (const row of rows(items)) write(row);
    },
  };
}

/** A name as it is, for programs; one that could break the line is escaped. */
function nameLine({ name }: Listed): string {
  return /[\p{Cc}\u2028\u2029]/u.test(name) ? escapeText(name) : name;
}

/** Size, time and name below each other; the name is last, so that its width does not matter. */
function longRows(human: boolean): (items: readonly Listed[]) => string[] {
  return (items) => {
    const cells = items.map(({ name, entry }) => {
      const isFolder = entry.type === "dir";
      const size = isFolder ? (human ? "folder" : "-") : human ? formatSize(entry.size) : String(entry.size);
      const time = human ? formatAge((Date.now() - entry.mtime) / 1000) : isoTime(entry.mtime);
      return { size, time, name: `${escapeText(name)}${isFolder ? "/" : ""}` };
    });
    const widest = (key: "size" | "time") => Math.max(0, ...cells.map((cell) => cell[key].length));
    const [sizes, times] = [widest("size"), widest("time")];
    return cells.map(({ size, time, name }) => `${size.padStart(sizes)}  ${time.padStart(times)}  ${name}`);
  };
}

function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "-" : `${date.toISOString().slice(0, 19)}Z`;
}

function jsonLine({ name, path, entry }: Listed): string {
  const { type, size, mtime } = entry;
  return safeJson(JSON.stringify({ path, name, type, size, mtime }));
}

import { formatAge, formatSize } from "../../src/bytes/amounts.ts";
import { quote } from "../../src/bytes/text.ts";
import type { Access } from "../../src/files/access.ts";
import type { Entry } from "../../src/files/entry.ts";
import { VaultError } from "../../src/files/error.ts";
import { waysTo } from "../../src/files/ways.ts";
import type { Typist } from "./typist.ts";

/** What fits on a screen of 24 rows beside the words around it. */
const MOST_SHOWN = 15;
/** Entries of a folder that are counted; of a larger one it is only told that there are more. */
const MOST_COUNTED = 1_000;

/** Lists a folder, or tells of a file, and how to fetch it. */
export async function files(typist: Typist, args: string): Promise<void> {
  const access = typist.enterFiles();
  if (access === null) return typist.tell("no files are shared here");
  try {
    typist.tell(await told(typist, access, absolute(args)));
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    typist.tell(error.message);
  } finally {
    access.leave();
  }
}

/** `photos/` and `/photos` are the same; nothing is the root. */
function absolute(path: string): string {
  return `/${path.replace(/^\/+|\/+$/g, "")}`;
}

async function told(typist: Typist, access: Access, path: string): Promise<string> {
  const entry = await access.stat(path);
  const now = typist.now();
  if (entry.type === "file") return [row(entry, now), `get it: ${ways(typist, path)}`].join("\n");
  const { shown, count, more } = await head(access, path);
  const where = path === "/" ? "" : ` in ${quote(path)}`;
  if (count === 0) return `there are no files${where} yet`;
  const hidden = count - shown.length;
  const rest = more ? `more than ${hidden} more` : `${hidden} more`;
  const first = shown.find(({ type }) => type === "file");
  const example = first === undefined ? path : `${path === "/" ? "" : path}/${first.name}`;
  return [
    `files${where}:`,
    ...shown.map((found) => row(found, now)),
    ...(hidden > 0 ? [`and ${rest}`] : []),
    `get one: ${ways(typist, example, first === undefined)}`,
  ].join("\n");
}

/** The first entries of a folder, and how many there are as far as that is counted. */
async function head(access: Access, path: string) {
  const shown: Entry[] = [];
  let count = 0;
  for await (const batch of access.entries(path)) {
    shown.push(...batch.slice(0, MOST_SHOWN - shown.length));
    count += batch.length;
    if (count >= MOST_COUNTED) return { shown, count, more: true };
  }
  return { shown, count, more: false };
}

function ways({ reach }: Typist, path: string, folder = false): string {
  return waysTo(path, reach, folder).join("  or  ");
}

/** `  2.1 MB   5 min  cat.jpg`; a folder's name ends with a slash. */
function row({ name, type, size, mtime }: Entry, now: number): string {
  const amount = type === "dir" ? "" : formatSize(size);
  const age = formatAge((now - mtime) / 1000);
  return `${amount.padStart(8)}  ${age.padStart(6)}  ${name}${type === "dir" ? "/" : ""}`;
}

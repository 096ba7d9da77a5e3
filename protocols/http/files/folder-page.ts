import { formatSize } from "../../../src/bytes/amounts.ts";
import { escapeText } from "../../../src/bytes/text.ts";
import { encodePart } from "../../../src/bytes/url.ts";
import type { Access } from "../../../src/files/access.ts";
import type { Entry } from "../../../src/files/entry.ts";
import { ownStyle } from "../own-style.ts";
import type { Reply, StreamBody } from "../wire/reply.ts";

const STYLE = ownStyle(
  `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.2rem;overflow-wrap:anywhere}
a{text-decoration:none;overflow-wrap:anywhere}a:hover,h1 a{text-decoration:underline}
table{border-collapse:collapse;width:100%}
td,th{padding:.4rem .5rem;text-align:left;border-bottom:1px solid #8884}
td+td,th+th{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;opacity:.8}
nav{display:flex;gap:1rem}
button{font:inherit;color:LinkText;background:none;border:0;padding:0;cursor:pointer}button:hover{text-decoration:underline}
@media(max-width:36rem){td:nth-child(3),th:nth-child(3){display:none}td,th{padding:.6rem .25rem}}`,
  "self",
);

/**
 * A folder as a page that needs no script, made while it is sent: bounded memory, however large it is. One that is read in a
 * single piece is put into the order that people look for, others stay as they are read. Links are relative, so that they
 * hold below any prefix.
 */
export async function folderPage(access: Access, path: string): Promise<Reply> {
  const entries = access.entries(path);
  // What is refused is refused before a byte was sent.
  const first = await entries.next();
  const second = await entries.next();
  const isWhole = first.done === true || second.done === true;
  const pieces = [isWhole ? inOrder(first.value ?? []) : first.value, ...(isWhole ? [] : [second.value])];
  return {
    status: 200,
    fields: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": STYLE.policy,
      Vary: "Accept",
    },
    body: new FolderPage(access, path, entries, pieces),
  };
}

/** Folders first, and `a9` before `a10`, as the page of tincan has them. */
function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const rank = ({ type }: Entry) => (type === "dir" ? 0 : 1);
  return entries.toSorted((a, b) => rank(a) - rank(b) || compare(a.name, b.name));
}

class FolderPage implements StreamBody {
  private state: "head" | "rows" | "over" = "head";

  /** @param ahead pieces that were read before the rest of `entries` */
  constructor(
    private readonly access: Access,
    private readonly path: string,
    private readonly entries: AsyncGenerator<readonly Entry[]>,
    private readonly ahead: (readonly Entry[])[],
  ) {}

  async next(): Promise<Uint8Array | null> {
    if (this.state === "over") return null;
    const isFirst = this.state === "head";
    const piece = this.ahead.shift() ?? (await this.piece());
    this.state = piece === null ? "over" : "rows";
    const rows = piece === null ? FOOT : piece.map(row).join("");
    return Buffer.from(isFirst ? head(this.path) + rows : rows);
  }

  cancel(): void {
    this.state = "over";
    void this.entries.return(undefined).finally(() => this.access.leave());
  }

  private async piece(): Promise<readonly Entry[] | null> {
    const { done, value } = await this.entries.next();
    return done === true ? null : value;
  }
}

/** No link: `wget -r` would fetch the files of each folder once more for every folder around it. */
const ARCHIVE = '<form><button name="archive" value="tar">⬇ All as tar</button></form>';

function head(path: string): string {
  const title = Bun.escapeHTML(escapeText(path));
  const up = path === "/" ? "" : '<a href="../">⬆ Up</a>';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
${STYLE.element}
<main>
<h1>${trail(path)}</h1>
<nav>${up}${ARCHIVE}</nav>
<table>
<thead><tr><th>Name<th>Size<th>Changed (UTC)</thead>
`;
}

/** The path, in which every folder above is a link. */
function trail(path: string): string {
  const names = path.split("/").slice(1, -1);
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (last === "") return "/";
  const above = ["", ...names].map((name, at) => {
    return `<a href="${"../".repeat(names.length + 1 - at)}">${Bun.escapeHTML(escapeText(name))}/</a>`;
  });
  return above.join("") + Bun.escapeHTML(escapeText(last));
}

const FOOT = "</table>\n</main>\n</html>\n";

function row({ name, type, size, mtime }: Entry): string {
  const slash = type === "dir" ? "/" : "";
  // "./" keeps a name with a colon from being read as a scheme.
  const link = `<a href="./${encodePart(name)}${slash}">${Bun.escapeHTML(escapeText(name))}${slash}</a>`;
  const time = new Date(mtime).toISOString();
  const changed = `<time datetime="${time}">${time.slice(0, 16).replace("T", " ")}</time>`;
  return `<tr><td>${link}<td>${type === "dir" ? "" : formatSize(size)}<td>${changed}\n`;
}

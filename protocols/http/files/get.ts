import type { Access, Download } from "../../../src/files/access.ts";
import type { Exchange } from "../exchange.ts";
import { checkConditions, isRangeWanted, type Validators } from "../wire/conditions.ts";
import { httpDate } from "../wire/date-field.ts";
import { empty, type Reply, type ReplyFields } from "../wire/reply.ts";
import { contentOf, dispositionOf } from "./content-type.ts";
import { someOfFile, wholeFile } from "./file-reply.ts";
import { nameOf } from "./path.ts";
import { readRanges } from "./range.ts";
import type { SmallFiles } from "./small-files.ts";

/** Fields that may make the answer another than the whole file. */
const CONDITIONS = ["range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"] as const;

/** What an answer says of a file beside whether it is still the same: its type, and what browsers may do with it. */
type Describe = (x: Exchange, path: string) => ReplyFields;

export interface GetOptions {
  /** In milliseconds. */
  readonly now: number;
  /** Keeps answers with small files for who asks again. */
  readonly small: SmallFiles;
  readonly describe?: Describe;
}

/**
 * Answers GET and HEAD of a file. Leaves the access when all is sent; when this rejects, that is the caller's.
 */
export async function getFile(x: Exchange, access: Access, path: string, o: GetOptions): Promise<Reply> {
  const { describe = describeShared } = o;
  const isPlain = x.method === "GET" && CONDITIONS.every((name) => x.field(name) === undefined);
  if (isPlain) {
    const kept = x.visitor.account === null ? o.small.find(keyOf(x, path)) : null;
    if (kept !== null) {
      access.served(path, kept.body.length);
      access.leave();
      return kept;
    }
    const download = await access.read(path);
    const reply = wholeFile(access, download, fieldsOf(download, describe(x, path)));
    const mark = isSmall(reply) && x.visitor.account === null ? download.mark() : null;
    // Of who has logged in the next request may be somebody else's, or nobody's.
    return mark === null || !isSmall(reply) ? reply : { ...reply, again: o.small.keep(keyOf(x, path), reply, mark) };
  }
  const look = await access.read(path, { length: 0 });
  const fields = fieldsOf(look, describe(x, path));
  const { version, size } = look;
  const validators: Validators = { etag: etagOf(version), mtime: look.mtime };
  look.close("done");
  if (checkConditions((name) => x.field(name), validators, true) === "same") {
    access.leave();
    return empty(304, fields);
  }
  if (x.method === "HEAD") {
    access.leave();
    return { status: 200, fields, body: { length: size, segments: () => [], done: () => {} } };
  }
  const range = x.field("range");
  const isWanted = range !== undefined && isRangeWanted(x.field("if-range"), validators, o.now);
  const ranges = isWanted ? readRanges(range, size) : null;
  if (ranges === null) return wholeFile(access, await access.read(path, { version }), fields);
  const offset = Math.min(...ranges.map(({ first }) => first));
  const length = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return someOfFile(access, await access.read(path, { version, offset, length }), fields, ranges);
}

/** Of all that stands in a query only this makes another answer; the rest would be as many answers as a peer makes up. */
function keyOf(x: Exchange, path: string): string {
  return x.asks("download") ? `${path}\0` : path;
}

function isSmall(reply: Reply): reply is Reply & { readonly body: Uint8Array } {
  return reply.body instanceof Uint8Array;
}

/** A version as a strong entity tag. */
export function etagOf(version: string): string {
  return `"${version}"`;
}

function fieldsOf({ version, mtime }: Download, described: ReplyFields): ReplyFields {
  return { ...described, ETag: etagOf(version), "Last-Modified": httpDate(mtime), "Accept-Ranges": "bytes" };
}

/** A file that anybody may have uploaded. */
function describeShared(x: Exchange, path: string): ReplyFields {
  const name = nameOf(path);
  const { type, shown, policy } = contentOf(name);
  return {
    "Content-Type": type,
    "Content-Disposition": dispositionOf(name, shown && !x.asks("download") ? "inline" : "attachment"),
    // Others may have it by name only while it is the same, and nobody without the right to read it.
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": policy,
    "Cross-Origin-Resource-Policy": "same-origin",
  };
}

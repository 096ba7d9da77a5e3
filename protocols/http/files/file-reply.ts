import { fstatSync, readSync } from "node:fs";
import type { Access, Download } from "../../../src/files/access.ts";
import { VaultError } from "../../../src/files/error.ts";
import type { FileSlice } from "../../../src/net/protocol.ts";
import type { FileBody, Reply, ReplyFields } from "../wire/reply.ts";
import { multipartOf } from "./multipart.ts";
import type { ByteRange } from "./range.ts";

/** A file up to this is read at once: its answer leaves in one write. */
export const SMALL = 64 * 1024;
/** So much of a file is held back until it is known that it is still the same. */
const LAST = 16 * 1024;

/** All of a file that is open. */
export function wholeFile(access: Access, download: Download, fields: ReplyFields): Reply {
  const { length } = download;
  if (length <= SMALL) return { status: 200, fields, body: readSmall(access, download) };
  return { status: 200, fields, body: new DownloadBody(access, download, [{ first: 0, last: length - 1 }], null) };
}

/** Some of it: 206. */
export function someOfFile(
  access: Access,
  download: Download,
  fields: ReplyFields,
  ranges: readonly ByteRange[],
): Reply {
  const [only] = ranges;
  if (ranges.length > 1 || only === undefined) {
    const parts = multipartOf(ranges, download.size, fields["Content-Type"] ?? "");
    const body = new DownloadBody(access, download, ranges, parts.heads);
    return { status: 206, fields: { ...fields, "Content-Type": parts.type }, body };
  }
  const range = `bytes ${only.first}-${only.last}/${download.size}`;
  const body = new DownloadBody(access, download, ranges, null);
  return { status: 206, fields: { ...fields, "Content-Range": range }, body };
}

/** @throws VaultError `changed` */
function readSmall(access: Access, download: Download): Uint8Array {
  const { fd, offset, length } = download;
  const bytes = Buffer.allocUnsafeSlow(length);
  let got = 0;
  for (let read = 1; got < length && read > 0; got += read) read = readSync(fd, bytes, got, length - got, offset + got);
  const isSame = got === length && !hasChanged(download);
  if (isSame) download.transfer.move(length);
  download.close(isSame ? "done" : "failed", isSame ? undefined : CHANGED);
  access.leave();
  if (isSame) return bytes;
  throw new VaultError("changed", CHANGED);
}

const CHANGED = "the file changed while it was sent; fetch it again";

/** What was added behind it is no fault; anything else may have changed what is sent. */
export function hasChanged(download: Download): boolean {
  return download.changed() && fstatSync(download.fd).size <= download.size;
}

/** A file, or pieces of it, on the way to the peer. */
class DownloadBody implements FileBody {
  readonly length: number;
  private told = 0;
  private moved = 0;
  private why: string | null = null;

  /** @param heads what stands before each piece, and behind the last one */
  constructor(
    private readonly access: Access,
    private readonly download: Download,
    private readonly ranges: readonly ByteRange[],
    private readonly heads: readonly Uint8Array[] | null,
  ) {
    const framing = heads?.reduce((sum, head) => sum + head.length, 0) ?? 0;
    this.length = ranges.reduce((sum, { first, last }) => sum + last - first + 1, framing);
  }

  *segments(): Generator<Uint8Array | FileSlice> {
    const { ranges, heads, download } = this;
    for (const [i, { first, last }] of ranges.entries()) {
      const head = heads?.[i];
      if (head !== undefined) yield head;
      const length = last - first + 1;
      const isLast = i === ranges.length - 1;
      const before = isLast ? Math.max(0, length - LAST) : length;
      if (before > 0) yield this.slice(first, before);
      // The peer takes a body for whole that has its length: what is not what it asked for must not get there.
      if (isLast && hasChanged(download)) {
        this.why = CHANGED;
        return;
      }
      if (before < length) yield this.slice(first + before, length - before);
    }
    const end = heads?.[ranges.length];
    if (end !== undefined) yield end;
  }

  done(whole: boolean): void {
    const { download } = this;
    if (whole) download.close("done");
    else if (this.why !== null) download.close("failed", this.why);
    else if (this.isShort()) download.close("failed", "the file became shorter while it was sent");
    else download.close("broken", "the connection ended");
    this.access.leave();
  }

  private isShort(): boolean {
    const { fd, size } = this.download;
    return fstatSync(fd).size < size;
  }

  private slice(offset: number, length: number): FileSlice {
    this.moved += this.told;
    this.told = 0;
    const onProgress = (taken: number) => {
      this.download.transfer.move(taken - this.told);
      this.told = taken;
    };
    return { fd: this.download.fd, offset, length, onProgress };
  }
}

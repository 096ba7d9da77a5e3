import type { Access, Stored, Upload, WriteOptions } from "../../../src/files/access.ts";
import { VaultError } from "../../../src/files/error.ts";
import { messageOf } from "../../../src/thrown.ts";
import type { Exchange } from "../exchange.ts";
import type { HttpHost } from "../host.ts";
import { httpDate } from "../wire/date-field.ts";
import { HttpError } from "../wire/http-error.ts";
import { empty, json, type Reply } from "../wire/reply.ts";
import { withoutParent } from "./changes.ts";
import { formatDigest } from "./digest.ts";
import { etagOf } from "./get.ts";
import { matching, mustMatch } from "./must-match.ts";
import { fileAddress } from "./path.ts";
import { type PutRequest, readPut, unlike } from "./put-request.ts";

/** A login that uploads is told to be in use so often, in milliseconds. */
const KEEP_ALIVE_MS = 60_000;

/** Takes a file, or a piece of one. */
export class PutHandler {
  constructor(private readonly host: HttpHost) {}

  async put(x: Exchange, access: Access, path: string): Promise<Reply> {
    const request = readPut(x);
    await mustMatch(x, access, path);
    const { piece } = request;
    if (piece?.kind === "ask") return ask(access, path, request, piece.size);
    const upload = await open(x, access, path, request);
    if (piece !== null && upload.offset !== piece.from) throw await wrongOffset(upload, piece.from);
    await this.receive(x, upload, request);
    if (piece !== null && upload.received < piece.size) return kept(upload);
    const { sha256 } = request;
    const there = matching(x);
    const checked = { ...(sha256 !== undefined && { sha256 }), ...(there !== undefined && { there }) };
    const stored = await upload.commit(checked).catch((error: unknown) => refuse(x, error));
    return this.created(stored, path, request);
  }

  /** What came before it broke off is kept where the upload can be resumed. */
  private async receive(x: Exchange, upload: Upload, { piece }: PutRequest): Promise<void> {
    const end = piece?.kind === "piece" ? piece.from + piece.length : Number.POSITIVE_INFINITY;
    const { clock, authenticator } = this.host;
    let keptAt = clock.mono();
    upload.onReplaced = () => x.body.fail(new VaultError("replaced", "another connection has taken this upload over"));
    try {
      await x.body.pipe((bytes) => {
        if (upload.received + bytes.length > end) throw unlike(end - upload.offset);
        upload.write(bytes);
        if (clock.mono() - keptAt < KEEP_ALIVE_MS) return;
        keptAt = clock.mono();
        authenticator.keepAlive(x);
      });
      if (upload.received < end && end !== Number.POSITIVE_INFINITY) throw unlike(end - upload.offset);
    } catch (error) {
      await upload.keep(messageOf(error));
      throw error;
    }
  }

  private created({ entry, version, sha256, replaced }: Stored, path: string, { mtime }: PutRequest): Reply {
    return empty(replaced ? 204 : 201, {
      ETag: etagOf(version),
      "Last-Modified": httpDate(entry.mtime),
      Location: this.host.prefix + fileAddress(path),
      "Repr-Digest": sha256 === null ? null : formatDigest(sha256),
      "X-OC-Mtime": mtime === undefined ? null : "accepted",
    });
  }
}

async function open(x: Exchange, access: Access, path: string, o: PutRequest): Promise<Upload> {
  const { size, mtime, overwrite, piece, hash } = o;
  const options: WriteOptions = {
    overwrite,
    // The first piece begins anew: its sender knows nothing of what an earlier try left.
    resume: piece?.kind === "piece" && piece.from > 0,
    ...(size === null ? { once: true } : { size }),
    ...(piece?.kind === "piece" && { coming: piece.length }),
    ...(mtime !== undefined && { mtime }),
    // Of pieces only the whole is hashed, when the last has come.
    hash: hash && (piece?.kind !== "piece" || piece.from + piece.length === piece.size),
  };
  try {
    return await access.write(path, options);
  } catch (error) {
    return refuse(x, error);
  }
}

/**
 * Who asked for a new file or none, or for one to be replaced, is told 412 of another that is there, before the bytes or by
 * the time that they have come.
 * 409 where the folder around it is missing (RFC 4918, section 9.7.1).
 */
function refuse(x: Exchange, error: unknown): never {
  const isOther = error instanceof VaultError && error.code === "changed";
  const isThere = error instanceof VaultError && error.code === "exists" && x.field("if-none-match") !== undefined;
  if (isOther || isThere) throw new HttpError(412, "precondition", error.message);
  if (error instanceof VaultError && error.code === "exists" && !x.asks("overwrite") && x.visitor.may("write"))
    throw new VaultError("exists", `${error.message}, or ask for ?overwrite`);
  return withoutParent(error);
}

/** How far an upload has come, and the hash of that. */
async function ask(access: Access, path: string, { mtime, overwrite }: PutRequest, size: number): Promise<Reply> {
  const { bytes, sha256 } = await access.left(path, { size, overwrite, ...(mtime !== undefined && { mtime }) });
  return json({ offset: bytes, sha256 }, 202, { "Upload-Offset": String(bytes) });
}

/** More is to come, by other requests. */
async function kept(upload: Upload): Promise<Reply> {
  // Beside an older upload of the same that is getting its name nothing is kept.
  const offset = upload.resumable ? upload.received : 0;
  await upload.rest();
  return json({ offset }, 202, { "Upload-Offset": String(offset) });
}

async function wrongOffset(upload: Upload, from: number): Promise<HttpError> {
  const { offset } = upload;
  const message = `a piece came for offset ${from}, and ${offset} is next`;
  await upload.rest();
  return new HttpError(409, "wrong-offset", message, { "Upload-Offset": String(offset) });
}

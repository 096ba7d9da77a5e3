import type { Access } from "../../src/files/access.ts";
import { fileLimits } from "../../src/files/limits.ts";
import type { Asked } from "./answers.ts";
import {
  type FieldTable,
  type FieldValues,
  integer,
  oneOf,
  optional,
  otherId,
  readFields,
  sha256,
  text,
  textUpTo,
  wholeNumber,
  yesOrNo,
} from "./fields.ts";
import type { GetOptions } from "./get.ts";
import type { Fields } from "./json.ts";
import type { FileAnswers, FileOp } from "./messages.ts";
import type { EndOptions, PutOptions } from "./put.ts";
import type { FileAnswer } from "./task.ts";
import { told, toldPage } from "./told.ts";

type Wait = void | Promise<void>;

/** Where the requests about files of one connection are handled; every call answers the request `asked`. */
export interface Desk {
  /** Answers before anything that comes behind it is handled. */
  once(asked: Asked, ask: (access: Access) => Promise<FileAnswer>): Wait;
  /**
   * Answers when it can, one after the other; the peer goes on meanwhile. `path` is what is asked about.
   * @throws VaultError `bad-path`
   */
  hash(asked: Asked, path: string, ask: (access: Access, signal: AbortSignal) => Promise<FileAnswer>): void;
  /** The same, and only while there is room for what is answered. */
  page(asked: Asked, path: string, ask: (access: Access) => Promise<FileAnswer>): void;
  get(asked: Asked, o: GetOptions): void;
  put(asked: Asked, o: PutOptions): void;
  end(asked: Asked, of: number, o: EndOptions): Wait;
  cancel(asked: Asked, of: number): void;
  /** Tells of changes at or below a path from now on; or no longer. */
  watch(asked: Asked, path: string): void;
  unwatch(asked: Asked, path: string): void;
}

/** A request about files as data: its fields with their checks, and what it asks for. */
export interface FileRequest {
  readonly fields: FieldTable;
  /** Whether its answer is all there is to it, so that it must have an id. */
  readonly needsId: boolean;
  /** @throws FieldError, VaultError before anything is done */
  submit(desk: Desk, asked: Asked, fields: Fields): Wait;
}

function request<F extends FieldTable>(
  op: FileOp,
  fields: F,
  submit: (desk: Desk, asked: Asked, values: FieldValues<F>) => Wait,
  { needsId }: { readonly needsId: boolean },
): FileRequest {
  return { fields, needsId, submit: (desk, asked, sent) => submit(desk, asked, readFields(op, fields, sent)) };
}

const answered = { needsId: true } as const;
const done = { needsId: false } as const;
const span = { offset: optional(wholeNumber(0)), length: optional(wholeNumber(0)) };

/** The requests about files by their op. */
export const fileRequests: Readonly<Record<FileOp, FileRequest>> = {
  list: request(
    "list",
    {
      path: text,
      after: optional(textUpTo(fileLimits.path)),
      limit: optional(wholeNumber(1)),
      folder: optional(yesOrNo),
    },
    (desk, asked, { path, ...o }) => desk.page(asked, path, (access) => listPage(access, path, o)),
    answered,
  ),
  stat: request(
    "stat",
    { path: text },
    (desk, asked, { path }) => desk.once(asked, async (access) => ({ entry: told(await access.stat(path)) })),
    answered,
  ),
  hash: request(
    "hash",
    { path: text, ...span },
    (desk, asked, { path, ...part }) => desk.hash(asked, path, (access, signal) => hashOf(access, path, part, signal)),
    answered,
  ),
  mkdir: request(
    "mkdir",
    { path: text },
    (desk, asked, { path }) => desk.once(asked, (access) => nothing(access.mkdir(path))),
    done,
  ),
  remove: request(
    "remove",
    { path: text },
    (desk, asked, { path }) => desk.once(asked, (access) => nothing(access.remove(path))),
    done,
  ),
  rename: request(
    "rename",
    { from: text, to: text },
    (desk, asked, { from, to }) => desk.once(asked, (access) => nothing(access.rename(from, to))),
    done,
  ),
  get: request(
    "get",
    { path: text, ...span, version: optional(text), hash: optional(oneOf("sha256", "none")) },
    (desk, asked, o) => desk.get(asked, o),
    answered,
  ),
  put: request(
    "put",
    {
      path: text,
      size: optional(wholeNumber(0)),
      mtime: optional(integer),
      overwrite: optional(yesOrNo),
      resume: optional(yesOrNo),
    },
    (desk, asked, o) => desk.put(asked, o),
    answered,
  ),
  end: request(
    "end",
    { of: otherId, size: optional(wholeNumber(0)), sha256: optional(sha256) },
    (desk, asked, { of, ...o }) => desk.end(asked, of, o),
    answered,
  ),
  cancel: request("cancel", { of: otherId }, (desk, asked, { of }) => desk.cancel(asked, of), done),
  watch: request("watch", { path: text }, (desk, asked, { path }) => desk.watch(asked, path), done),
  unwatch: request("unwatch", { path: text }, (desk, asked, { path }) => desk.unwatch(asked, path), done),
};

/** The request with this op, if there is one. */
export function fileRequestOf(op: string): FileRequest | null {
  return isFileOp(op) ? fileRequests[op] : null;
}

function isFileOp(op: string): op is FileOp {
  return Object.hasOwn(fileRequests, op);
}

/** Entries that are looked at for one answer. */
const MOST_ENTRIES = 2_500;

/** As many entries as one answer has room for. */
async function listPage(
  access: Access,
  path: string,
  {
    after,
    limit = MOST_ENTRIES,
    folder = false,
  }: { readonly after?: string; readonly limit?: number; readonly folder?: boolean },
): Promise<FileAnswers["list"]> {
  const wanted = { ...(after !== undefined && { after }), limit: Math.min(limit, MOST_ENTRIES) };
  const which = folder ? { folder: (await access.stat(path)).id } : {};
  return { ...which, ...toldPage(await access.page(path, wanted)) };
}

async function hashOf(
  access: Access,
  path: string,
  part: { readonly offset?: number; readonly length?: number },
  signal: AbortSignal,
): Promise<FileAnswers["hash"]> {
  const { hash, bytes } = await access.hash(path, part, "sha256", signal);
  return { bytes, sha256: hash };
}

async function nothing(done: Promise<void>): Promise<object> {
  await done;
  return {};
}

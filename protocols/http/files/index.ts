import type { Access } from "../../../src/files/access.ts";
import { VaultError } from "../../../src/files/error.ts";
import type { Vault } from "../../../src/files/vault.ts";
import type { Exchange } from "../exchange.ts";
import type { HttpHost } from "../host.ts";
import type { Handler, Route } from "../routes.ts";
import { wantsJson } from "../wire/accept.ts";
import { HttpError } from "../wire/http-error.ts";
import type { Reply } from "../wire/reply.ts";
import { withSlash } from "../with-slash.ts";
import { deleteAt, makeFolder, moveTo } from "./changes.ts";
import { Entrance } from "./entrance.ts";
import { folderJson } from "./folder-json.ts";
import { folderPage } from "./folder-page.ts";
import { type GetOptions, getFile } from "./get.ts";
import { noFiles } from "./no-files.ts";
import { type FilePath, readFilePath } from "./path.ts";
import { PutHandler } from "./put.ts";
import { SmallFiles } from "./small-files.ts";
import { folderTar } from "./tar.ts";

type FileHandler = (x: Exchange, access: Access, at: FilePath) => Promise<Reply>;

/** The files of the vault, by their paths. */
export function fileRoutes(host: HttpHost): readonly Route[] {
  const { vault } = host;
  return vault === null ? without() : routesOf(host, vault);
}

function routesOf(host: HttpHost, vault: Vault): readonly Route[] {
  const { prefix, clock, hub } = host;
  const entrance = new Entrance(vault, hub);
  const puts = new PutHandler(host);
  const small = new SmallFiles();
  const change = (handle: FileHandler): Handler => {
    return async (x, { "*": raw = "" }) => {
      const at = readFilePath(raw);
      const access = entrance.enter(x);
      try {
        return await handle(x, access, at);
      } finally {
        access.leave();
      }
    };
  };
  const methods: Record<string, Handler> = {
    GET: (x, { "*": raw = "" }) => {
      const at = readFilePath(raw);
      return look(x, entrance.enter(x), at, { now: clock.now(), small });
    },
    PUT: change((x, access, at) => puts.put(x, access, fileOf(at))),
    DELETE: change(deleteAt),
    MKCOL: change((x, access, { path }) => makeFolder(x, access, path, prefix)),
    MOVE: change((x, access, at) => moveTo(x, access, at, prefix)),
  };
  return [
    { path: "/files", methods: { GET: withSlash } },
    { path: "/files/*", methods },
  ];
}

/** The access is left when the answer has been sent, or when there is none but an error. */
async function look(x: Exchange, access: Access, { path, isFolder }: FilePath, o: GetOptions): Promise<Reply> {
  try {
    return await (isFolder ? lookInto(x, access, path) : lookAt(x, access, path, o));
  } catch (error) {
    access.leave();
    throw missing(error);
  }
}

/** A folder was asked for without its `/`: programs get it all the same, and browsers the address that links are relative to. */
async function lookAt(x: Exchange, access: Access, path: string, o: GetOptions): Promise<Reply> {
  try {
    return await getFile(x, access, path, o);
  } catch (error) {
    if (!(error instanceof VaultError && error.code === "not-a-file")) throw error;
    if (wantsJson(x.head.fields) || x.query.has("archive")) return await lookInto(x, access, path);
    access.leave();
    return withSlash(x);
  }
}

async function lookInto(x: Exchange, access: Access, path: string): Promise<Reply> {
  const archive = x.query.get("archive");
  if (archive === "tar") return await folderTar(access, path);
  if (archive !== null) throw new HttpError(400, "bad-request", "the only archive is ?archive=tar");
  if (!wantsJson(x.head.fields)) return await folderPage(access, path);
  const page = await folderJson(x, access, path);
  access.leave();
  return page;
}

/** What lies below a file is simply not there. */
function missing(error: unknown): unknown {
  if (!(error instanceof VaultError && error.code === "not-a-folder")) return error;
  return new HttpError(404, "not-found", error.message);
}

/** @throws VaultError `bad-path` */
function fileOf({ path, isFolder }: FilePath): string {
  if (!isFolder) return path;
  throw new VaultError("bad-path", 'a file\'s address does not end in "/"; MKCOL makes a folder');
}

function without(): readonly Route[] {
  const refuse = () => {
    throw noFiles();
  };
  return ["/files", "/files/*"].map((path) => ({ path, methods: { GET: refuse, PUT: refuse } }));
}

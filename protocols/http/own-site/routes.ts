import { stranger } from "../../../src/accounts/stranger.ts";
import { quote } from "../../../src/bytes/text.ts";
import type { Access } from "../../../src/files/access.ts";
import { type VaultCode, VaultError } from "../../../src/files/error.ts";
import type { Exchange } from "../exchange.ts";
import { wholeFile } from "../files/file-reply.ts";
import { type GetOptions, getFile } from "../files/get.ts";
import { type FilePath, readFilePath } from "../files/path.ts";
import { SmallFiles } from "../files/small-files.ts";
import type { HttpHost } from "../host.ts";
import type { Handler, Route } from "../routes.ts";
import { HttpError } from "../wire/http-error.ts";
import type { Reply } from "../wire/reply.ts";
import { withSlash } from "../with-slash.ts";
import { describeOwn } from "./content.ts";

/** Everybody sees the site, whoever may see the files that are shared. */
const RIGHTS = new Set(["read"] as const);
/** What a visitor takes for "nothing is there". */
const MISSING: ReadonlySet<VaultCode> = new Set(["not-found", "not-a-file", "not-a-folder"]);

/** The operator's own site, at every address that is nobody else's. None without `--site`. */
export function siteRoutes({ site, clock, pagePath }: HttpHost): readonly Route[] {
  if (site === null) return [];
  const small = new SmallFiles();
  const GET: Handler = async (x, { "*": raw = "" }) => {
    const [target = ""] = x.head.target.split("?", 1);
    // Below a prefix the root itself may lack its slash.
    if (raw === "" && !target.endsWith("/")) return withSlash(x);
    const at = readFilePath(raw);
    const access = site.enter(stranger(x.peer, RIGHTS), "http");
    try {
      return await look(x, access, at, { now: clock.now(), small, describe: describeOwn });
    } catch (error) {
      access.leave();
      throw error;
    }
  };
  return [
    { path: pagePath.slice(0, -1), methods: { GET: withSlash } },
    { path: "/*", methods: { GET } },
  ];
}

async function look(x: Exchange, access: Access, { path, isFolder }: FilePath, o: GetOptions): Promise<Reply> {
  try {
    return await getFile(x, access, isFolder ? indexOf(path) : path, o);
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (isFolder || !(await isFile(access, indexOf(path)))) return await notFound(x, access);
    access.leave();
    return withSlash(x);
  }
}

/** The site's own `404.html`, where there is one. */
async function notFound(x: Exchange, access: Access): Promise<Reply> {
  const page = "/404.html";
  try {
    return { ...wholeFile(access, await access.read(page), describeOwn(x, page)), status: 404 };
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new HttpError(404, "not-found", `there is no ${quote(x.path, 200)} here`);
  }
}

function indexOf(folder: string): string {
  return folder === "/" ? "/index.html" : `${folder}/index.html`;
}

async function isFile(access: Access, path: string): Promise<boolean> {
  try {
    return (await access.stat(path)).type === "file";
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof VaultError && MISSING.has(error.code);
}

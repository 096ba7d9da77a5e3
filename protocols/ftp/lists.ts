import { quote } from "../../src/bytes/text.ts";
import type { Entry } from "../../src/files/entry.ts";
import { VaultError } from "../../src/files/error.ts";
import type { Result } from "./command.ts";
import { factsLine } from "./listing/facts.ts";
import { withoutFlags } from "./listing/flags.ts";
import { compileGlob, isGlob } from "./listing/glob.ts";
import { Pieces } from "./listing/pieces.ts";
import { unixLine } from "./listing/unix.ts";
import { splitPath } from "./paths.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import type { FtpSession } from "./session.ts";
import { ListCargo } from "./transfer/listing.ts";

/** What a list is of: a file, or of a folder all, or those whose names match. */
export interface Listed {
  readonly pieces: Pieces;
  /** What stands before a name so that it leads there from the client's folder. */
  readonly prefix: string;
}

export function list(session: FtpSession, argument: string): Result {
  const now = session.host.clock.now();
  return send(session, argument, (entry) => unixLine(entry, now));
}

/** Names that lead there from the client's folder, so that it can send them back (RFC 1123, section 4.1.2.7). */
export function nlst(session: FtpSession, argument: string): Result {
  return send(session, argument, ({ name }, prefix) => prefix + name);
}

/** RFC 3659, section 7. */
export async function mlsd(session: FtpSession, argument: string): Promise<undefined> {
  session.data.need();
  const path = session.parameters.path(argument);
  const { access, parameters } = session;
  const entry = await access.stat(path);
  if (entry.type !== "dir") throw new Refusal(501, `${quote(path, 200)} is not a folder`);
  const how = { facts: parameters.facts, rights: session.visitor };
  start(session, { pieces: await Pieces.open(access.entries(path)), prefix: "" }, (it) => factsLine(it, it.name, how));
}

export async function mlst(session: FtpSession, argument: string): Promise<Reply> {
  const path = session.parameters.path(argument);
  const { access, parameters } = session;
  const entry = await access.stat(path);
  const line = factsLine(entry, path, { facts: parameters.facts, rights: session.visitor });
  return { code: 250, text: "Here it is:", lines: [line] };
}

async function send(
  session: FtpSession,
  argument: string,
  form: (entry: Entry, prefix: string) => string,
): Promise<undefined> {
  session.data.need();
  start(session, await select(session, argument), form);
}

function start(session: FtpSession, { pieces, prefix }: Listed, form: (entry: Entry, prefix: string) => string): void {
  try {
    session.start(new ListCargo(pieces, (entry) => form(entry, prefix), session.parameters.charset));
  } catch (error) {
    void pieces.close();
    throw error;
  }
}

/** What the argument of LIST, NLST or STAT is about; flags of `ls` are looked over. @throws VaultError, Refusal */
export async function select(session: FtpSession, argument: string): Promise<Listed> {
  const bare = withoutFlags(argument);
  // Behind flags there may be blanks; a name alone is taken as it is, blanks and all.
  const asked = session.parameters.text(bare === argument && bare.trim() !== "" ? bare : bare.trim());
  const { access } = session;
  const path = session.parameters.resolve(asked);
  try {
    const entry = await access.stat(path);
    if (entry.type === "file") return { pieces: Pieces.of(entry), prefix: folderOf(asked.replace(/\/+$/, "")) };
    return {
      pieces: await Pieces.open(access.entries(path)),
      prefix: asked === "" || asked === "." ? "" : withSlash(asked),
    };
  } catch (error) {
    const { folder, name } = splitPath(path);
    const missing = error instanceof VaultError && (error.code === "not-found" || error.code === "bad-path");
    if (!missing || !isGlob(name)) throw error;
    const glob = compileGlob(name);
    if (glob === null) throw new Refusal(501, `${quote(name)} is too long a pattern`);
    const pieces = await Pieces.open(access.entries(folder), (entry) => glob(entry.name));
    return { pieces, prefix: folderOf(asked) };
  }
}

function folderOf(asked: string): string {
  return asked.slice(0, asked.lastIndexOf("/") + 1);
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

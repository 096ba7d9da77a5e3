import { utf8 } from "../../src/bytes/charset.ts";
import { quote } from "../../src/bytes/text.ts";
import type { Result } from "./command.ts";
import { resolvePath } from "./paths.ts";
import { Refusal } from "./refusal.ts";
import { quotedPath, type Reply } from "./reply.ts";
import type { FtpSession } from "./session.ts";

export async function cwd(session: FtpSession, argument: string): Promise<Reply> {
  const path = session.parameters.path(argument);
  await mustBeFolder(session, path);
  session.parameters.cwd = path;
  return { code: 250, text: `you are in ${quote(path, 200)}` };
}

/** Who may add files and not look is told nothing of what is there, and gets where it wants to add. */
async function mustBeFolder({ access, visitor }: FtpSession, path: string): Promise<void> {
  if (!visitor.may("read") && (visitor.may("upload") || visitor.may("write"))) return;
  const { type } = await access.stat(path);
  if (type !== "dir") throw new Refusal(550, `${quote(path, 200)} is not a folder`);
}

export function cdup(session: FtpSession): Result {
  const { parameters } = session;
  parameters.cwd = resolvePath(parameters.cwd, "..");
  return { code: 250, text: `you are in ${quote(parameters.cwd, 200)}` };
}

export function pwd(session: FtpSession): Result {
  const { cwd: path } = session.parameters;
  return { code: 257, text: `${sayable(session, path)} is where you are` };
}

export async function mkd(session: FtpSession, argument: string): Promise<Reply> {
  const path = session.parameters.path(argument);
  await session.access.mkdir(path);
  return { code: 257, text: `${sayable(session, path)} is made` };
}

export async function rmd(session: FtpSession, argument: string): Promise<Reply> {
  const path = session.parameters.path(argument);
  await session.access.remove(path, "dir");
  return { code: 250, text: `removed ${quote(path, 200)}` };
}

/** A path that the client will send back has to be whole. */
function sayable({ parameters: { charset } }: FtpSession, path: string): string {
  if (charset !== utf8 && charset.encode(path) === null) {
    throw new Refusal(550, `the name of that folder cannot be written in ${charset.name}; say OPTS UTF8 ON`);
  }
  return quotedPath(path);
}

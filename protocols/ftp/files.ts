import { quote } from "../../src/bytes/text.ts";
import { VaultError } from "../../src/files/error.ts";
import { formatTimeVal, parseTimeVal } from "./listing/time-val.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import type { FtpSession } from "./session.ts";

export async function dele(session: FtpSession, argument: string): Promise<Reply> {
  const path = session.parameters.path(argument);
  await session.access.remove(path, "file");
  return { code: 250, text: `deleted ${quote(path, 200)}` };
}

export async function rnfr(session: FtpSession, argument: string): Promise<Reply> {
  const path = session.parameters.path(argument);
  const { visitor, access } = session;
  // Who may change something and not look is told nothing before RNTO: not even whether there is such a file.
  const isBlind = !visitor.may("read") && (visitor.may("write") || visitor.may("upload"));
  if (!isBlind) await access.changeable(path);
  session.parameters.renameFrom = path;
  return { code: 350, text: "to what? say RNTO" };
}

export async function rnto(session: FtpSession, argument: string): Promise<Reply> {
  const from = session.parameters.renameFrom;
  if (from === null) throw new Refusal(503, "say RNFR first");
  session.parameters.renameFrom = null;
  const to = session.parameters.path(argument);
  await session.access.rename(from, to, { overwrite: true });
  return { code: 250, text: `renamed to ${quote(to, 200)}` };
}

/**
 * RFC 3659, section 4. Only as TYPE I: how long a file is as text is not known before it is read.
 *
 * Of a name without a file, the size of what the same visitor left there, so that an upload is gone on with, less one byte:
 * a client that finds as many bytes as it has takes the file for stored, and nothing would ever give it its name.
 */
export async function size(session: FtpSession, argument: string): Promise<Reply> {
  const path = session.parameters.path(argument);
  if (session.parameters.ascii) throw new Refusal(550, "the size as text is not known; say TYPE I first");
  return { code: 213, text: String(await sizeOf(session, path)) };
}

async function sizeOf({ access, parameters }: FtpSession, path: string): Promise<number> {
  try {
    const entry = await access.stat(path);
    if (entry.type === "file") {
      // Whoever goes on from there means the upload that would have replaced the file, not the file.
      if ((await access.unfinished(path)) !== null) parameters.told = { path, size: entry.size };
      return entry.size;
    }
  } catch (error) {
    const unfinished = error instanceof VaultError ? await access.unfinished(path) : null;
    if (unfinished === null) throw error;
    const size = Math.max(0, unfinished - 1);
    parameters.told = { path, size };
    return size;
  }
  throw new Refusal(550, `${quote(path, 200)} is not a file`);
}

/** RFC 3659, section 3. With a time before the name it sets the time, as clients have done since before MFMT. */
export async function mdtm(session: FtpSession, argument: string): Promise<Reply> {
  const [, time, name] = /^(\d{14}(?:\.\d+)?) +(.+)$/s.exec(argument) ?? [];
  if (time !== undefined && name !== undefined && parseTimeVal(time) !== null && !(await exists(session, argument))) {
    return await setTime(session, time, name, 213);
  }
  const path = session.parameters.path(argument);
  const entry = await session.access.stat(path);
  return { code: 213, text: formatTimeVal(entry.mtime) };
}

/** draft-somers-ftp-mfxx, section 3. */
export async function mfmt(session: FtpSession, argument: string): Promise<Reply> {
  const [, time, name] = /^(\S+) (.+)$/s.exec(argument) ?? [];
  if (time === undefined || name === undefined) throw new Refusal(501, "MFMT is YYYYMMDDHHMMSS and a name");
  return await setTime(session, time, name, 213);
}

async function setTime(session: FtpSession, time: string, name: string, code: number): Promise<Reply> {
  const mtime = parseTimeVal(time);
  if (mtime === null) throw new Refusal(501, `${quote(time)} is not a time; it is YYYYMMDDHHMMSS, in UTC`);
  const set = await session.access.setTime(session.parameters.path(name), mtime);
  return { code, text: `Modify=${formatTimeVal(set)}; ${session.parameters.text(name)}` };
}

async function exists(session: FtpSession, argument: string): Promise<boolean> {
  return await session.access.stat(session.parameters.path(argument)).then(
    () => true,
    () => false,
  );
}

/** RFC 1123, section 4.1.2.13, SITE; the usual way to set permission bits. Set-user-ID and the like are looked over. */
export async function chmod(session: FtpSession, argument: string): Promise<Reply> {
  const [, bits, name] = /^([0-7]{3,4}) (.+)$/s.exec(argument) ?? [];
  if (bits === undefined || name === undefined) throw new Refusal(501, "SITE CHMOD is an octal mode and a name");
  const set = await session.access.setMode(session.parameters.path(name), Number.parseInt(bits.slice(-3), 8));
  return { code: 200, text: `the permissions are ${set.toString(8).padStart(3, "0")}` };
}

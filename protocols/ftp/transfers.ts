import { quote } from "../../src/bytes/text.ts";
import type { WriteOptions } from "../../src/files/access.ts";
import { VaultError } from "../../src/files/error.ts";
import type { Result } from "./command.ts";
import { childPath } from "./paths.ts";
import { randomBelow } from "./random.ts";
import { Refusal } from "./refusal.ts";
import type { FtpSession } from "./session.ts";
import { DownloadCargo } from "./transfer/download.ts";
import { UploadCargo } from "./transfer/upload.ts";

export async function retr(session: FtpSession, argument: string): Promise<undefined> {
  const offset = session.parameters.takeOffset();
  const path = session.parameters.path(argument);
  const { ascii } = session.parameters;
  mayTransfer(session, offset);
  const download = await session.access.read(path, { offset });
  try {
    if (offset > download.size)
      throw new Refusal(554, `the file has ${download.size} bytes; nothing begins at ${offset}`);
    session.start(new DownloadCargo(download, path, ascii));
  } catch (error) {
    download.close("failed", "refused");
    throw error;
  }
}

/** With REST, from there on: of what an earlier try left, or of a file that is there (RFC 3659, section 5). */
export async function stor(session: FtpSession, argument: string): Promise<undefined> {
  const offset = session.parameters.takeOffset();
  await receive(
    session,
    session.parameters.path(argument),
    offset === 0 ? { overwrite: true } : { overwrite: true, resume: offset },
    offset,
  );
}

/** RFC 959: to the end of the file; where there is none, of what an earlier try left, or of that what SIZE has told. */
export async function appe(session: FtpSession, argument: string): Promise<undefined> {
  const path = session.parameters.path(argument);
  const { parameters } = session;
  parameters.offset = 0;
  const told = parameters.takeTold(path);
  const how = told === null ? { append: true } : { resume: told };
  await receive(session, path, { overwrite: true, ...how }, 0);
}

const UNIQUE_TRIES = 20;

/** Under a name that no file has; 150 tells it (RFC 1123, section 4.1.2.9). */
export async function stou(session: FtpSession, argument: string): Promise<undefined> {
  session.parameters.offset = 0;
  const wanted = argument === "" ? childPath(session.parameters.cwd, "upload") : session.parameters.path(argument);
  for (let tries = 0; tries < UNIQUE_TRIES; tries++) {
    const path = tries === 0 && argument !== "" ? wanted : `${wanted}.${randomBelow(36 ** 6).toString(36)}`;
    if (await isTaken(session, path)) continue;
    await receive(session, path, {}, 0, `FILE: ${path}`);
    return;
  }
  throw new Refusal(450, "no name was found that is free");
}

/** RFC 959, section 4.1.3: first the transfer is told to have failed, then this to have worked. */
export function abor(session: FtpSession): Result {
  const { transfer } = session;
  if (transfer === null) {
    session.data.use(null);
    return { code: 226, text: "there is no transfer to abort" };
  }
  session.abortAsked = true;
  transfer.stop("you have aborted it");
  return undefined;
}

async function receive(
  session: FtpSession,
  path: string,
  how: WriteOptions,
  offset: number,
  opening = `Receiving ${quote(path, 200)}`,
): Promise<void> {
  const { ascii } = session.parameters;
  const announced = session.parameters.takeAnnounced();
  session.parameters.told = null;
  mayTransfer(session, offset);
  // ALLO may count the file, or what is still to come of it.
  const from = typeof how.resume === "number" ? how.resume : 0;
  const coming = announced === null || how.append === true ? {} : { coming: Math.max(0, announced - from) };
  const upload = await session.access.write(path, { ...how, ...coming });
  try {
    const where = upload.offset === 0 ? "" : ` from ${upload.offset} on`;
    session.start(new UploadCargo(session, upload, { path, ascii, announced, opening: opening + where }));
  } catch (error) {
    await upload.keep("refused");
    throw error;
  }
}

/** @throws Refusal */
function mayTransfer(session: FtpSession, offset: number): void {
  session.data.need();
  if (session.parameters.ascii && offset > 0)
    throw new Refusal(504, "as text nothing begins in the middle; say TYPE I first");
}

async function isTaken({ access }: FtpSession, path: string): Promise<boolean> {
  try {
    await access.stat(path);
    return true;
  } catch (error) {
    // Who may not look may still add: the vault then refuses a name that is taken.
    if (error instanceof VaultError && (error.code === "not-found" || error.code === "denied")) return false;
    throw error;
  }
}

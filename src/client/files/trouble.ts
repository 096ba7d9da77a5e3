import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { escapeText, quote } from "../../bytes/text.ts";
import { CommandError, Exit } from "../../exit.ts";
import { codeOf, messageOf } from "../../thrown.ts";
import { Refused } from "../messages.ts";

/** Trouble that may pass: the same thing may work in a while. */
export class Passing extends Error {
  override readonly name = "Passing";

  /** @param afterMs it will not before so many milliseconds */
  constructor(
    message: string,
    options?: ErrorOptions,
    readonly afterMs = 0,
  ) {
    super(message, options);
  }
}

/** The server says what cannot be, or what arrived is not what it had. */
export class Untrustworthy extends Error {
  override readonly name = "Untrustworthy";
}

/** What arrived is not what was sent. */
export class WrongHash extends Untrustworthy {
  constructor() {
    super("what arrived is not what was sent, the hashes differ");
  }
}

/** What the machine of the user refuses, in one sentence that names the file. */
export class LocalTrouble extends Error {
  override readonly name = "LocalTrouble";
}

/** What is told and not moved, and no failure: whoever names a folder does not mean it. */
export class LeftOut extends LocalTrouble {}

/** The file on the server became another one; what was fetched of it is worth nothing. */
export class Changed extends Error {
  override readonly name = "Changed";
}

/** The user has interrupted. */
export class Stopped extends Error {
  override readonly name = "Stopped";

  constructor() {
    super("it was stopped");
  }
}

/** What the system's errors mean to somebody who gets or puts a file. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your quota of the disk is used up",
  EACCES: "you may not do that there",
  EPERM: "you may not do that there",
  EROFS: "that disk cannot be written to",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "that is a folder",
  ENAMETOOLONG: "the name is too long for that disk",
  EFBIG: "that disk does not take so large a file",
  ELOOP: "a symbolic link stands there, and it is not followed",
  EMFILE: 'too many files are open; raise "ulimit -n"',
  EIO: "the disk does not work",
};

/** Runs what works on a file of this machine; its errors become one sentence that names it. */
export async function locally<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw localTrouble(path, error);
  }
}

function localTrouble(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === "" || code === "EPIPE") return error;
  const reason = (code === "ENOENT" ? whyMissing(path) : null) ?? REASONS[code] ?? messageOf(error);
  return new LocalTrouble(`${quote(path, 200)}: ${escapeText(reason)}`, { cause: error });
}

function whyMissing(path: string): string | null {
  // A name that is no text was read as one with U+FFFD in it, which no file has.
  if (path.includes("\ufffd")) return "its name is not valid UTF-8; rename it";
  const folder = dirname(path);
  return existsSync(folder) ? null : `there is no folder ${quote(folder, 200)}`;
}

const KINDS = [Refused, Passing, Untrustworthy, LocalTrouble, Changed, Stopped, CommandError];

/** Why something failed, for the person who asked for it. What is none of the expected kinds is a defect, and thrown. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message === "" ? "the server refused" : error.message;
  if (isExpected(error)) return error.message;
  throw error;
}

/** What ends a command: the reason with an exit code. What is none of the expected kinds is returned as it is. */
export function asCommandError(error: unknown): unknown {
  if (error instanceof CommandError || !isExpected(error)) return error;
  return new CommandError(Exit.failed, reasonOf(error), { cause: error });
}

function isExpected(error: unknown): error is Error {
  return KINDS.some((kind) => error instanceof kind);
}

import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { quote } from "./bytes/text.ts";
import { CommandError, Exit } from "./exit.ts";

/** Refuses the name of a folder that a script has left empty: the system would take it for the folder that one is in (64). */
export function refuseEmpty(name: string | null, flag?: string): void {
  if (name !== "") return;
  const given = `${flag === undefined ? "" : `${flag} `}${quote(name)}`;
  throw new CommandError(Exit.usage, `${given} names no folder; . is this one`);
}

/**
 * The state folder: as told, else `$XDG_STATE_HOME/tincan`, else `~/.local/state/tincan`. It need not exist. Throws
 * {@link CommandError} (64) where it was told an empty name, which would be the folder that one is in.
 */
export function stateFolder(told: string | null, env: Readonly<Record<string, string | undefined>>): string {
  refuseEmpty(told, "--state-dir");
  if (told !== null) return resolve(told);
  const base = env["XDG_STATE_HOME"] ?? "";
  // The XDG base directory specification: a relative path in the variable is to be ignored.
  return join(isAbsolute(base) ? base : join(homedir(), ".local", "state"), "tincan");
}

/** The state folder that a command means: its `--state-dir`, else `TINCAN_STATE_DIR`, as the daemon reads them, else the usual one. */
export function toldStateFolder(flag: string | undefined, env = process.env): string {
  return stateFolder(flag ?? env["TINCAN_STATE_DIR"] ?? null, env);
}

/**
 * Refuses a state folder that could not be written to when it is needed, with exit code 73. Makes nothing: the folder
 * itself, or the nearest one above it that exists, must be writable.
 */
export function checkStateFolder(path: string): void {
  let folder = path;
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    if (statSync(folder).isDirectory()) return;
  } catch {
    // Told below, with the folder that was asked for.
  }
  const what = folder === path ? "cannot be written to" : `cannot be made in ${quote(folder)}`;
  throw new CommandError(Exit.cannotCreate, `the state folder ${quote(path)} ${what}; give another --state-dir`);
}

/**
 * Makes a folder for this user alone (mode 0700), with those above it, unless it is there. Throws {@link CommandError}
 * (73) when it cannot.
 */
export function makePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch {
    throw new CommandError(Exit.cannotCreate, `cannot make the folder ${quote(path)}; give another --state-dir`);
  }
}

/** The real path of what exists; of what does not, its own last parts behind the real path of the nearest parent. */
export function realOrSame(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return path === dirname(path) ? path : join(realOrSame(dirname(path)), basename(path));
}

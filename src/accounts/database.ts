import { Database, SQLiteError } from "bun:sqlite";
import { chmodSync, chownSync, closeSync, constants, openSync, statSync } from "node:fs";
import { quote } from "../bytes/text.ts";
import { CommandError, Exit, type ExitCode } from "../exit.ts";
import { makePrivateFolder } from "../state.ts";
import { codeOf } from "../thrown.ts";
import { databaseInode, databasePath } from "./database-path.ts";

/** The layout that this version writes; a newer one is left alone. */
const LAYOUT = 3;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS accounts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  permissions TEXT NOT NULL,
  home TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS bans (
  network TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  until INTEGER,
  reason TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS logins (
  secret TEXT PRIMARY KEY,
  account INTEGER NOT NULL,
  used INTEGER NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS other_password AFTER UPDATE OF hash ON accounts WHEN old.hash <> new.hash
BEGIN DELETE FROM logins WHERE account = old.id; END;
CREATE TRIGGER IF NOT EXISTS other_home AFTER UPDATE OF home ON accounts WHEN old.home <> new.home
BEGIN DELETE FROM logins WHERE account = old.id; END;
CREATE TRIGGER IF NOT EXISTS no_account AFTER DELETE ON accounts
BEGIN DELETE FROM logins WHERE account = old.id; END;
PRAGMA user_version = ${LAYOUT};
`;

export interface OpenOptions {
  /** Make it, and the folder, when it is not there. */
  readonly create: boolean;
  /** How long a write waits for another process that writes, in milliseconds. It holds the loop. */
  readonly busyMs: number;
}

/**
 * Opens the accounts, bans and remembered logins of a state folder (mode 0600); null when there are none and none shall
 * be made. A command and the daemon may have them open at once: with a write-ahead log who reads never waits for who
 * writes, be that one stopped or killed. Throws SQLiteError, or CommandError when the folder cannot be made.
 */
export function openDatabase(folder: string, { create, busyMs }: OpenOptions): Database | null {
  const path = databasePath(folder);
  if (create) prepare(folder, path);
  else if (databaseInode(folder) === 0) return null;
  const database = new Database(path, { readwrite: true, create: false, strict: true });
  try {
    database.run(`PRAGMA busy_timeout = ${busyMs}`);
    useWriteAheadLog(database);
    layOut(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite itself would make it readable for others, and makes its other files with the mode of this one. */
function prepare(folder: string, path: string): void {
  makePrivateFolder(folder);
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
  chmodSync(path, 0o600);
  // What root makes is for the user whose daemon has the folder; SQLite does so with its other files itself.
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(folder);
  chownSync(path, uid, gid);
}

/** Where another process has it open at this moment, it stays with the mode that it has; both are safe. */
function useWriteAheadLog(database: Database): void {
  try {
    database.run("PRAGMA journal_mode = WAL");
  } catch (error) {
    if (!(error instanceof SQLiteError && error.code === "SQLITE_BUSY")) throw error;
  }
}

function layOut(database: Database, path: string): void {
  const layout = () => database.query<{ user_version: number }, []>("PRAGMA user_version").get()?.user_version ?? 0;
  if (layout() > LAYOUT)
    throw new CommandError(Exit.config, `${quote(path, path.length)} is of a newer version of tincan; use that one`);
  if (layout() === LAYOUT) return;
  database
    .transaction(() => {
      if (layout() < LAYOUT) database.run(SCHEMA);
    })
    .immediate();
}

const EXPLAINED: readonly [RegExp, ExitCode, (path: string) => string][] = [
  [/^SQLITE_(NOTADB|CORRUPT)/, Exit.config, (path) => `${path} is damaged or no file of tincan's; move it away`],
  [
    /^SQLITE_(CANTOPEN|READONLY|PERM)|^E(ACCES|PERM|ROFS)$/,
    Exit.noPermission,
    (path) => `${path} is not this user's to open and change`,
  ],
  [/^SQLITE_BUSY/, Exit.failed, (path) => `another process is writing to ${path} and does not end; try again`],
  [
    /^SQLITE_(FULL|IOERR)|^E(NOSPC|DQUOT|IO)$/,
    Exit.cannotCreate,
    (path) => `cannot write ${path}; is the disk full or broken`,
  ],
];

/** What went wrong with the file, as a sentence for people; any other error as it is. */
export function databaseError(error: unknown, folder: string): unknown {
  const code = codeOf(error);
  const path = databasePath(folder);
  for (const [codes, exit, say] of EXPLAINED)
    if (codes.test(code)) return new CommandError(exit, say(quote(path, path.length)), { cause: error });
  return error;
}

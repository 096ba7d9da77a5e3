import { Database } from "bun:sqlite";
import { chmodSync, closeSync, constants, openSync, renameSync, rmSync } from "node:fs";
import { quote } from "../bytes/text.ts";
import { codeOf } from "../thrown.ts";
import { historyPath } from "./path.ts";

/** The layout that this version writes; a newer one is left alone. */
const LAYOUT = 1;
/** How long the start waits for another process that has the file open, in milliseconds. */
const BUSY_MS = 2_000;
/** What a burst left of the write-ahead log is cut down to, in bytes. */
const LOG_KEPT = 8 * 1024 * 1024;

/** The last id whose text was learned without its accents; an earlier tincan knows nothing of this column. */
const PLAIN = "plain INTEGER NOT NULL DEFAULT 0";

/** An event's id grows as its room's seq does. The index is in tables of its own: see blocks.ts. */
const SCHEMA = `
CREATE TABLE rooms (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  epoch TEXT NOT NULL,
  seq INTEGER NOT NULL,
  topic TEXT NOT NULL
) STRICT;
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  epoch TEXT NOT NULL,
  kind TEXT NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  time INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_seq ON events (room, seq);
CREATE INDEX events_by_time ON events (time);
CREATE TABLE blocks (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  ${PLAIN}
) STRICT;
PRAGMA user_version = ${LAYOUT};
`;

export interface OpenedHistory<T> {
  readonly taken: T;
  /** Where a file went that was no database, or a broken one. */
  readonly damaged: string | null;
}

/**
 * Opens what was said, with mode 0600, for this process alone. A file in which damage is found, by `take` too, is moved
 * away and another one made.
 */
export function openHistory<T>(folder: string, take: (database: Database) => T): OpenedHistory<T> {
  const path = historyPath(folder);
  try {
    return { taken: openWith(path, take), damaged: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { damaged: moveAway(path), taken: openWith(path, take) };
  }
}

function openWith<T>(path: string, take: (database: Database) => T): T {
  const database = openFile(path);
  try {
    return take(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function openFile(path: string): Database {
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600));
  chmodSync(path, 0o600);
  const database = new Database(path, { readwrite: true, create: false, strict: true });
  try {
    database.run(`PRAGMA busy_timeout = ${BUSY_MS}`);
    // Nobody else may count in it. Its index is then in memory instead of in a file that is mapped.
    database.run("PRAGMA locking_mode = EXCLUSIVE");
    database.run("PRAGMA auto_vacuum = INCREMENTAL");
    database.run("PRAGMA journal_mode = WAL");
    // What was pruned is overwritten where that takes no extra write.
    database.run("PRAGMA secure_delete = FAST");
    // The log is synced at each commit, so that what was committed outlives a loss of power.
    database.run("PRAGMA synchronous = FULL");
    database.run(`PRAGMA journal_size_limit = ${LOG_KEPT}`);
    layOut(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function layOut(database: Database, path: string): void {
  const layout = database.query<{ user_version: number }, []>("PRAGMA user_version").get()?.user_version ?? 0;
  if (layout > LAYOUT) throw new Error(`${quote(path, path.length)} is of a newer version of tincan; use that one`);
  const lay = () => {
    // A write is what takes the lock.
    database.run(layout < LAYOUT ? SCHEMA : `PRAGMA user_version = ${LAYOUT}`);
    if (!hasPlain(database)) database.run(`ALTER TABLE blocks ADD COLUMN ${PLAIN}`);
  };
  database.transaction(lay).immediate();
}

function hasPlain(database: Database): boolean {
  return database.query("SELECT * FROM pragma_table_info('blocks') WHERE name = 'plain'").get() !== null;
}

/** What SQLite takes for a sound file, and what no tincan has written into it. */
export class DamageError extends Error {
  override readonly name = "DamageError";
}

function isDamage(error: unknown): boolean {
  return error instanceof DamageError || /^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error));
}

function moveAway(path: string): string {
  const aside = `${path}.damaged`;
  renameSync(path, aside);
  // What belongs to a file that is gone would be taken for the new one's.
  for (const end of ["-wal", "-shm"]) rmSync(path + end, { force: true });
  return aside;
}

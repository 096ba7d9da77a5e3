/*
 * What can be said of whatever was thrown.
 */

/**
 * What the system, TLS or SQLite call it: `ENOENT`, `SQLITE_BUSY`. Empty for what has no such name, a `CommandError` for
 * one, whose code is a number.
 */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
}

/** Its own words, which nobody has escaped. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** An error in its place where it is none. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

import { readFileSync } from "node:fs";
import { parse, TomlError, type TomlTable } from "smol-toml";
import { quote } from "../bytes/text.ts";
import { CommandError, Exit } from "../exit.ts";
import { nearest } from "../nearest.ts";
import { whyUnread } from "../unread.ts";
import { dashed } from "./names.ts";
import type { OptionTable } from "./option.ts";

/** One key of the file: its values as text, and where it stands, for errors. */
export interface FileEntry {
  readonly texts: readonly string[];
  /** `tincan.toml, line 3: max-frame` */
  readonly where: string;
}

/** The file's settings by their key in `table`. Throws {@link CommandError} 78 that names the line. */
export function readConfigFile(path: string, table: OptionTable): ReadonlyMap<string, FileEntry> {
  return parseConfigFile(readText(path), path, table);
}

/** The same for a text that is already there; `path` is only named. */
export function parseConfigFile(text: string, path: string, table: OptionTable): ReadonlyMap<string, FileEntry> {
  const keys = new Map(Object.keys(table).map((key) => [dashed(key), key]));
  const lines = text.split("\n");
  const entries = new Map<string, FileEntry>();
  for (const [name, value] of Object.entries(parseToml(text, path))) {
    const place = `${path}, line ${lineOf(name, lines)}`;
    const key = keys.get(name);
    if (key === undefined) {
      const meant = nearest(name, keys.keys());
      throw wrong(`${quote(name)} in ${place} is not a setting${meant === null ? "" : `; did you mean ${meant}`}`);
    }
    const where = `${place}: ${name}`;
    entries.set(key, { texts: textsOf(value, where), where });
  }
  return entries;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw wrong(`the configuration file ${quote(path)} cannot be read: ${whyUnread(error)}`);
  }
}

function parseToml(text: string, path: string): TomlTable {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason] = error.message.replace("Invalid TOML document: ", "").split("\n");
    throw wrong(`${path}, line ${error.line}, column ${error.column}: ${reason}`);
  }
}

/** smol-toml tells the place of a syntax error but not of a key: all keys are at the top, so their line starts with them. */
function lineOf(name: string, lines: readonly string[]): number {
  const found = lines.findIndex((line) => /^\s*\[*\s*["']?([^"'=\].\s]+)/.exec(line)?.[1] === name);
  return found + 1;
}

function textsOf(value: unknown, where: string): readonly string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.map((item) => {
    if (typeof item === "string" || typeof item === "number" || typeof item === "boolean") return String(item);
    throw wrong(`${where} is not a text, number, true or false, or a list of those`);
  });
}

function wrong(message: string): CommandError {
  return new CommandError(Exit.config, message);
}

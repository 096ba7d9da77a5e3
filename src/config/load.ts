import { CommandError, Exit, type ExitCode } from "../exit.ts";
import { nearest } from "../nearest.ts";
import { type FileEntry, readConfigFile } from "./file.ts";
import { dashed, environmentName, ENVIRONMENT_PREFIX as PREFIX } from "./names.ts";
import type { Option, OptionTable, Values } from "./option.ts";

/** Where settings come from, strongest first; behind them is the default. */
export interface Sources {
  /** By key: true for a flag, the text of an option, all texts of one that was repeated. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Which kind of source a value came from. A wrong flag is exit code 64, a wrong file or environment 78. */
export type Origin = "flag" | "environment" | "file" | "default";

export interface Loaded<T extends OptionTable> {
  readonly values: Values<T>;
  origin(key: keyof T & string): Origin;
}

interface Given {
  readonly origin: Origin;
  /** How an error names the setting: `--max-frame`, `TINCAN_MAX_FRAME`, `tincan.toml, line 3: max-frame`. */
  readonly where: string;
  readonly texts: readonly string[];
}

/**
 * Reads every option of `table`: flag, else `TINCAN_*` environment, else the file that the option `config` names, else
 * the default. Throws {@link CommandError} for the first value that is refused.
 */
export function load<T extends OptionTable>(table: T, sources: Sources): Loaded<T> {
  refuseMisspelt(table, sources.env);
  const path = table["config"] === undefined ? null : (given("config", sources, new Map())?.texts[0] ?? null);
  const { config: _, ...settings } = table;
  const file = path === null ? new Map<string, FileEntry>() : readConfigFile(path, settings);
  const values: Record<string, unknown> = {};
  const origins = new Map<string, Origin>();
  for (const [key, option] of Object.entries(table)) {
    const found = given(key, sources, file);
    values[key] = found === null ? option.default : read(option, found);
    origins.set(key, found?.origin ?? "default");
  }
  return { values: values as Values<T>, origin: (key) => origins.get(key) ?? "default" };
}

function given(key: string, sources: Sources, file: ReadonlyMap<string, FileEntry>): Given | null {
  const flag = sources.flags[key];
  if (flag !== undefined) return { origin: "flag", where: `--${dashed(key)}`, texts: [flag].flat().map(String) };
  const name = environmentName(key);
  const text = sources.env[name];
  if (text !== undefined) return { origin: "environment", where: name, texts: [text] };
  const entry = file.get(key);
  return entry === undefined ? null : { origin: "file", ...entry };
}

function read(option: Option<unknown>, { origin, where, texts }: Given): unknown {
  const code: ExitCode = origin === "flag" ? Exit.usage : Exit.config;
  if (texts.length !== 1 && option.repeat === undefined) throw new CommandError(code, `${where} takes one value`);
  try {
    const parsed = texts.map((text) => option.parse(text));
    return option.repeat === undefined ? parsed[0] : parsed.flat();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CommandError(code, `${where}${error.message.startsWith('"') ? "" : ":"} ${error.message}`);
  }
}

/** Other programs may own names that start with `TINCAN_` too, so only one that is nearly a setting's is an error. */
function refuseMisspelt(table: OptionTable, env: Sources["env"]): void {
  const known = new Set(Object.keys(table).map(environmentName));
  const bare = Array.from(known, (name) => name.slice(PREFIX.length));
  for (const name of Object.keys(env)) {
    if (!name.startsWith(PREFIX) || known.has(name)) continue;
    const meant = nearest(name.slice(PREFIX.length), bare);
    if (meant === null) continue;
    throw new CommandError(Exit.config, `${name} in the environment is not a setting; did you mean ${PREFIX}${meant}`);
  }
}

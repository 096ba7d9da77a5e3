import { quote } from "../bytes/text.ts";

/**
 * One setting. Its name is the key of the table it stands in, in every spelling: `maxFrame` is `--max-frame` on the
 * command line, `TINCAN_MAX_FRAME` in the environment and `max-frame` in the configuration file.
 */
export interface Option<T> {
  /** What stands for the value in the help (`SIZE`); null for a flag, which has no value on the command line. */
  readonly arg: string | null;
  /** One line for `--help`, without the default. */
  readonly help: string;
  readonly default: T;
  /** Reads a value. Throws {@link OptionError}; its sentence starts with the quoted value. */
  parse(text: string): T;
  /** The heading under which the help shows it; absent: that of all others. */
  readonly group?: string;
  /** May be given more than once: the values, which are arrays, are joined. */
  readonly repeat?: true;
  /** How the help shows the default, where `String()` is not what a person would type. */
  show?(value: T): string;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** The values of a table, by the same keys. */
export type Values<T> = { readonly [K in keyof T]: T[K] extends Option<infer V> ? V : never };

/** The same options under a heading of their own in the help. */
export function under<T extends OptionTable>(group: string, table: T): T {
  return Object.fromEntries(Object.entries(table).map(([key, option]) => [key, { ...option, group }])) as T;
}

/** A value that an option refuses. `message` starts with the quoted value; who catches it puts the option's name before it. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/** On or off; off by default. The environment and the file say `true` or `false`. */
export function flag(help: string): Option<boolean> {
  return {
    arg: null,
    help,
    default: false,
    parse(text) {
      const value = SWITCH.get(text.toLowerCase());
      if (value === undefined) throw new OptionError(`${quote(text)} is not a switch; use true or false`);
      return value;
    },
  };
}

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["no", false],
  ["off", false],
  ["", false],
]);

/** A number of bytes, 0 or more: `65536`, `64KiB`, `1MiB`, `64k`; `kB`, `MB`, `GB` and `TB` are thousands. */
export function size(help: string, initial: number): Option<number> {
  return { arg: "SIZE", help, default: initial, parse: parseSize, show: formatSize };
}

const SIZE_UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["k", 1024],
  ["kib", 1024],
  ["kb", 1000],
  ["m", 1024 ** 2],
  ["mib", 1024 ** 2],
  ["mb", 1000 ** 2],
  ["g", 1024 ** 3],
  ["gib", 1024 ** 3],
  ["gb", 1000 ** 3],
  ["t", 1024 ** 4],
  ["tib", 1024 ** 4],
  ["tb", 1000 ** 4],
]);

function parseSize(text: string): number {
  const bytes = measure(text, SIZE_UNITS);
  if (bytes === null) throw new OptionError(`${quote(text)} is not a size; try 64KiB or 1MiB`);
  return bytes;
}

/** The shortest exact spelling of a number of bytes: 65536 is `64KiB`, 65537 is `65537`. */
export function formatSize(bytes: number): string {
  for (const [name, unit] of [["GiB", 1024 ** 3] as const, ["MiB", 1024 ** 2] as const, ["KiB", 1024] as const]) {
    if (bytes >= unit && bytes % unit === 0) return `${bytes / unit}${name}`;
  }
  return String(bytes);
}

/** What an error proposes where the usual spans are short. */
const SHORT_TIMES = "500ms, 10s or 10m";

/**
 * A span of time in milliseconds, 0 or more: `500ms`, `10s`, `10m`, `2h`; a bare number is seconds.
 * @param examples what an error proposes
 */
export function duration(help: string, initial: number, examples = SHORT_TIMES): Option<number> {
  return { arg: "TIME", help, default: initial, parse: (text) => parseDuration(text, examples), show: formatDuration };
}

/** How long somebody may be silent, in milliseconds, written as {@link duration} is; 0 is Infinity: for ever. */
export function silence(help: string, initial: number): Option<number> {
  return {
    ...duration(`${help}; 0: for ever`, initial),
    parse: (text) => parseDuration(text, SHORT_TIMES) || Number.POSITIVE_INFINITY,
    show: (ms) => (ms === Number.POSITIVE_INFINITY ? "0" : formatDuration(ms)),
  };
}

const TIME_UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1000],
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["min", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

function parseDuration(text: string, examples: string): number {
  const ms = measure(text, TIME_UNITS);
  if (ms === null) throw new OptionError(`${quote(text)} is not a time; try ${examples}`);
  return ms;
}

/** The shortest exact spelling of a span of time: 600000 is `10m`. */
export function formatDuration(ms: number): string {
  for (const [name, unit] of [["h", 3_600_000] as const, ["m", 60_000] as const, ["s", 1000] as const]) {
    if (ms >= unit && ms % unit === 0) return `${ms / unit}${name}`;
  }
  return ms === 0 ? "0" : `${ms}ms`;
}

/** `NUMBER UNIT` as a whole number of the smallest unit, or null when it is not one or leaves the safe integers. */
function measure(text: string, units: ReadonlyMap<string, number>): number | null {
  const [, number, unit] = /^(\d+(?:\.\d+)?) *([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = unit === undefined ? undefined : units.get(unit.toLowerCase());
  if (number === undefined || factor === undefined) return null;
  const value = Math.round(Number(number) * factor);
  return Number.isSafeInteger(value) ? value : null;
}

/** A whole number between `min` and `max`, both included. */
export function count(
  help: string,
  initial: number,
  range: { readonly min?: number; readonly max?: number } = {},
): Option<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = range;
  return { arg: "N", help, default: initial, parse: (text) => parseCount(text, min, max) };
}

function parseCount(text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  throw new OptionError(`${quote(text)} is not a whole number ${range}`);
}

/** Free text. */
export function text(help: string, initial: string, arg?: string): Option<string>;
export function text(help: string, initial: string | null, arg?: string): Option<string | null>;
export function text(help: string, initial: string | null, arg = "TEXT"): Option<string | null> {
  return { arg, help, default: initial, parse: (value) => value };
}

/** One of a few words. */
export function choice<const V extends string>(help: string, values: readonly V[], initial: NoInfer<V>): Option<V>;
export function choice<const V extends string>(help: string, values: readonly V[], initial: null): Option<V | null>;
export function choice<V extends string>(help: string, values: readonly V[], initial: V | null): Option<V | null> {
  return {
    arg: values.join("|"),
    help,
    default: initial,
    parse(text) {
      const value = values.find((candidate) => candidate === text);
      if (value === undefined) throw new OptionError(`${quote(text)} is not one of ${values.join(", ")}`);
      return value;
    },
  };
}

/** Words: separated by commas, or the option given again. `read` may put one in another form, or refuse it. */
export function list(
  help: string,
  initial: readonly string[],
  arg = "LIST",
  read = (word: string) => word,
): Option<readonly string[]> {
  return {
    arg,
    help,
    default: initial,
    repeat: true,
    parse: (text) => wordsIn(text).map((word) => read(word)),
    show: (words) => words.join(","),
  };
}

/** The words of a text between its commas, without the blanks around them. */
export function wordsIn(text: string): readonly string[] {
  return text.split(",").flatMap((word) => word.trim() || []);
}

/** The same option with null for "not given"; `shown` is what the help says happens then. */
export function optional<T>(option: Option<T>, shown: string): Option<T | null> {
  return { arg: option.arg, help: option.help, default: null, parse: (text) => option.parse(text), show: () => shown };
}

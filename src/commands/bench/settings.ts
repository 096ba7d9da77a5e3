import { quote } from "../../bytes/text.ts";
import { type Kind, kinds } from "../../client/bench/kinds.ts";
import type { Load } from "../../client/bench/load.ts";
import { clientTarget } from "../../client/target.ts";
import { formatSize, type Option, OptionError } from "../../config/option.ts";
import { CommandError, Exit } from "../../exit.ts";
import { nearest } from "../../nearest.ts";
import { loadOptions } from "./options.ts";

/** All connections' messages under way together: they are kept in memory to be compared. */
const MOST_UNDER_WAY = 256 * 1024 ** 2;

export interface BenchSettings {
  readonly kind: Kind;
  readonly load: Load;
  readonly seconds: number;
}

export type LoadFlags = { readonly [key in keyof typeof loadOptions]?: string };

/** Reads what the command line asks for. @throws CommandError (usage) */
export function benchSettings(name: string, host: string | undefined, flags: LoadFlags): BenchSettings {
  const kind = kindOf(name);
  const read = (key: keyof typeof loadOptions) => measureOf(key, loadOptions[key], flags[key]);
  const [connections, size, pipeline] = [read("connections"), read("size"), read("pipeline")];
  const [least, most] = kind.sizes;
  if (size < least || size > most) {
    const limits = `from ${formatSize(least)} to ${formatSize(most)}`;
    throw usage(`--size ${quote(flags.size ?? String(size))} does not fit ${name}; take ${limits} bytes`);
  }
  if (connections * size * pipeline > MOST_UNDER_WAY) {
    throw usage(`connections x size x pipeline is over ${formatSize(MOST_UNDER_WAY)}; make one of them smaller`);
  }
  const target = clientTarget(host, kind.port);
  return {
    kind,
    load: { target, connections, size, pipeline, publishers: read("publishers") },
    seconds: read("seconds"),
  };
}

function kindOf(name: string): Kind {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind !== undefined) return kind;
  const near = nearest(name, Object.keys(kinds));
  const hint = near === null ? `take ${Object.keys(kinds).join(", ")}` : `did you mean ${near}?`;
  throw usage(`${quote(name)} cannot be measured; ${hint}`);
}

function measureOf(key: string, option: Option<number>, text: string | undefined): number {
  try {
    return text === undefined ? option.default : option.parse(text);
  } catch (error) {
    if (error instanceof OptionError) throw usage(`--${key} ${error.message}`);
    throw error;
  }
}

function usage(sentence: string): CommandError {
  return new CommandError(Exit.usage, sentence);
}

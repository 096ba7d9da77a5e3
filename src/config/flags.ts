import { type Command, Option as Flag } from "commander";
import { dashed } from "./names.ts";
import type { Option, OptionTable } from "./option.ts";

interface FlagStyle {
  /** The letter of a flag, with its dash, by the key of its option. */
  readonly short?: Readonly<Record<string, string>>;
  /** Show flags under the headings of their options. */
  readonly grouped?: boolean;
}

/**
 * Adds a flag for every option of the table. Their texts are left unread: {@link load} reads them together with the other
 * sources, so that a wrong value is told in the same words wherever it stood.
 */
export function addFlags(command: Command, table: OptionTable, o: FlagStyle = {}): Command {
  const { short = {}, grouped = false } = o;
  for (const [key, option] of Object.entries(table)) {
    const long = `--${dashed(key)}${option.arg === null ? "" : ` <${option.arg}>`}`;
    const flag = new Flag(short[key] === undefined ? long : `${short[key]}, ${long}`, describe(option));
    // Commander would take --no-announce for the opposite of an option of its own, --announce; here it is a switch as any other.
    flag.negate = false;
    if (grouped && option.group !== undefined) flag.helpGroup(`${option.group}:`);
    // Shown by completions; commander itself must not check them, or the file's and the flag's errors would differ.
    if (option.arg?.includes("|")) flag.argChoices = option.arg.split("|");
    if (option.repeat)
      flag.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
    command.addOption(flag);
  }
  return command;
}

function describe(option: Option<unknown>): string {
  if (option.arg === null) return option.help;
  const shown = option.show?.(option.default) ?? String(option.default ?? "none");
  return `${option.help}${option.repeat ? "; may be repeated" : ""} (${shown === "" ? "none" : shown})`;
}

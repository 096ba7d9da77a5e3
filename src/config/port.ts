import { quote } from "../bytes/text.ts";
import { type Option, OptionError } from "./option.ts";

/** Where a door was told to listen; null leaves it to the base port. */
export type PortChoice =
  | { readonly kind: "port"; readonly port: number }
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "off" }
  | null;

/**
 * A door's port: a number, 0 for any free one, `off`, or `unix:PATH`; the help of `serve` says so once for all of them.
 * @param offset for the help alone
 */
export function port(help: string, offset: number): Option<PortChoice> {
  return {
    arg: "PORT",
    help,
    default: null,
    parse: parsePort,
    show: () => `base port + ${offset}`,
  };
}

function parsePort(text: string): PortChoice {
  if (text === "off") return { kind: "off" };
  if (text.startsWith("unix:") && text.length > "unix:".length)
    return { kind: "unix", path: text.slice("unix:".length) };
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 65_535) return { kind: "port", port: number };
  throw new OptionError(`${quote(text)} is not a port; give 0 to 65535, off or unix:PATH`);
}

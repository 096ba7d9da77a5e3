import { bareHost } from "../bytes/url.ts";
import { list, type Option } from "./option.ts";

/** Addresses of this machine; an IPv6 one may stand in the brackets that it has in front of a port. */
export function hosts(help: string, initial: readonly string[], arg: string): Option<readonly string[]> {
  const words = list(help, initial, arg);
  return { ...words, parse: (text) => words.parse(text).map(bareHost) };
}

import { CHARSET_NAMES, type Charset, charsetOf } from "../bytes/charset.ts";
import { quote } from "../bytes/text.ts";
import { type Option, OptionError } from "../config/option.ts";
import { type NetworkRule, perNetwork } from "./by-network.ts";

/** How the peers of a door write text: `gbk`, or `10.0.0.0/8=gbk` for some of them. UTF-8 where nothing is said. */
export function charsetOption(help: string): Option<readonly NetworkRule<Charset>[]> {
  return perNetwork(help, { arg: "NAME", shown: "utf-8", parseValue });
}

function parseValue(text: string): Charset {
  const charset = charsetOf(text);
  if (charset === null) throw new OptionError(`${quote(text)} is not one of ${CHARSET_NAMES.join(", ")}`);
  return charset;
}

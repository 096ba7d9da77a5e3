import { quote } from "../bytes/text.ts";
import { type Option, OptionError, wordsIn } from "../config/option.ts";
import { isOf, type Network, parseNetwork } from "./by-network.ts";

/** The option that names them: addresses and networks, separated by commas, or the option given again. */
export function proxyNetworks(help: string): Option<readonly Network[]> {
  return {
    arg: "CIDR",
    help,
    default: [],
    repeat: true,
    parse: (text) => wordsIn(text).map(network),
    show: () => "none",
  };
}

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if (parsed === null)
    throw new OptionError(`${quote(text)} is not an address or a network; try 10.0.0.5 or 10.0.0.0/8`);
  return parsed;
}

/** Proxies that are believed when they say whose bytes they pass on. There are none unless the operator names them. */
export class TrustedProxies {
  constructor(private readonly networks: readonly Network[] = []) {}

  /** Whether a peer with this address, which may be an IPv4 address mapped into IPv6, is one. A Unix socket's is not. */
  trusts(host: string): boolean {
    return this.networks.length > 0 && this.networks.some((network) => isOf(network, host));
  }
}

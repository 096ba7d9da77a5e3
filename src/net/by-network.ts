import ipaddr from "ipaddr.js";
import { quote } from "../bytes/text.ts";
import { type Option, OptionError, wordsIn } from "../config/option.ts";

/** A value, and the peers that it is for; without a network, all that no other rule is for. */
export interface NetworkRule<T> {
  readonly network: Network | null;
  readonly value: T;
}

/** Addresses that begin with the same bits. */
export interface Network {
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  readonly bits: number;
}

/**
 * A setting that may differ by the peer's network: `VALUE` for everybody, `10.0.0.0/8=VALUE` or `10.0.0.5=VALUE` for
 * some; several are separated by commas, or the option is given again. `parseValue` reads a value and throws
 * {@link OptionError}.
 */
export function perNetwork<T>(
  help: string,
  o: { readonly arg: string; readonly shown: string; readonly parseValue: (text: string) => T },
): Option<readonly NetworkRule<T>[]> {
  return {
    arg: o.arg,
    help,
    default: [],
    repeat: true,
    parse: (text) => wordsIn(text).map((rule) => parseRule(rule, o)),
    show: () => o.shown,
  };
}

function parseRule<T>(
  text: string,
  { arg, parseValue }: { readonly arg: string; readonly parseValue: (text: string) => T },
): NetworkRule<T> {
  const equals = text.indexOf("=");
  if (equals === -1) return { network: null, value: parseValue(text) };
  const place = text.slice(0, equals).trim();
  const network = parseNetwork(place);
  if (network === null) throw new OptionError(`${quote(place)} is not a network; try 10.0.0.0/8=${arg}`);
  return { network, value: parseValue(text.slice(equals + 1).trim()) };
}

/** `10.0.0.0/8`, `fd00::/8` or a single address; null when it is none. Bits behind the prefix do not matter. */
export function parseNetwork(text: string): Network | null {
  const [host = "", prefix, ...more] = text.split("/");
  const known = ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host);
  if (!known || more.length > 0 || !/^(?:\d{1,3})?$/.test(prefix ?? "") || prefix === "") return null;
  const address = ipaddr.parse(host);
  const most = address.kind() === "ipv4" ? 32 : 128;
  const bits = prefix === undefined ? most : Number(prefix);
  if (bits > most) return null;
  // Peers are looked up by their IPv4 address, however it came.
  const mapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96;
  return mapped ? { address: address.toIPv4Address(), bits: bits - 96 } : { address, bits };
}

/** The rules of an option made by {@link perNetwork}, to be asked for each peer. */
export class ByNetwork<T> {
  private readonly networks: readonly (Network & { readonly value: T })[];
  private readonly usual: T | null;

  constructor(rules: readonly NetworkRule<T>[]) {
    this.networks = rules.flatMap(({ network, value }) => (network === null ? [] : [{ ...network, value }]));
    this.usual = rules.find(({ network }) => network === null)?.value ?? null;
  }

  /** The value of the first rule whose network has this address, else the one for everybody; null when there is none. */
  of(host: string): T | null {
    if (this.networks.length === 0 || !ipaddr.isValid(host)) return this.usual;
    const peer = ipaddr.process(host);
    const found = this.networks.find(({ address, bits }) => contains(address, bits, peer));
    return found === undefined ? this.usual : found.value;
  }
}

/** Whether an address, which may be an IPv4 address that is mapped into IPv6, is of a network. */
export function isOf({ address, bits }: Network, host: string): boolean {
  return ipaddr.isValid(host) && contains(address, bits, ipaddr.process(host));
}

function contains(address: Network["address"], bits: number, peer: Network["address"]): boolean {
  if (peer instanceof ipaddr.IPv4) return address instanceof ipaddr.IPv4 && peer.match(address, bits);
  return address instanceof ipaddr.IPv6 && peer.match(address, bits);
}

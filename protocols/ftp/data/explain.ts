import ipaddr from "ipaddr.js";
import { hostInUrl } from "../../../src/bytes/url.ts";
import type { PortRange } from "./passive-ports.ts";

export interface Unreached {
  readonly announced: string;
  /** `--passive-address` has set it. */
  readonly configured: boolean;
  readonly port: number;
  readonly peer: string;
  readonly seconds: number;
  /** Null: any port that is free. */
  readonly ports: PortRange | null;
  readonly strangers: { readonly count: number; readonly last: string };
}

/**
 * Why a passive connection did not come, as far as the addresses tell, and which option of `tincan serve` changes it: one
 * sentence, for the client and for the log.
 */
export function unreached(o: Unreached): string {
  const where = `${hostInUrl(o.announced)} port ${o.port}`;
  return `no connection came to ${where} from ${o.peer} within ${o.seconds} s; ${cause(o)}`;
}

function cause({ announced, configured, peer, ports, strangers }: Unreached): string {
  if (strangers.count > 0) {
    return `but ${strangers.last} came, which is not your address: a proxy or NAT gives your connections different ones, and EPSV or one way out for both cures it`;
  }
  if (configured) {
    return `the server was told to announce that address: if it is wrong, change --passive-address; if it is right, ${publish(ports)}`;
  }
  if (isPrivate(announced) && !isPrivate(peer)) {
    return `the server announces a private address to the outside, so it is behind NAT or in a container: start it with --passive-address and its public address, and ${publish(ports)}`;
  }
  return `a firewall, NAT or container does not let that port through: ${publish(ports)}`;
}

function publish(ports: PortRange | null): string {
  if (ports === null) return "choose a range with --passive-ports and open or publish it";
  return `open or publish ports ${ports.from} to ${ports.to}, or choose others with --passive-ports`;
}

/** What cannot be reached from everywhere. */
const PRIVATE: ReadonlySet<string> = new Set(["private", "loopback", "linkLocal", "carrierGradeNat", "uniqueLocal"]);

function isPrivate(host: string): boolean {
  return ipaddr.isValid(host) && PRIVATE.has(ipaddr.process(host).range());
}

import { quote } from "../../src/bytes/text.ts";
import { flag, type Option, OptionError, optional, silence } from "../../src/config/option.ts";
import { perNetwork } from "../../src/net/by-network.ts";
import { charsetOption } from "../../src/net/charset-option.ts";
import type { PortRange } from "./data/passive-ports.ts";

/** A host name (RFC 1123, section 2.1) or an IPv4 address. */
const HOST = /^(?=.{1,253}$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i;

export const ftpOptions = {
  passivePorts: optional(ports("FTP data connections come to these ports"), "base port + 1100 to base port + 1199"),
  passiveAddress: perNetwork(
    "address or name that PASV announces, when clients reach this machine by another than its own",
    {
      arg: "ADDR",
      shown: "the one that the client has reached",
      parseValue: parseHost,
    },
  ),
  ftpCharset: charsetOption(
    "how FTP clients write names that have not said OPTS UTF8: gbk for all, 10.0.0.0/8=gbk for some",
  ),
  ftpRequireTls: flag("FTP logs nobody in, and moves no data, in the clear"),
  ftpIdle: silence("how long an FTP client may be silent while nothing is transferred", 5 * 60_000),
};

function ports(help: string): Option<PortRange> {
  return { arg: "FROM-TO", help, default: { from: 0, to: 0 }, parse: parseRange };
}

function parseRange(text: string): PortRange {
  const [, low, high] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim()) ?? [];
  const from = Number(low);
  const to = high === undefined ? from : Number(high);
  if (from >= 1 && from <= to && to <= 65_535) return { from, to };
  throw new OptionError(`${quote(text)} is not a range of ports; try 50000-50099`);
}

function parseHost(text: string): string {
  if (HOST.test(text)) return text;
  throw new OptionError(`${quote(text)} is neither an IPv4 address nor a name`);
}

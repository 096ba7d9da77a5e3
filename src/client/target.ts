import { quote } from "../bytes/text.ts";
import { CommandError, Exit } from "../exit.ts";
import { formatAddress, parseTarget, socketAddress, type Target } from "../net/address.ts";
import { codeOf, messageOf } from "../thrown.ts";

/** Where a client command connects to when no host is given. */
const DEFAULT_HOST = "127.0.0.1";

/**
 * Reads the `host` argument of a client command: `HOST`, `HOST:PORT`, `[v6]:PORT`, or nothing for this machine.
 * @throws CommandError (usage) with one sentence when it is none of them
 */
export function clientTarget(text: string | undefined, defaultPort: number): Target {
  if (text === undefined) return { host: DEFAULT_HOST, port: defaultPort };
  try {
    return parseTarget(text, defaultPort);
  } catch (error) {
    throw new CommandError(Exit.usage, messageOf(error));
  }
}

/** `127.0.0.1:8400`, `[::1]:8400`, `example.org:8400`. */
export function formatTarget(target: Target): string {
  return formatAddress(socketAddress(target.host, target.port));
}

/** Why each of the usual errors happens, by its code. The rest is told in the system's own words. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there; start one with "tincan serve"',
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the name server does not answer",
  DNS_ENOTFOUND: "there is no host of that name",
  ETIMEDOUT: "no answer came",
  ENETUNREACH: "there is no route to that network",
  EHOSTUNREACH: "there is no route to that host",
  ECONNRESET: "the connection was reset",
  EMFILE: 'this process has too many files open; raise "ulimit -n"',
};

/** One sentence for people: `cannot reach 127.0.0.1:8400: nobody listens there; start one with "tincan serve"`. */
export function unreachable(target: Target, cause: unknown): CommandError {
  const reason = REASONS[codeOf(cause)] ?? quote(messageOf(cause), 200);
  return new CommandError(Exit.failed, `cannot reach ${formatTarget(target)}: ${reason}`, { cause });
}

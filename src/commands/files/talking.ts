import { escapeText } from "../../bytes/text.ts";
import { type Address, formatAddress } from "../../client/files/address.ts";
import type { FilesConnection } from "../../client/files/connection.ts";
import type { Server } from "../../client/files/server.ts";
import { asCommandError, Stopped } from "../../client/files/trouble.ts";
import { Failures, type Teller } from "./failures.ts";
import { Interrupt } from "./interrupt.ts";
import { type ReachFlags, Servers } from "./reach.ts";

/**
 * Does one thing for each address, one after the other; what fails does not stop the rest.
 * @throws CommandError with what failed
 */
export function talk(
  flags: ReachFlags,
  addresses: readonly Address[],
  work: (conn: FilesConnection, address: Address) => Promise<void>,
): Promise<void> {
  return visit(
    flags,
    addresses,
    (server, address, failures) =>
      failures.attempt(formatAddress(address), () => server.use((conn) => work(conn, address))),
    () => {},
  );
}

/**
 * Comes to the server of each address, one after the other, for work that notes its failures itself.
 * @param skip told of each failure, for programs
 * @throws CommandError with what failed
 */
export async function visit(
  flags: ReachFlags,
  addresses: readonly Address[],
  work: (server: Server, address: Address, failures: Failures) => Promise<void>,
  skip: Teller["skip"],
): Promise<void> {
  const interrupt = new Interrupt();
  const servers = new Servers(flags, interrupt.signal);
  const fail = (line: string) => void process.stderr.write(`${escapeText(line)}\n`);
  const failures = new Failures(addresses.length > 1, { fail, skip, log: fail });
  try {
    for (const address of addresses) {
      await work(await servers.of(address), address, failures);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw asCommandError(error);
  } finally {
    await servers.close();
    interrupt.exitIfAsked();
  }
  failures.finish();
}

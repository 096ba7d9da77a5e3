import { type Address, formatAddress } from "../../client/files/address.ts";
import type { FilesConnection } from "../../client/files/connection.ts";
import { asCommandError, Stopped } from "../../client/files/trouble.ts";
import { Failures } from "./failures.ts";
import { Interrupt } from "./interrupt.ts";
import { type ReachFlags, Servers } from "./reach.ts";

/**
 * Does something for each address, one after the other; what fails does not stop the rest.
 * @param verb what was not done, where it fails: `listed`
 * @throws CommandError with what failed
 */
export async function talk(
  flags: ReachFlags,
  verb: string,
  addresses: readonly Address[],
  work: (conn: FilesConnection, address: Address) => Promise<void>,
): Promise<void> {
  const interrupt = new Interrupt();
  const servers = new Servers(flags, interrupt.signal);
  const failures = new Failures(verb, addresses.length > 1, { log() {}, skip() {} });
  try {
    for (const address of addresses) {
      const server = await servers.of(address);
      await failures.attempt(formatAddress(address), () => server.use((conn) => work(conn, address)));
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw asCommandError(error);
  } finally {
    await servers.close();
    interrupt.exitIfAsked();
  }
  failures.finish();
}

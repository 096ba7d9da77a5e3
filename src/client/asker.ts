import { CommandError, Exit } from "../exit.ts";
import type { Target } from "../net/address.ts";
import { formatTarget, unreachable } from "./target.ts";
import { openUdp, type UdpClient } from "./udp-client.ts";

/** The largest payload of a datagram over IPv4 (RFC 768, RFC 791): 65,535 less both headers. */
export const MOST_DATAGRAM = 65_507;

const TIMEOUT_MS = 2_000;

/** A UDP client that asks one question at a time. */
export class Asker {
  private answer = Promise.withResolvers<Uint8Array>();
  private socket: UdpClient | null = null;

  private constructor(private readonly target: Target) {}

  /** @throws CommandError in one sentence when there is no such host */
  static async open(target: Target): Promise<Asker> {
    const asker = new Asker(target);
    try {
      asker.socket = await openUdp(
        target,
        (datagram) => asker.answer.resolve(datagram),
        (error) => asker.answer.reject(unreachable(target, error)),
      );
    } catch (error) {
      throw unreachable(target, error);
    }
    return asker;
  }

  /** Sends a datagram and gives the next that comes. @throws CommandError when none comes within two seconds */
  async ask(bytes: Uint8Array): Promise<Uint8Array> {
    if (bytes.length > MOST_DATAGRAM) throw tooLong(bytes.length);
    const { promise, reject } = this.answer;
    const late = setTimeout(() => {
      const where = formatTarget(this.target);
      reject(new CommandError(Exit.failed, `no answer came from ${where} within ${TIMEOUT_MS / 1000} s`));
    }, TIMEOUT_MS);
    try {
      this.socket?.send(bytes);
      return await promise;
    } finally {
      clearTimeout(late);
      this.answer = Promise.withResolvers<Uint8Array>();
    }
  }

  close(): void {
    this.socket?.close();
  }
}

function tooLong(bytes: number): CommandError {
  return new CommandError(Exit.failed, `${bytes} bytes are too much for a datagram; the most is ${MOST_DATAGRAM}`);
}

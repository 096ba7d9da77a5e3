import type { Frame } from "../../src/bytes/framer.ts";
import { upper } from "../../src/bytes/upper.ts";
import type { Connection } from "../../src/net/protocol.ts";

/**
 * Sends each frame back with its body in upper case. The header is the same, so nothing is encoded: the bytes are changed
 * where they lie, and frames that lie one behind the other in a chunk leave as one piece, without a copy.
 */
export class EchoRun {
  private bytes: Uint8Array | null = null;

  add(frame: Frame, conn: Connection): void {
    upper(frame.body);
    const run = this.bytes;
    if (run !== null && run.buffer === frame.bytes.buffer && run.byteOffset + run.length === frame.bytes.byteOffset) {
      this.bytes = new Uint8Array(run.buffer, run.byteOffset, run.length + frame.bytes.length);
      return;
    }
    this.flush(conn);
    this.bytes = frame.bytes;
  }

  /** False: stop producing. */
  flush(conn: Connection): boolean {
    const run = this.bytes;
    if (run === null) return true;
    this.bytes = null;
    return conn.send(run);
  }
}

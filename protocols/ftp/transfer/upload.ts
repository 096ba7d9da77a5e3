import { quote } from "../../../src/bytes/text.ts";
import type { Upload } from "../../../src/files/access.ts";
import { errorOf } from "../../../src/thrown.ts";
import type { Reply } from "../reply.ts";
import type { DataChannel } from "./channel.ts";
import { FromNetwork } from "./net-ascii.ts";
import { progressOf } from "./progress.ts";
import type { Cargo } from "./transfer.ts";

/** Who tells whether the client of an upload is still there. */
export interface UploadHost {
  /** The control connection is open both ways, as far as it is read. */
  readonly isOpen: boolean;
  /** It is not read, so nobody knows. */
  readonly isDeaf: boolean;
  after(ms: number): Promise<void>;
}

export interface UploadTerms {
  readonly path: string;
  readonly ascii: boolean;
  /** What ALLO announced; null when it did not. */
  readonly announced: number | null;
  /** What 150 says. */
  readonly opening: string;
}

/**
 * Of a client that was killed the data connection's end is seen before the control connection's (measured: in 30 of 30
 * tries, because Linux closes the descriptors of a dying process from the last to the first). So an upload whose length
 * nobody announced waits a little for the other end before it counts as whole: long enough for a busy machine to go on
 * with the dying process (0.1 ms apart as a rule; with three busy programs for each core 17 ms in one of a hundred tries,
 * 48 ms at most of 300), longer for what is worth more, and shorter for what clients send in one go, so that it is all
 * there or nothing is.
 */
function lastLookMs(bytes: number): number {
  if (bytes > 0 && bytes <= 8 * 1024) return 10;
  return bytes < 1024 * 1024 ? 50 : 150;
}

/** A file on its way from the client. */
export class UploadCargo implements Cargo {
  private readonly network: FromNetwork | null;
  private failure: Error | null = null;
  private readonly failed = Promise.withResolvers<void>();

  constructor(
    private readonly host: UploadHost,
    private readonly upload: Upload,
    private readonly terms: UploadTerms,
  ) {
    this.network = terms.ascii ? new FromNetwork() : null;
  }

  get opening(): string {
    return this.terms.opening;
  }

  get progress(): string {
    return progressOf("receiving", this.terms.path, this.upload.transfer);
  }

  take(chunk: Uint8Array, channel: DataChannel): void {
    if (this.failure !== null) return;
    this.store(this.network === null ? chunk : this.network.push(chunk));
    if (this.failure !== null) channel.refuse("the upload was refused");
  }

  async move(channel: DataChannel): Promise<Reply> {
    const { upload, terms } = this;
    upload.onReplaced = () => channel.stop("another connection goes on with this upload");
    // What refuses it is told at once, while the data connection is still read to its end.
    await Promise.race([channel.closed, this.failed.promise]);
    if (this.network !== null && this.failure === null) this.store(this.network.end());
    if (this.failure !== null) {
      await upload.keep(this.failure.message);
      throw this.failure;
    }
    const flaw = await this.flaw(channel);
    if (flaw !== null) {
      await upload.keep(flaw);
      return { code: 426, text: `${flaw}; ${this.kept()}` };
    }
    const { entry } = await upload.commit();
    return { code: 226, text: `Stored ${quote(terms.path, 200)} (${entry.size} bytes)` };
  }

  giveUp(why: string): Promise<void> {
    return this.upload.keep(why);
  }

  private store(bytes: Uint8Array): void {
    try {
      this.upload.write(bytes);
    } catch (error) {
      this.failure = errorOf(error);
      this.failed.resolve();
    }
  }

  /** Why what has come cannot be taken for all; null when it can. */
  private async flaw(channel: DataChannel): Promise<string | null> {
    if (channel.stopped !== null || !channel.ended) return await channel.cut();
    if (!channel.isComplete) return "the data connection ended without TLS's close_notify, so it may have been cut off";
    const { announced } = this.terms;
    // The disk has work meanwhile; who sends many small files waits for the longer of the two alone.
    if (announced === null) await Promise.all([this.host.after(lastLookMs(channel.received)), this.upload.sync()]);
    if (!this.host.isOpen) return "the control connection ended with the data connection";
    if (announced === null && this.host.isDeaf)
      return "behind so many commands nobody sees whether you are still there";
    // ALLO may count the file, or what is still to come of it.
    if (announced === null || announced === this.upload.received || announced === channel.received) return null;
    return `${channel.received} bytes came, and ALLO announced ${announced}`;
  }

  private kept(): string {
    const { received, resumable } = this.upload;
    if (!resumable) return "nothing of it is kept: send it again";
    return received === 0
      ? "nothing had come"
      : `the ${received} bytes that are here are kept: REST ${received} goes on`;
  }
}

/** What waits for the reader before the sender is asked to stop. */
const ENOUGH = 64 * 1024;

/** Chunks on their way from a session, which is given them, to one reader, who asks for them. */
export class ByteQueue {
  /** Bytes that wait for the reader. */
  size = 0;
  /** The sender said that this was all; false while it may send more, and when it was cut off. */
  complete = false;
  private readonly chunks: Uint8Array[] = [];
  private ended = false;
  private onChange: (() => void) | null = null;
  private onRoom: (() => void) | null = null;

  /** A promise: no more chunks until it settles, which it does when the reader has taken enough. */
  push(chunk: Uint8Array): void | Promise<void> {
    if (this.ended) return;
    this.chunks.push(chunk);
    this.size += chunk.length;
    this.wake();
    if (this.size >= ENOUGH) return new Promise((resolve) => (this.onRoom = resolve));
  }

  /** The next chunk; null after the last. One reader at a time. */
  async take(): Promise<Uint8Array | null> {
    if (this.onChange !== null) throw new Error("this peer is being read already; read it in one loop");
    while (this.chunks.length === 0) {
      if (this.ended) return null;
      await new Promise<void>((resolve) => (this.onChange = resolve));
    }
    const chunk = this.chunks.shift() ?? null;
    this.size -= chunk?.length ?? 0;
    if (this.size < ENOUGH) this.makeRoom();
    return chunk;
  }

  /** No more chunks come; what waits can still be taken. */
  end(complete: boolean): void {
    if (!this.ended) this.complete = complete;
    this.ended = true;
    this.wake();
  }

  /** Nobody will take anything any more. */
  abandon(): void {
    this.end(false);
    this.chunks.length = 0;
    this.size = 0;
    this.makeRoom();
  }

  private wake(): void {
    this.onChange?.();
    this.onChange = null;
  }

  private makeRoom(): void {
    this.onRoom?.();
    this.onRoom = null;
  }
}

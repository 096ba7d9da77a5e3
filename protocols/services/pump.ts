/** A transfer that has chunks to send. */
export interface Source {
  /** Queues its next chunk: settles with the bytes taken. Null: there is none, now or ever; it comes back by `add`. */
  next(): Promise<number> | null;
  /** A chunk has left. */
  taken(bytes: number): void;
}

/**
 * Chunks of one connection that are queued at a time, a MiB in all: what an answer, an event or another transfer has in
 * front of it. Their bytes are in no memory, they are sent from the file.
 */
const WINDOW = 4;

/** Sends what the transfers of one connection have, a chunk of each in turn, so that none waits for another's end. */
export class Pump {
  private readonly queue: Source[] = [];
  private queued = 0;

  add(source: Source): void {
    this.queue.push(source);
    this.run();
  }

  run(): void {
    while (this.queued < WINDOW) {
      const source = this.queue.shift();
      if (source === undefined) return;
      const sent = source.next();
      if (sent === null) continue;
      this.queued += 1;
      this.queue.push(source);
      void sent.then((bytes) => {
        this.queued -= 1;
        source.taken(bytes);
        this.run();
      });
    }
  }
}

import type { HashName } from "./access.ts";

/** A piece of an open file to be hashed. The descriptor must stay open until the promise has settled. */
export interface HashJob {
  readonly fd: number;
  readonly offset: number;
  readonly length: number;
  readonly algorithm: HashName;
}

/** What goes to the worker, and what comes back. */
export type HashOrder = (HashJob & { readonly id: number }) | { readonly id: number; readonly cancel: true };
export interface HashAnswer {
  readonly id: number;
  /** In hex; null when it was cancelled. */
  readonly hash: string | null;
  /** Bytes hashed: fewer than asked for when the file ended early. */
  readonly bytes: number;
  /** What failed. */
  readonly error?: string;
}

export interface Hashed {
  readonly hash: string;
  readonly bytes: number;
}

interface Waiting {
  done(hashed: Hashed): void;
  failed(error: Error): void;
}

/** The worker is let go when nobody needed it for so long. */
const LINGER_MS = 5_000;

/**
 * Hashes files in a thread of its own, because SHA-256 takes 0.55 s for a GiB. All jobs advance in turns. The thread
 * begins with the first job and ends when there were none for some seconds.
 */
export class Hasher {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private idle: Timer | null = null;

  /** Rejects when the file cannot be read, or with an `AbortError` when `signal` stops it. */
  hash(job: HashJob, signal?: AbortSignal): Promise<Hashed> {
    const id = ++this.lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Hashed>();
    this.waiting.set(id, { done: resolve, failed: reject });
    const stop = () => this.send({ id, cancel: true });
    signal?.addEventListener("abort", stop, { once: true });
    this.send({ ...job, id });
    if (signal?.aborted) stop();
    return promise.finally(() => signal?.removeEventListener("abort", stop));
  }

  /** Ends the thread; what was asked for is refused. */
  close(): void {
    this.end(new Error("the server stops"));
  }

  private send(order: HashOrder): void {
    if (this.idle !== null) clearTimeout(this.idle);
    this.idle = null;
    this.worker ??= this.begin();
    this.worker.postMessage(order);
  }

  private begin(): Worker {
    const worker = new Worker(workerUrl());
    worker.onmessage = ({ data }: MessageEvent<HashAnswer>) => this.answered(data);
    worker.onerror = ({ message }) => this.end(new Error(`the hashing thread failed: ${message}`));
    worker.unref();
    return worker;
  }

  private answered({ id, hash, bytes, error }: HashAnswer): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error !== undefined) waiting?.failed(new Error(error));
    else if (hash === null) waiting?.failed(new DOMException("no longer wanted", "AbortError"));
    else waiting?.done({ hash, bytes });
    if (this.waiting.size > 0) return;
    this.idle = setTimeout(() => this.end(null), LINGER_MS);
    this.idle.unref();
  }

  private end(error: Error | null): void {
    if (this.idle !== null) clearTimeout(this.idle);
    this.worker?.terminate();
    this.idle = this.worker = null;
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { failed } of all) failed(error ?? new Error("the hashing thread ended"));
  }
}

/** In the compiled binary all modules are one file, and the worker's lies beside it as the build was told (scripts/build.ts). */
function workerUrl(): string {
  const compiled = import.meta.url.includes("/$bunfs/");
  return new URL(compiled ? "./files/hash-worker.ts" : "./hash-worker.ts", import.meta.url).href;
}

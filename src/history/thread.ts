import type { Answer, Op, Orders, Results } from "./orders.ts";

interface Waiting {
  done(result: Results[Op]): void;
  failed(error: Error): void;
}

/**
 * The thread that has the database, because SQLite holds whoever asks it, for as long as the disk takes. Orders are carried
 * out one after the other.
 */
export class HistoryThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private broken: Error | null = null;

  constructor() {
    this.worker = new Worker(workerUrl());
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => this.answered(data);
    this.worker.onerror = ({ message }) => this.end(new Error(`the history's thread failed: ${message}`));
    this.worker.unref();
  }

  /** Rejects with what SQLite says, or when the thread has ended. */
  ask<O extends Op>(op: O, order: Orders[O]): Promise<Results[O]> {
    if (this.broken !== null) return Promise.reject(this.broken);
    const id = ++this.lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Results[Op]>();
    this.waiting.set(id, { done: resolve, failed: reject });
    this.worker.postMessage({ id, op, order });
    return promise as Promise<Results[O]>;
  }

  /** Ends the thread; what was asked and is not done is refused. */
  end(why: Error = new Error("the history is closed")): void {
    this.broken ??= why;
    this.worker.terminate();
    for (const { failed } of this.waiting.values()) failed(this.broken);
    this.waiting.clear();
  }

  private answered(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if ("error" in answer) waiting?.failed(new Error(answer.error));
    else waiting?.done(answer.result);
  }
}

/** In the compiled binary all modules are one file, and the worker's lies beside it as the build was told (scripts/build.ts). */
function workerUrl(): string {
  const compiled = import.meta.url.includes("/$bunfs/");
  return new URL(compiled ? "./history/worker.ts" : "./worker.ts", import.meta.url).href;
}

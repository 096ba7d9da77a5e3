import { NoAnswer } from "../../lib/ask.ts";

/** What the page asks the hashing thread: the SHA-256 of a whole file, and of its beginning where that matters. */
export interface HashTask {
  readonly id: number;
  readonly file: Blob;
  /** Bytes of the beginning that are to be hashed too; 0 for none. */
  readonly head: number;
}

/** What the thread says: how far it is, the hash of the beginning, the hash of it all, or why there is none. */
export type HashNews =
  | { readonly id: number; readonly kind: "progress"; readonly done: number }
  | { readonly id: number; readonly kind: "head" | "whole"; readonly sha256: string }
  | { readonly id: number; readonly kind: "failed"; readonly message: string };

/** Hashes that are on their way. */
export interface Hashing {
  /** Of the first bytes that were asked for. */
  readonly head: Promise<string>;
  readonly whole: Promise<string>;
  stop(): void;
}

/** Where the tasks go: a Worker, as far as it is used. */
export interface HashThread {
  postMessage(task: HashTask | { readonly id: number; readonly stop: true }): void;
  onNews: (news: HashNews) => void;
  /** It could not be started, or has ended. @param isAway because the server with its script cannot be reached */
  onLost: (isAway: boolean) => void;
}

/** There is nobody to hash: the server may be of another version by now, and not have the thread's script any more. */
export class NoThread extends Error {
  override readonly name = "NoThread";
}

interface Pending {
  readonly head: PromiseWithResolvers<string>;
  readonly whole: PromiseWithResolvers<string>;
  readonly progress: (done: number) => void;
}

/** Hashes files beside the page, so that nothing stands still meanwhile. */
export class Hasher {
  readonly #pending = new Map<number, Pending>();
  #thread: HashThread | null = null;
  #id = 0;

  /** @param start starts the thread, when the first file needs it, and anew when it was lost */
  constructor(private readonly start: () => HashThread) {}

  /** Its promises reject with {@link NoThread}, with NoAnswer while the server is away, or where the file cannot be read. @param progress is told how many bytes are hashed */
  hash(file: Blob, head: number, progress: (done: number) => void): Hashing {
    this.#thread ??= this.#begin();
    this.#id += 1;
    const id = this.#id;
    const pending: Pending = { head: Promise.withResolvers(), whole: Promise.withResolvers(), progress };
    for (const { promise } of [pending.head, pending.whole]) promise.catch(() => {});
    this.#pending.set(id, pending);
    this.#thread.postMessage({ id, file, head });
    const stop = () => {
      if (this.#pending.delete(id)) this.#thread?.postMessage({ id, stop: true });
    };
    return { head: pending.head.promise, whole: pending.whole.promise, stop };
  }

  #begin(): HashThread {
    const thread = this.start();
    thread.onNews = (news) => this.#heard(news);
    thread.onLost = (isAway) => this.#lost(isAway);
    return thread;
  }

  #heard(news: HashNews): void {
    const pending = this.#pending.get(news.id);
    if (pending === undefined) return;
    if (news.kind === "progress") pending.progress(news.done);
    else if (news.kind === "head") pending.head.resolve(news.sha256);
    else this.#end(news, pending);
  }

  #end(news: HashNews & { kind: "whole" | "failed" | "head" }, pending: Pending): void {
    this.#pending.delete(news.id);
    if (news.kind !== "failed") {
      pending.whole.resolve(news.sha256);
      return;
    }
    fail(pending, new Error(news.message));
  }

  #lost(isAway: boolean): void {
    this.#thread = null;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    const error = isAway ? new NoAnswer() : new NoThread("the thread that hashes files is lost");
    for (const one of pending) fail(one, error);
  }
}

function fail({ head, whole }: Pending, error: Error): void {
  head.reject(error);
  whole.reject(error);
}

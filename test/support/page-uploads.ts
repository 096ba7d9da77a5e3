import type { HashNews, HashThread } from "../../protocols/http/page/app/files/upload/hasher.ts";
import { Hasher } from "../../protocols/http/page/app/files/upload/hasher.ts";
import { UploadQueue } from "../../protocols/http/page/app/files/upload/queue.ts";
import type { Put, PutAnswer } from "../../protocols/http/page/app/files/upload/transport.ts";
import type { Remembered, Upload } from "../../protocols/http/page/app/files/upload/upload.ts";
import { NoAnswer } from "../../protocols/http/page/app/lib/ask.ts";
import { fileUrl } from "../../protocols/http/page/app/lib/urls.ts";
import { until } from "./deadline.ts";

/** The page's own PUT is by XMLHttpRequest, which is only in browsers. */
export function fetchPut(root: () => string): Put {
  return async ({ path, body, range, mtime, digest, overwrite }, signal): Promise<PutAnswer> => {
    const headers = {
      "X-OC-Mtime": String(Math.floor(mtime / 1000)),
      ...(range !== null && { "Content-Range": range }),
      ...(digest !== null && { "Repr-Digest": digest }),
    };
    const url = fileUrl(root(), path) + (overwrite ? "?overwrite" : "");
    const request = { method: "PUT", headers, signal, body: body ?? "" };
    const answer = await fetch(url, request).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new NoAnswer();
    });
    const offset = answer.headers.get("Upload-Offset");
    return {
      status: answer.status,
      offset: offset === null ? null : Number(offset),
      digest: answer.headers.get("Repr-Digest"),
      body: await answer.json().catch(() => null),
    };
  };
}

/** Hashes at once, where it is asked: how the real thread does it is seen in a browser. */
export function promptThread(): HashThread {
  const sha256 = async (blob: Blob) => {
    return new Bun.CryptoHasher("sha256").update(await blob.arrayBuffer()).digest("hex");
  };
  const thread: HashThread = {
    onNews: (_: HashNews) => {},
    onLost: () => {},
    postMessage: (task) => {
      if ("stop" in task) return;
      const { id, file, head } = task;
      const whole = Promise.all([sha256(file.slice(0, head)), sha256(file)]);
      void whole.then(([first, all]) => {
        thread.onNews({ id, kind: "head", sha256: first });
        thread.onNews({ id, kind: "progress", done: file.size });
        thread.onNews({ id, kind: "whole", sha256: all });
      });
    },
  };
  return thread;
}

/** The page's uploads without a browser. */
export class PageUploads {
  readonly queue: UploadQueue;
  readonly done: Upload[] = [];
  /** Who is logged in; not known at first, as in the page. */
  user: string | null | undefined = null;
  /** How often the login was found to have ended. */
  ended = 0;

  constructor(
    put: Put,
    readonly kept: Remembered[] = [],
    hashOf: (path: string) => Promise<string | null> = async () => null,
    statOf: (path: string) => Promise<{ size: number; mtime: number } | null> = async () => null,
    thread: () => HashThread = promptThread,
  ) {
    this.queue = new UploadQueue({
      put,
      hasher: new Hasher(thread),
      pause: async (_, signal) => {
        await new Promise<void>((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
      },
      hashOf,
      statOf,
      user: () => this.user,
      onLoginEnded: () => {
        this.ended += 1;
      },
      load: () => [...kept],
      save: (uploads) => kept.splice(0, kept.length, ...uploads),
      problems: () => ({
        notWhole: "not whole",
        unreadable: "unreadable",
        noThread: "no thread",
        refused: ({ message }) => message,
      }),
      onDone: (upload) => this.done.push(upload),
    });
  }

  /** The first upload, as soon as it is in this state. */
  async first(state: Upload["state"]): Promise<Upload> {
    const { uploads } = this.queue;
    await until(
      () => uploads.value[0]?.state === state,
      () => `the upload to be ${state}; it is ${JSON.stringify(uploads.value)}`,
    );
    return uploads.value[0] as Upload;
  }
}

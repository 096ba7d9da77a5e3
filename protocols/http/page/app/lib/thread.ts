import type { HashThread } from "../files/upload/hasher.ts";

/** Starts the thread that hashes files. */
export function hashThread(script: string): HashThread {
  const worker = new Worker(script, { type: "module" });
  const thread: HashThread = {
    postMessage: (task) => worker.postMessage(task),
    onNews: () => {},
    onLost: () => {},
  };
  worker.onmessage = ({ data }) => thread.onNews(data);
  worker.onerror = () => {
    worker.terminate();
    thread.onLost();
  };
  return thread;
}

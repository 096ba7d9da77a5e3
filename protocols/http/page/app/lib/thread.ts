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
    void isAway(script).then((away) => thread.onLost(away));
  };
  return thread;
}

/** A browser does not say why it has no script: because there is none any more, or because it could not ask for it. */
async function isAway(script: string): Promise<boolean> {
  const answer = await fetch(script, { method: "HEAD", cache: "no-store" }).catch(() => null);
  return answer === null || answer.status >= 500;
}

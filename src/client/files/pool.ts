/** A piece of work that handles its own failures; what it throws ends everything. */
export type Job = () => Promise<void>;

/** Runs jobs as they come, so many at a time. Rejects with the first error, once nothing runs any more. */
export async function runAll(jobs: AsyncIterator<Job>, parallel: number): Promise<void> {
  let isOver = false;
  const worker = async () => {
    try {
      while (!isOver) {
        const { done, value } = await jobs.next();
        if (done === true) return;
        await value();
      }
    } finally {
      isOver = true;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: parallel }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

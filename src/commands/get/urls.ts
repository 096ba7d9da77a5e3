import { fetchAll } from "../../client/fetch/fetch-all.ts";
import { ReaderGone } from "../../client/fetch/stream-sink.ts";
import { Stopped } from "../../client/files/trouble.ts";
import type { Moving, MovingFlags } from "../files/moving.ts";
import { readPem } from "../files/reach.ts";

/** Fetches URLs of http, https and ftp. Rejects with Stopped, and with EPIPE when nobody reads stdout any more. */
export async function fetchUrls(
  urls: readonly string[],
  output: string | undefined,
  flags: MovingFlags,
  { shared, failures }: Moving,
): Promise<void> {
  const { progress, signal, force } = shared;
  const { parallel, retries, ca, insecure } = flags;
  try {
    await fetchAll(urls, {
      parallel,
      retries,
      force,
      progress,
      signal,
      ended: ({ url, error }) => (error === null ? failures.succeeded() : failures.note(url, error)),
      ...(output !== undefined && { output }),
      ...(ca !== undefined && { ca: readPem(ca) }),
      ...(insecure !== undefined && { insecure }),
    });
    if (signal.aborted) throw new Stopped();
  } catch (error) {
    throw error instanceof ReaderGone ? error.cause : error;
  }
}

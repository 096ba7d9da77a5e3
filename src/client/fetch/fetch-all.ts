import { basename } from "node:path";
import type { Clock } from "../../clock.ts";
import { patientClock } from "../patient-clock.ts";
import type { Progress } from "../progress/progress.ts";
import { Bringing, isFailure } from "./bring.ts";
import { parseSource, type Source } from "./source.ts";
import { type Target, targets } from "./targets.ts";

export interface FetchOptions {
  /** A folder, a file, or `-` for stdout; by default this folder. */
  readonly output?: string;
  /** How many run at a time. */
  readonly parallel: number;
  /** Replaces files that exist. */
  readonly force: boolean;
  /** How often each is tried again; a try that brought the file further does not count. */
  readonly retries: number;
  readonly progress: Progress;
  /** Certificates to trust besides the machine's, in PEM. */
  readonly ca?: string;
  /** Believes any certificate. */
  readonly insecure?: boolean;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Told what became of each, as soon as it is known. */
  readonly ended?: (outcome: Fetched) => void;
}

/** What became of one URL. */
export interface Fetched {
  /** The URL as it was given, escaped. */
  readonly url: string;
  /** The file; null where bytes went to stdout or a device. */
  readonly path: string | null;
  /** Bytes of the file, however many tries they took. */
  readonly bytes: number;
  /** A sentence; null when all came. */
  readonly error: string | null;
}

/**
 * Fetches URLs of http, https and ftp, several at a time; into stdout one after the other. Tells `progress` for each that
 * is whole: `N bytes received from URL`. One that fails does not stop the others; who called tells why.
 * @throws CommandError (usage) before anything is fetched; ReaderGone when nobody reads stdout; Stopped by the signal
 */
export async function fetchAll(urls: readonly string[], o: FetchOptions): Promise<readonly Fetched[]> {
  const sources = urls.map(parseSource);
  const places = targets(sources, o.output, o.force);
  const work = sources.map((source, at) => ({ source, target: places[at] as Target, at }));
  const outcomes: Fetched[] = [];
  const worker = async () => {
    for (let next = work.shift(); next; next = work.shift()) {
      const outcome = await fetchOne(next.source, next.target, o);
      outcomes[next.at] = outcome;
      o.ended?.(outcome);
    }
  };
  const parallel = places.some(({ serial }) => serial) ? 1 : Math.min(o.parallel, work.length);
  // All have put away their parts before an error ends the process.
  for (const end of await Promise.allSettled(Array.from({ length: parallel }, worker))) {
    if (end.status === "rejected") throw end.reason;
  }
  return outcomes;
}

async function fetchOne(source: Source, { path, sink }: Target, o: FetchOptions): Promise<Fetched> {
  const url = source.shown;
  const how = { ...o, clock: o.clock ?? patientClock, signal: o.signal ?? new AbortController().signal };
  try {
    // Of several URLs the beginnings are alike, and a bar has no room for the rest.
    const name = path === null ? url : basename(path);
    const bytes = await new Bringing(source, sink, how, name).run(path === null ? { url } : { url, path });
    return { url, path, bytes, error: null };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { url, path, bytes: 0, error: `cannot fetch ${url}: ${error.message}` };
  }
}

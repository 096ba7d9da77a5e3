import type { TlsFlags } from "../../client/authority.ts";
import { fetchAll } from "../../client/fetch/fetch-all.ts";
import { ReaderGone } from "../../client/fetch/stream-sink.ts";
import { Stopped } from "../../client/files/trouble.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { Moving, MovingFlags } from "../files/moving.ts";
import { readPem } from "../files/reach.ts";

/**
 * What the flags for TLS mean for the HOST/PATHs beside URLs, of which those of https heed --ca and --insecure.
 * @param alone there is no HOST/PATH
 * @throws CommandError (usage) for a flag that nothing would heed
 */
export function flagsBeside(urls: readonly string[], flags: TlsFlags, alone: boolean): TlsFlags {
  // One of http may lead on to https.
  const isWeb = urls.some((url) => /^https?:/i.test(url));
  if (alone) {
    const refuse = (why: string) => new CommandError(Exit.usage, why);
    if (flags.tls && !urls.some((url) => /^https:/i.test(url)))
      throw refuse("--tls is for HOST/PATH; a URL of http or ftp is fetched in the clear, one of https is not");
    if (flags.fingerprint !== undefined)
      throw refuse("--fingerprint is for HOST/PATH with --tls; a URL of https is trusted by --ca FILE or --insecure");
    const given = flags.ca === undefined ? flags.insecure && "insecure" : "ca";
    if (given && !isWeb)
      throw refuse(`--${given} is for https, and for HOST/PATH with --tls; ftp is fetched in the clear`);
  }
  return isWeb ? { tls: flags.tls, fingerprint: flags.fingerprint } : flags;
}

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

import { quote } from "../../bytes/text.ts";
import type { Clock } from "../../clock.ts";
import { VERSION } from "../../version.ts";
import { brokenFailure } from "./broken.ts";
import { FetchFailure } from "./failure.ts";
import { patiently } from "./patience.ts";
import { credentials } from "./source.ts";

/** Browsers follow 20 as well. */
const MAX_REDIRECTS = 20;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const HEAD_TIMEOUT_MS = 60_000;

export interface HttpOptions {
  readonly clock: Clock;
  /** Certificates to trust besides the machine's, in PEM. */
  readonly ca?: string;
  /** Believes any certificate. */
  readonly insecure?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks for a URL with the given headers and follows redirects. Redirects lead to http and https alone, and never from
 * https to http: who asked for https wants bytes that nobody on the way could change. A password goes to the host that it
 * was given for and no other.
 * @throws FetchFailure
 */
export async function request(url: URL, headers: Readonly<Record<string, string>>, o: HttpOptions): Promise<Response> {
  let at = url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const response = await ask(at, at.origin === url.origin ? { ...headers, ...authorization(url) } : headers, o);
    if (!REDIRECTS.has(response.status)) return response;
    await dismiss(response);
    at = follow(at, response.headers.get("location"));
  }
  throw new FetchFailure(`it was redirected more than ${MAX_REDIRECTS} times`);
}

/** Ends an answer whose body nobody wants. */
export async function dismiss(response: Response): Promise<void> {
  // A body that has broken already cannot be cancelled, which is as good.
  await response.body?.cancel().catch(() => {});
}

async function ask(url: URL, headers: Readonly<Record<string, string>>, o: HttpOptions): Promise<Response> {
  const giveUp = new AbortController();
  const clean = new URL(url);
  clean.username = clean.password = clean.hash = "";
  const answer = fetch(clean, {
    headers: { "user-agent": `tincan/${VERSION}`, accept: "*/*", "accept-encoding": "identity", ...headers },
    redirect: "manual",
    // The bytes as they are: the length, the range and what is stored are then of the same thing.
    decompress: false,
    keepalive: false,
    signal: AbortSignal.any([o.signal, giveUp.signal]),
    tls: { ...(o.ca === undefined ? {} : { ca: o.ca }), rejectUnauthorized: o.insecure !== true },
    ...withoutProxy(clean),
  });
  try {
    const what = "no answer came";
    return await patiently(answer, { ms: HEAD_TIMEOUT_MS, clock: o.clock, what, giveUp: () => giveUp.abort() });
  } catch (error) {
    throw brokenFailure(error);
  }
}

function follow(from: URL, location: string | null): URL {
  if (location === null || !URL.canParse(location, from.href)) throw new FetchFailure("it was redirected to nowhere");
  const to = new URL(location, from);
  if (to.protocol !== "https:" && to.protocol !== "http:") {
    throw new FetchFailure(`it was redirected to ${quote(location, 200)}, which is not followed`);
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw new FetchFailure(`it was redirected from https to ${quote(location, 200)}; fetch that if you trust it`);
  }
  return to;
}

function authorization(url: URL): Readonly<Record<string, string>> {
  const who = credentials(url);
  return who === null
    ? {}
    : { authorization: `Basic ${Buffer.from(`${who.user}:${who.password}`).toString("base64")}` };
}

/** A proxy from the environment (http_proxy, https_proxy) is for other machines; browsers leave it out for their own, too. */
function withoutProxy({ hostname }: URL): object {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname) ? { proxy: false } : {};
}

import type { ClientRequest, IncomingMessage } from "node:http";
import { quote } from "../../bytes/text.ts";
import type { Clock } from "../../clock.ts";
import { VERSION } from "../../version.ts";
import { brokenFailure } from "./broken.ts";
import { FetchFailure } from "./failure.ts";
import { patiently } from "./patience.ts";
import { credentials } from "./source.ts";

/** Browsers follow 20 as well. */
const MAX_REDIRECTS = 20;
const REDIRECTS: ReadonlySet<unknown> = new Set([301, 302, 303, 307, 308]);
/** Until the answer begins. */
const HEAD_TIMEOUT_MS = 15_000;
/** Answers of 1xx before the answer proper: nobody sends more than two or three. */
const MAX_PRELIMINARY = 100;

export interface HttpOptions {
  readonly clock: Clock;
  /** Certificates to trust besides the usual ones, in PEM. */
  readonly ca?: string;
  /** Believes any certificate. */
  readonly insecure?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks for a URL with the given headers and follows redirects. Redirects lead to http and https alone, and never from
 * https to http: who asked for https wants bytes that nobody on the way could change. A password goes to the host that it
 * was given for and no other.
 *
 * By node:http and not by `fetch`: when a connection breaks, `fetch` throws away what came and was not read yet, up to all
 * of a small file, and there is nothing to go on from.
 * @throws FetchFailure
 */
export async function request(
  url: URL,
  headers: Readonly<Record<string, string>>,
  o: HttpOptions,
): Promise<IncomingMessage> {
  let at = url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await ask(at, at.origin === url.origin ? { ...headers, ...authorization(url) } : headers, o);
    if (!REDIRECTS.has(answer.statusCode)) return answer;
    dismiss(answer);
    at = follow(at, answer.headers.location);
  }
  throw new FetchFailure(`it was redirected more than ${MAX_REDIRECTS} times`);
}

const broken = new WeakMap<IncomingMessage, Error>();

/**
 * Fails for a body that only the end of the connection ends (RFC 9112, section 6.3), when that was no end but a break. Bun
 * tells the request of it, and the answer that it is complete.
 * @throws FetchFailure
 */
export function checkEnd(answer: IncomingMessage): void {
  const { "content-length": length, "transfer-encoding": coding } = answer.headers;
  const error = broken.get(answer);
  if (error !== undefined && length === undefined && coding === undefined) throw brokenFailure(error);
}

/** Ends an answer whose body nobody wants. */
export function dismiss(answer: IncomingMessage): void {
  answer.on("error", () => {});
  answer.destroy();
}

async function ask(url: URL, headers: Readonly<Record<string, string>>, o: HttpOptions): Promise<IncomingMessage> {
  const asked = await open(url, headers, o);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  let preliminary = 0;
  asked.on("response", (answer) => {
    asked.on("error", (error) => broken.set(answer, error));
    resolve(answer);
  });
  asked.on("error", (error) => reject(brokenFailure(error)));
  asked.on("information", () => {
    if (++preliminary <= MAX_PRELIMINARY) return;
    reject(new FetchFailure("the answer does not begin"));
    asked.destroy();
  });
  asked.end();
  const giveUp = () => void asked.destroy();
  return await patiently(promise, { ms: HEAD_TIMEOUT_MS, clock: o.clock, what: "no answer came", giveUp });
}

async function open(url: URL, headers: Readonly<Record<string, string>>, o: HttpOptions): Promise<ClientRequest> {
  const clean = new URL(url);
  clean.username = clean.password = "";
  const { signal } = o;
  // Identity: the length, the range and what is stored are then of the same bytes.
  const asked = { "user-agent": `tincan/${VERSION}`, accept: "*/*", "accept-encoding": "identity", ...headers };
  const proxyEnv = proxies(url);
  if (url.protocol === "http:") {
    const { Agent, request: begin } = await import("node:http");
    return begin(clean, { headers: asked, signal, agent: new Agent({ proxyEnv }) });
  }
  const [{ Agent, request: begin }, { getCACertificates }] = await Promise.all([
    import("node:https"),
    import("node:tls"),
  ]);
  // Bun's own list and NODE_EXTRA_CA_CERTS, and what the machine's owner has added to the system's.
  const ca = [...getCACertificates("default"), ...getCACertificates("system"), ...(o.ca === undefined ? [] : [o.ca])];
  const agent = new Agent({ proxyEnv });
  return begin(clean, { headers: asked, signal, agent, ca, rejectUnauthorized: o.insecure !== true });
}

function follow(from: URL, location: string | undefined): URL {
  // Header bytes are read as Latin-1; servers that do not encode their paths mean UTF-8.
  const text = Buffer.from(location ?? "", "latin1").toString();
  if (location === undefined || !URL.canParse(text, from.href)) throw new FetchFailure("it was redirected to nowhere");
  const to = new URL(text, from);
  if (to.protocol !== "https:" && to.protocol !== "http:") {
    throw new FetchFailure(`it was redirected to ${quote(text, 200)}, which is not followed`);
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw new FetchFailure(`it was redirected from https to ${quote(text, 200)}; fetch that if you trust it`);
  }
  return to;
}

function authorization(url: URL): Readonly<Record<string, string>> {
  const who = credentials(url);
  return who === null
    ? {}
    : { authorization: `Basic ${Buffer.from(`${who.user}:${who.password}`).toString("base64")}` };
}

/** The proxies of the environment (http_proxy, https_proxy, no_proxy); they are for other machines, as browsers hold it. */
function proxies({ hostname }: URL): NodeJS.ProcessEnv {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname) ? {} : process.env;
}

import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { checkSize } from "./failure.ts";
import { contentLength, contentRange, factsOf, statusFailure } from "./http-reply.ts";
import { checkEnd, dismiss, type HttpOptions, request } from "./http-request.ts";
import { pump } from "./pump.ts";
import type { Facts, Sink, Watch } from "./sink.ts";

interface Answer {
  readonly response: IncomingMessage;
  readonly facts: Facts;
  /** Where in the file the body begins. */
  readonly offset: number;
}

/**
 * One try to bring a sink's file to its end over HTTP. Bytes that are there already are not asked for again when the server
 * can tell that they are still the right ones (Range with If-Range); otherwise it begins anew.
 * @throws FetchFailure; what the sink throws
 */
export async function fetchHttp(url: URL, sink: Sink, o: HttpOptions, watch: Watch): Promise<void> {
  const answer = await place(url, sink, o, watch);
  if (answer === null) return;
  watch.begins();
  await pump(answer.response, sink, o, watch);
  checkEnd(answer.response);
  checkSize(sink.received, answer.facts.size);
}

/** Gets an answer whose body belongs at the sink's end; null when the sink has all of it. */
async function place(url: URL, sink: Sink, o: HttpOptions, watch: Watch): Promise<Answer | null> {
  let from = sink.facts?.validator ? sink.received : 0;
  if (from > 0 && from === sink.facts?.size) return null;
  for (;;) {
    const answer = await ask(url, from, sink.facts, o);
    const ranges = answer.response.headers["accept-ranges"];
    if (answer.offset > 0 || ranges === "bytes") watch.resumes(true);
    if (answer.offset > 0) return answer;
    const held = await sink.open(answer.facts).catch((error: unknown) => {
      dismiss(answer.response);
      throw error;
    });
    const refused = from > 0 || ranges === "none";
    if (refused) watch.resumes(false);
    if (held === 0 || refused || held > (answer.facts.size ?? held)) {
      sink.restart();
      return answer;
    }
    dismiss(answer.response);
    if (held === answer.facts.size) return null;
    from = held;
  }
}

async function ask(url: URL, from: number, known: Facts | null, o: HttpOptions): Promise<Answer> {
  const resume = from > 0 && known?.validator ? { range: `bytes=${from}-`, "if-range": known.validator } : null;
  const response = await request(url, resume ?? {}, o);
  const { statusCode: status = 0, headers } = response;
  if (resume && status === 206 && continues(headers, from, known)) {
    return { response, facts: factsOf(headers, known?.size ?? contentRange(headers)?.size ?? null), offset: from };
  }
  if (status >= 200 && status < 300 && status !== 206)
    return { response, facts: factsOf(headers, contentLength(headers)), offset: 0 };
  dismiss(response);
  // Another range, another file, or a range beyond its end: what is there is of no use any more.
  if (resume && (status === 206 || status === 416)) return await ask(url, 0, null, o);
  throw statusFailure(response);
}

/** Whether a 206 is the rest of the very file that the first bytes are from, whatever the server makes of If-Range. */
function continues(headers: IncomingHttpHeaders, from: number, known: Facts | null): boolean {
  const range = contentRange(headers);
  if (range === null || range.first !== from) return false;
  if (range.size !== null && known?.size != null && range.size !== known.size) return false;
  const { etag: tag, "last-modified": changed } = headers;
  if (tag !== undefined && known?.validator?.startsWith('"')) return tag === known.validator;
  return changed === undefined || known?.mtime == null || Date.parse(changed) === known.mtime;
}

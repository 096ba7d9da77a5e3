import { fieldsOf, NoAnswer } from "../../lib/ask.ts";
import { seldom } from "../../lib/seldom.ts";
import { fileUrl } from "../../lib/urls.ts";
import type { Put, PutAnswer, PutRequest } from "./transport.ts";

/**
 * PUT by XMLHttpRequest, because `fetch` does not say how much has left. `session` is that of the chat, where the file is
 * told of by its name.
 */
export function xhrPut(root: string, session: () => string | null): Put {
  return (request, signal, progress) => {
    const { promise, resolve, reject } = Promise.withResolvers<PutAnswer>();
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    signal.addEventListener("abort", abort);
    xhr.open("PUT", fileUrl(root, request.path) + (request.overwrite ? "?overwrite" : ""));
    for (const [name, value] of headersOf(request, session())) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = seldom(progress);
    xhr.onload = () => resolve(answerOf(xhr));
    xhr.onerror = () => reject(new NoAnswer());
    xhr.onabort = () => reject(signal.reason);
    xhr.onloadend = () => signal.removeEventListener("abort", abort);
    if (signal.aborted) reject(signal.reason);
    else xhr.send(request.body);
    return promise;
  };
}

function headersOf(
  { range, mtime, digest, user }: PutRequest,
  session: string | null,
): readonly (readonly [string, string])[] {
  return [
    ["Accept", "application/json"],
    ["Content-Type", "application/octet-stream"],
    ["X-OC-Mtime", String(Math.floor(mtime / 1000))],
    ...(range === null ? [] : [["Content-Range", range] as const]),
    ...Object.entries(fieldsOf({ session, user })),
    ...(digest === null ? [] : [["Repr-Digest", digest] as const]),
  ];
}

function answerOf(xhr: XMLHttpRequest): PutAnswer {
  const offset = xhr.getResponseHeader("Upload-Offset");
  return {
    status: xhr.status,
    offset: offset === null ? null : Number(offset),
    digest: xhr.getResponseHeader("Repr-Digest"),
    body: parse(xhr.responseText),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

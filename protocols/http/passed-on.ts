import type { Connection } from "../../src/net/protocol.ts";
import { BANNED, HttpError } from "./wire/http-error.ts";
import type { RequestHead } from "./wire/request-head.ts";

/**
 * The request as its peer has made it: behind a trusted proxy the connection's peer is the one that the proxy tells, and
 * the Host the one that was asked for there.
 * @throws HttpError 403, 503 when that peer may not come in
 */
export function passedOn(head: RequestHead, conn: Connection): RequestHead {
  const passed = conn.passOn?.(head.fields);
  if (passed === undefined) return head;
  if (passed.refused === "banned") throw BANNED;
  if (passed.refused === "busy") throw new HttpError(503, "busy", "you have too many connections; try again later");
  if (passed.hostHeader === undefined) return head;
  return { ...head, fields: new Map(head.fields).set("host", passed.hostHeader) };
}

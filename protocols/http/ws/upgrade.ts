import type { Exchange } from "../exchange.ts";
import { HttpError } from "../wire/http-error.ts";
import type { Reply } from "../wire/reply.ts";

/** RFC 6455, section 1.3. */
const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const KEY = /^[A-Za-z0-9+/]{22}==$/;

/** The answer to a request for a WebSocket, without what it becomes. @throws HttpError 400, 426 */
export function accept(x: Exchange): Omit<Reply, "upgrade"> {
  const key = x.field("sec-websocket-key") ?? "";
  if (x.method !== "GET" || x.body.length !== 0)
    throw new HttpError(400, "bad-request", "a request for a WebSocket is a GET without a body");
  // RFC 9110, section 7.8: in HTTP/1.0 there are no upgrades.
  const may = x.head.minor > 0;
  const wants =
    may && words(x.field("upgrade")).includes("websocket") && words(x.field("connection")).includes("upgrade");
  if (!wants) throw needed("this address is a WebSocket's; ask for an upgrade");
  if (x.field("sec-websocket-version") !== "13") throw needed("only version 13 of WebSockets is spoken here");
  if (!KEY.test(key)) throw new HttpError(400, "bad-request", "Sec-WebSocket-Key must be 16 bytes in base64");
  const proof = new Bun.CryptoHasher("sha1").update(key + MAGIC).digest("base64");
  return {
    status: 101,
    fields: { Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Accept": proof },
    body: null,
  };
}

function words(field: string | undefined): readonly string[] {
  return (field ?? "").toLowerCase().split(/[\t ,]+/);
}

function needed(message: string): HttpError {
  return new HttpError(426, "upgrade-needed", message, {
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Version": "13",
  });
}

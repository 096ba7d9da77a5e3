import { quote } from "../../../src/bytes/text.ts";
import type { Peer } from "../../../src/chat/member.ts";
import { optional, text, yesOrNo } from "../../services/fields.ts";
import type { Position } from "../events/event-text.ts";
import { Feed } from "../events/feed.ts";
import { RoomEvents } from "../events/room-events.ts";
import type { Exchange } from "../exchange.ts";
import type { HttpHost } from "../host.ts";
import type { Handler, Params, Route } from "../routes.ts";
import { decodePart } from "../wire/decode-part.ts";
import { HttpError } from "../wire/http-error.ts";
import { json, type Reply } from "../wire/reply.ts";
import { granted } from "./chat-refusal.ts";
import { readJson } from "./json-body.ts";
import { wholeNumber } from "./query.ts";

const words = { text, name: optional(text), action: optional(yesOrNo) };

/** Posts of one peer that the flood limit may hold up, each with its connection. */
const MOST_WAITING = 64;
const LATER_S = 10;

const POSITION = /^(?:([\w-]{1,32}):)?(\d{1,15})$/;
const EVENT_STREAM = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store",
  // nginx would gather them otherwise.
  "X-Accel-Buffering": "no",
};

/** The chat for programs that come with every word anew. */
export function roomRoutes({ hub, allow, clock }: HttpHost): readonly Route[] {
  const chat = hub.outside;
  const feed = new Feed(chat, clock);

  const refuseHaste = (peer: Peer): void => {
    if (chat.waitingOf(peer) < MOST_WAITING) return;
    throw new HttpError(429, "too-many", "too many messages wait already; send them slower", {
      "Retry-After": `${LATER_S}`,
    });
  };

  const rooms = (x: Exchange): Reply => {
    const after = x.query.get("after");
    return json(granted(chat.rooms({ ...wholeNumber(x, "limit", 1), ...(after !== null && { after }) })));
  };

  const messages = async (x: Exchange, params: Params): Promise<Reply> => {
    const range = { ...wholeNumber(x, "before", 0), ...wholeNumber(x, "after", 0), ...wholeNumber(x, "limit", 1) };
    return json(granted(await chat.history(roomOf(params), range)));
  };

  const search = async (x: Exchange, params: Params): Promise<Reply> => {
    const query = { ...wholeNumber(x, "before", 0), ...wholeNumber(x, "limit", 1) };
    const text = x.query.get("text");
    if (text === null) throw new HttpError(400, "bad-request", "say what to look for, as in ?text=hello");
    const { key: peer } = x.peer;
    refuseHaste(peer);
    return json(granted(await chat.search(roomOf(params), { text, ...query }, peer)));
  };

  const say = async (x: Exchange, params: Params): Promise<Reply> => {
    const room = roomOf(params);
    const { action = false, ...said } = await readJson(x, "a message", words);
    const { key: peer } = x.peer;
    refuseHaste(peer);
    const kind = action ? "action" : "message";
    // Who hears of no answer tries again, and would have said it twice.
    const gone = () => x.conn.state === "closed";
    return json(granted(await chat.post({ room, kind, usual: x.visitor.account, peer, gone, ...said })), 201);
  };

  const follow = (x: Exchange, params: Params): Reply => {
    const { room } = granted(chat.state(roomOf(params)));
    return { status: 200, fields: EVENT_STREAM, body: new RoomEvents(feed, room, positionOf(x)) };
  };

  /** Nobody reads or speaks where there is no chat. */
  const chatting =
    (handler: Handler): Handler =>
    (x, params) => {
      if (!allow.chat) throw new HttpError(403, "denied", "there is no chat here");
      return handler(x, params);
    };

  return [
    { path: "/api/rooms", methods: { GET: chatting(rooms) } },
    { path: "/api/rooms/:room/messages", methods: { GET: chatting(messages), POST: chatting(say) } },
    { path: "/api/rooms/:room/search", methods: { GET: chatting(search) } },
    { path: "/api/rooms/:room/events", methods: { GET: chatting(follow) } },
  ];
}

/** In an address a room stands without its `#`, which would begin a fragment there. @throws HttpError 400 */
function roomOf({ room = "" }: Params): string {
  const name = decodePart(room);
  if (name !== null) return `#${name}`;
  throw new HttpError(400, "bad-request", `${quote(room)} is not UTF-8 with % and two hex digits for each odd byte`);
}

/** Behind which event a follower wants to go on. A browser that comes back says it by itself. @throws HttpError 400 */
function positionOf(x: Exchange): Position | null {
  const given = x.field("last-event-id") ?? x.query.get("after");
  if (given === null || given === "") return null;
  const [, epoch = "", seq] = POSITION.exec(given) ?? [];
  if (seq !== undefined) return { epoch, seq: Number(seq) };
  throw new HttpError(400, "bad-request", `${quote(given)} is the id of no event; they are as in "k3:41"`);
}

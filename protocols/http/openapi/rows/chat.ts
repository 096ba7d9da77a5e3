import { header, jsonOf, needed, type Parameter, query, type Row, text, whole } from "../row.ts";

const room: Parameter = {
  name: "room",
  in: "path",
  says: "the room's name without its #, percent-encoded",
  schema: text,
  example: "lobby",
};
const denied = { 403: ["denied"] };

/** The chat from outside. */
export const chatRows: readonly Row[] = [
  {
    path: "/api/rooms",
    method: "GET",
    id: "rooms",
    tag: "Chat",
    does: "The rooms, by name",
    parameters: [query("after", "the `next` of the page before", text), query("limit", "rooms of a page", whole(1))],
    answers: { 200: { says: "A page of rooms", body: jsonOf("Rooms") } },
    errors: { 400: ["bad-request"], ...denied },
    curl: "curl BASE/api/rooms",
  },
  {
    path: "/api/rooms/{room}/messages",
    method: "GET",
    id: "messages",
    tag: "Chat",
    does: "What was said in a room",
    more: "The newest, or with `after` those that follow; at most 256 KiB.",
    parameters: [
      room,
      query("before", "only what was said before this seq", whole(0)),
      query("after", "only what was said after this seq", whole(0)),
      query("limit", "events of a page", whole(1), 50),
    ],
    answers: { 200: { says: "A page of history", body: jsonOf("Page") } },
    errors: { 400: ["bad-request"], ...denied, 404: ["no-such-room"] },
    curl: "curl 'BASE/api/rooms/lobby/messages?limit=50'",
  },
  {
    path: "/api/rooms/{room}/messages",
    method: "POST",
    id: "say",
    tag: "Chat",
    does: "Say something in a room",
    more: "Nobody is seen to enter. What comes too fast waits; while 64 of one address wait, the next is refused.",
    parameters: [room],
    body: jsonOf("Words"),
    answers: { 201: { says: "Said, with its number", body: jsonOf("Said") } },
    errors: {
      400: ["bad-json", "bad-request", "bad-name", "bad-text"],
      403: ["denied", "foreign-origin"],
      404: ["no-such-room"],
      409: ["name-taken", "name-reserved"],
      413: ["too-large", "text-too-long"],
      415: ["bad-type"],
      429: ["too-many"],
    },
    curl: `curl -H 'Content-Type: application/json' -d '{"text":"hello"}' BASE/api/rooms/lobby/messages`,
  },
  {
    path: "/api/rooms/{room}/search",
    method: "GET",
    id: "search",
    tag: "Chat",
    does: "What was said in a room with certain words in it",
    more: "Where history is kept. All the words, in any order and case, with or without accents, newest first; go on with `next` as `before`.",
    parameters: [
      room,
      needed(query("text", "the words, at most 390 bytes of UTF-8", text, "hello")),
      query("before", "only what was said before this seq", whole(0)),
      query("limit", "events of a page", whole(1), 50),
    ],
    answers: { 200: { says: "A page of what was found", body: jsonOf("Page") } },
    errors: {
      400: ["bad-request", "bad-text"],
      ...denied,
      404: ["no-such-room", "no-history"],
      413: ["text-too-long"],
      429: ["too-many"],
    },
    curl: "curl 'BASE/api/rooms/lobby/search?text=hello'",
  },
  {
    path: "/api/rooms/{room}/events",
    method: "GET",
    id: "follow",
    tag: "Chat",
    does: "What happens in a room, as it happens",
    more:
      "Server-sent events. `room` comes first and says where the room stands, then `message`, `action`, `topic`, `join`, " +
      "`part`, `quit`, `name` and `notice` as they come, each with JSON as its data. Those with a number have " +
      "`id: EPOCH:SEQ`; `gap` tells of numbers that nobody remembers, and `bye` of the end.",
    parameters: [
      room,
      query("after", "go on behind this event: EPOCH:SEQ, or SEQ", text),
      header("Last-Event-ID", "the same, as browsers say it when they come back", "k3:41"),
    ],
    answers: { 200: { says: "Events without end", body: { type: "text/event-stream", schema: { type: "string" } } } },
    errors: { 400: ["bad-request"], ...denied, 404: ["no-such-room"] },
    curl: "curl -N BASE/api/rooms/lobby/events",
  },
  {
    path: "/ws",
    method: "GET",
    id: "webSocket",
    tag: "Chat",
    does: "A WebSocket that speaks the framed door's messages",
    more: "JSON as text messages, chunks of files as binary ones; the first is a hello.",
    parameters: [
      needed(header("Connection", "Upgrade", "Upgrade")),
      needed(header("Upgrade", "websocket", "websocket")),
      needed(header("Sec-WebSocket-Key", "16 bytes in base64", "AAAAAAAAAAAAAAAAAAAAAA==")),
      needed(header("Sec-WebSocket-Version", "13", "13")),
    ],
    answers: { 101: { says: "From here on a WebSocket" } },
    errors: { 400: ["bad-request"], 403: ["foreign-origin"], 426: ["upgrade-needed"] },
    curl:
      "curl -i -N -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' " +
      "-H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' BASE/ws",
  },
];

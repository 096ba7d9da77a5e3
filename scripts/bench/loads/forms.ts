/**
 * One step of coming in: what is sent, bytes as latin1, and what the answer holds once the next may follow; null:
 * nothing is awaited.
 */
export interface Step {
  readonly send: string;
  readonly until: string | null;
}

/** How one chats over a protocol. Lines end in LF, with or without CR; what is said ends its line as it was sent. */
export interface ChatForm {
  /** Takes part in a room under a name. */
  enter(room: string, name: string): readonly Step[];
  /** Is there, without being in a room. */
  register(name: string): readonly Step[];
  /** Says `text` in the room. */
  say(room: string, text: string): string;
  /** How a room is written. */
  room(word: string): string;
  /** What stands behind a text when it is heard; without it a line's end. */
  readonly ending?: string;
}

/** The line door of tincan: everybody who connects is in `#lobby`, and is greeted. */
export const line: ChatForm = {
  enter: () => [{ send: "", until: "/help" }],
  register: () => [{ send: "", until: "/help" }],
  say: (_, text) => `${text}\n`,
  room: () => "#lobby",
};

/** The same without a greeting: whoever connects takes part. */
export const silentLine: ChatForm = { ...line, enter: () => [], register: () => [] };

/** IRC (RFC 2812). 376 and 422 end the greeting, 366 the names of a channel. */
export const irc: ChatForm = {
  enter: (room, name) => [...irc.register(name), { send: `JOIN ${room}\r\n`, until: " 366 " }],
  register: (name) => [{ send: `NICK ${name}\r\nUSER bench 0 * :bench\r\n`, until: " 376 " }],
  say: (room, text) => `PRIVMSG ${room} :${text}\r\n`,
  room: (word) => `#${word}`,
};

/** The client protocol of NATS. */
export const nats: ChatForm = {
  enter: (room) => [{ send: `CONNECT {"verbose":false}\r\nSUB ${room} 1\r\nPING\r\n`, until: "PONG" }],
  register: () => nats.enter("idle", ""),
  say: (room, text) => `PUB ${room} ${text.length}\r\n${text}\r\n`,
  room: (word) => word,
};

/** The WebSocket of tincan: a text frame for each JSON message, in a mask that changes nothing (RFC 6455, section 5.3). */
export const webSocket: ChatForm = {
  enter: (_, name) => [
    { send: UPGRADE, until: "\r\n\r\n" },
    { send: textFrame({ op: "hello", v: 1, service: "chat", name, id: 1 }), until: '"ok":true' },
  ],
  register: (name) => webSocket.enter("", name),
  say: (room, text) => textFrame({ op: "say", room, text }),
  room: () => "#lobby",
  ending: '","time"',
};

const UPGRADE = [
  "GET /ws HTTP/1.1",
  "Host: 127.0.0.1",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "\r\n",
].join("\r\n");

/** Of ASCII alone, 126 bytes to 64 KiB or less than that. */
function textFrame(message: object): string {
  const json = JSON.stringify(message);
  const { length } = json;
  const head = length < 126 ? [0x81, 0x80 | length] : [0x81, 0xfe, length >> 8, length & 0xff];
  return `${String.fromCharCode(...head, 0, 0, 0, 0)}${json}`;
}

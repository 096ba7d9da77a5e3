/**
 * How much of everything the chat takes. The hub checks them, so that no door is a way around them. Texts are counted
 * in UTF-8 bytes; what is over is refused, never cut.
 */
export const chatLimits = {
  message: 4_000,
  topic: 390,
  /** Words to look for. */
  search: 390,
  name: 64,
  /** Code points of a name, beside its bytes. */
  nameCharacters: 32,
  /** With its `#`. */
  room: 64,
  /** In the whole hub, `#lobby` among them. */
  rooms: 256,
  roomsPerMember: 64,
  /** Bytes of JSON in one page of an answer that is a list. */
  page: 256 * 1024,
  /** In a room with more members, comings and goings are summed up once a second. */
  crowd: 100,
  /** Events of a room that are remembered in memory. */
  history: 200,
} as const;

/*
 * What the framed door says (protocols/framed/README.md), read without trust: the far end may be anything.
 */

/** A JSON object off the wire whose fields nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** The answer to a request. */
export type Answer = Fields & { readonly ok: true };

/** What the server says unasked. */
export type WireEvent = Fields & { readonly event: string };

/** An event that a room numbers. */
export interface RoomEvent extends Fields {
  readonly event: "message" | "action" | "topic";
  readonly room: string;
  readonly from: string;
  readonly text: string;
  readonly epoch: string;
  readonly seq: number;
}

/** A request that the server refused: its closed `code`, and its sentence for people. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A field that is text; anything else is as good as missing. */
export function textOf(fields: Fields, key: string): string {
  const value = fields[key];
  return typeof value === "string" ? value : "";
}

/** A field that is a number; anything else is null. */
export function numberOf(fields: Fields, key: string): number | null {
  const value = fields[key];
  return typeof value === "number" ? value : null;
}

/** The objects of a field that is a list of them. */
export function listOf(fields: Fields, key: string): readonly Fields[] {
  const value = fields[key];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The texts of a field that is a list of them. */
export function textsOf(fields: Fields, key: string): readonly string[] {
  const value = fields[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The object in a frame's body; null when it is none. */
export function parseFields(body: Uint8Array): Fields | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8"));
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

export function isWireEvent(fields: Fields): fields is WireEvent {
  return typeof fields["event"] === "string";
}

/** Whether an event belongs into a room's numbered history, with all that this needs. */
export function isRoomEvent(fields: Fields): fields is RoomEvent {
  const { event, seq } = fields;
  if (event !== "message" && event !== "action" && event !== "topic") return false;
  return Number.isSafeInteger(seq) && ["room", "from", "text", "epoch"].every((key) => typeof fields[key] === "string");
}

/** The refusal in an answer that is not ok. */
export function refusalOf(fields: Fields): Refused {
  const error = fields["error"];
  if (!isFields(error)) return new Refused("", "the server refused without a reason");
  return new Refused(textOf(error, "code"), textOf(error, "message"));
}

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

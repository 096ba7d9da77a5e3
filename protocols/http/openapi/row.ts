/** A JSON schema, or the name of one in {@link schemas}. */
export type Schema = string | Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly says: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly example?: string | number;
  readonly required?: boolean;
}

export interface Body {
  readonly type: string;
  readonly schema: Schema;
}

/** An answer that is no error: what it means, and its body where it has one, or one of several. */
export interface Answer {
  readonly says: string;
  readonly body?: Body | readonly Body[];
}

/** One thing that can be done at an address, described. */
export interface Row {
  readonly path: string;
  readonly method: string;
  readonly id: string;
  readonly tag: Tag;
  readonly does: string;
  readonly more?: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: Body;
  readonly answers: Readonly<Record<number, Answer>>;
  /** The codes of errors by status. */
  readonly errors?: Readonly<Record<number, readonly string[]>>;
  /** A command to paste; `BASE` stands for the server's address. */
  readonly curl: string;
}

export type Tag = "Who you are" | "Chat" | "Files" | "Operations";

export const TAGS: Readonly<Record<Tag, string>> = {
  "Who you are": "Logins by Basic or by a cookie, and what they allow.",
  Chat: "Read, speak and follow without entering the room. A room is named without its #.",
  Files: "The files that are shared, the same that FTP and the framed door show.",
  Operations: "How the server is. Marked ones answer the loopback and accounts that may admin.",
};

export const JSON_TYPE = "application/json";

/** JSON of a schema. */
export function jsonOf(schema: Schema): Body {
  return { type: JSON_TYPE, schema };
}

export function query(name: string, says: string, schema: Parameter["schema"], example?: string | number): Parameter {
  return { name, in: "query", says, schema, ...(example !== undefined && { example }) };
}

export function header(name: string, says: string, example?: string): Parameter {
  return { name, in: "header", says, schema: { type: "string" }, ...(example !== undefined && { example }) };
}

/** The same, where nothing is done without it. */
export function needed(parameter: Parameter): Parameter {
  return { ...parameter, required: true };
}

export const whole = (minimum: number, maximum?: number) => ({
  type: "integer",
  minimum,
  ...(maximum !== undefined && { maximum }),
});
export const text = { type: "string" };

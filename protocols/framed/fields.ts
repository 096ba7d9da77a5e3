import { quote } from "../../src/bytes/text.ts";
import type { JsonObject } from "./json.ts";
import type { ErrorCode, WireError } from "./messages.ts";

/** A request that is refused before anybody carries it out. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }

  get wire(): WireError {
    return { code: this.code, message: this.message };
  }
}

export type FieldKind = "text" | "count" | "switch";

/** The fields of a request; `?` marks those that may be absent. */
export type FieldTable = Readonly<Record<string, FieldKind | `${FieldKind}?`>>;

const LARGEST_ID = 2 ** 32 - 1;

const checks: Readonly<Record<FieldKind, { is(value: unknown): boolean; readonly what: string }>> = {
  text: { is: (value) => typeof value === "string", what: "a text" },
  count: { is: (value) => Number.isSafeInteger(value) && (value as number) >= 0, what: "a whole number from 0" },
  switch: { is: (value) => typeof value === "boolean", what: "true or false" },
};

/** The fields that the table names and the message has, with their types checked. Others are ignored. @throws RequestError */
export function pick(op: string, message: JsonObject, table: FieldTable): JsonObject {
  const picked: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(table)) {
    const value = message[name];
    const optional = spec.endsWith("?");
    if (value === undefined || (value === null && optional)) {
      if (optional) continue;
      throw new RequestError("bad-request", `${op} needs the field ${quote(name)}`);
    }
    const check = checks[(optional ? spec.slice(0, -1) : spec) as FieldKind];
    if (!check.is(value))
      throw new RequestError("bad-request", `the field ${quote(name)} of ${op} must be ${check.what}`);
    picked[name] = value;
  }
  return picked;
}

/** The id of a request, undefined when it has none. @throws RequestError */
export function idOf(message: JsonObject): number | undefined {
  const { id } = message;
  if (id === undefined) return undefined;
  if (Number.isInteger(id) && (id as number) >= 0 && (id as number) <= LARGEST_ID) return id as number;
  throw new RequestError("bad-id", `an id is a whole number from 0 to ${LARGEST_ID}`);
}

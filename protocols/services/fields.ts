import { escapeText } from "../../src/bytes/text.ts";
import type { Fields } from "./json.ts";
import { MOST_ID } from "./messages.ts";

/** What a field of a request must be. */
export interface Field<T, Optional extends boolean = boolean> {
  /** As in `"limit" must be …`. */
  readonly what: string;
  readonly optional: Optional;
  accepts(value: unknown): value is T;
}

export type FieldTable = Readonly<Record<string, Field<unknown>>>;

type Checked<F> = F extends Field<infer T> ? T : never;

/** The values of a table's fields; those that are optional and were not sent are absent. */
export type FieldValues<F extends FieldTable> = {
  readonly [K in keyof F as F[K] extends Field<unknown, false> ? K : never]: Checked<F[K]>;
} & { readonly [K in keyof F as F[K] extends Field<unknown, false> ? never : K]?: Checked<F[K]> };

/** A field is missing or is not what it must be. `message` is a sentence for the sender, with peer text escaped. */
export class FieldError extends Error {
  override readonly name = "FieldError";
}

export const text: Field<string, false> = {
  what: "a text",
  optional: false,
  accepts: (value) => typeof value === "string",
};

/** A text of at most so many UTF-16 units, for what is kept for a while. */
export function textUpTo(most: number): Field<string, false> {
  return {
    what: `a text of at most ${most} characters`,
    optional: false,
    accepts: (value): value is string => typeof value === "string" && value.length <= most,
  };
}

export const yesOrNo: Field<boolean, false> = {
  what: "true or false",
  optional: false,
  accepts: (value) => typeof value === "boolean",
};

/** A whole number that JSON numbers can say exactly. */
export function wholeNumber(min: number): Field<number, false> {
  return {
    what: `a whole number from ${min}`,
    optional: false,
    accepts: (value): value is number => Number.isSafeInteger(value) && (value as number) >= min,
  };
}

/** Any whole number that JSON numbers can say exactly. */
export const integer: Field<number, false> = { ...wholeNumber(Number.MIN_SAFE_INTEGER), what: "a whole number" };

/** One of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): Field<T, false> {
  return {
    what: words.map((word) => `"${word}"`).join(" or "),
    optional: false,
    accepts: (value): value is T => words.some((word) => word === value),
  };
}

/** The id of another request. */
export const otherId: Field<number, false> = {
  what: `the id of a request, a whole number from 0 to ${MOST_ID}`,
  optional: false,
  accepts: (value): value is number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_ID,
};

/** A SHA-256 in hex. */
export const sha256: Field<string, false> = {
  what: "a SHA-256 in 64 hex digits",
  optional: false,
  accepts: (value): value is string => typeof value === "string" && /^[0-9a-fA-F]{64}$/.test(value),
};

/** The version of the protocol; which ones are spoken is not for the field to say. */
export const version: Field<number, false> = { ...wholeNumber(0), what: "the version, which is 1" };

/** The same field, which may be left out or be null. */
export function optional<T>(field: Field<T>): Field<T, true> {
  return { ...field, optional: true };
}

/** As much of a wrong value as is shown. */
const SHOWN = 40;

/** Picks a request's known fields; others are ignored. @throws FieldError */
export function readFields<F extends FieldTable>(op: string, table: F, fields: Fields): FieldValues<F> {
  const values: Record<string, unknown> = {};
  for (const key in table) {
    const field: Field<unknown> | undefined = table[key];
    const value = Object.hasOwn(fields, key) ? (fields[key] ?? undefined) : undefined;
    if (field === undefined || (value === undefined && field.optional)) continue;
    if (value === undefined) throw new FieldError(`${op} needs "${key}", ${field.what}`);
    if (!field.accepts(value)) throw new FieldError(`"${key}" must be ${field.what}, not ${shown(value)}`);
    values[key] = value;
  }
  return values as FieldValues<F>;
}

/** A JSON value that is not what it must be, safe to show. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return escapeText(json.length > SHOWN ? `${json.slice(0, SHOWN)}…` : json);
}

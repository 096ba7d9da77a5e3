import { isUtf8 } from "node:buffer";
import { escapeText } from "../../src/bytes/text.ts";

/** The largest JSON body in bytes, and how deep its objects and arrays may be nested, the outermost counted. */
export const jsonLimits = { bytes: 64 * 1024, depth: 8 } as const;

/** A JSON object whose fields nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** A body is not a JSON object within the limits. `message` is a sentence for its sender, with peer text escaped. */
export class JsonError extends Error {
  override readonly name = "JsonError";
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** As much of the parser's own words as is shown. */
const MOST_WORDS = 80;

/** Whether a body may be a JSON object: it begins with a brace. */
export function isObjectLike(body: Uint8Array): boolean {
  return body[0] === OPEN_BRACE;
}

/** Reads a JSON object. Its size and depth are checked before it is parsed. @throws JsonError */
export function readObject(body: Uint8Array): Fields {
  if (body.length > jsonLimits.bytes) {
    throw new JsonError(`${body.length} bytes of JSON are too many; the limit is ${jsonLimits.bytes}`);
  }
  if (isTooDeep(body)) throw new JsonError(`this JSON is nested more than ${jsonLimits.depth} deep`);
  if (!isUtf8(body)) throw new JsonError("this is not UTF-8, so it is not JSON");
  const value = parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8"));
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new JsonError("this is JSON, but not an object; a request is one object");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/^JSON Parse error: /, "") : "";
    throw new JsonError(`this is not JSON (${escapeText(words.slice(0, MOST_WORDS))})`);
  }
}

/** Counts braces and brackets outside of strings. What is no JSON may be counted wrongly, and is refused by the parser. */
function isTooDeep(body: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > jsonLimits.depth) return true;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
  }
  return false;
}

/** The largest JSON text in a frame, in bytes, and how deep it may nest: parsing costs the server time and memory. */
export const MAX_JSON = 64 * 1024;
const MAX_DEPTH = 8;

const OPEN_BRACE = 0x7b;
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A JSON object off the wire, of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A body that is no JSON object within the limits; the message says why. */
export class JsonError extends Error {
  override readonly name = "JsonError";
}

/** Whether a body can be a JSON object at all: it begins with `{`. Costs nothing for those that are not. */
export function mayBeObject(body: Uint8Array): boolean {
  return body[0] === OPEN_BRACE && body.length <= MAX_JSON;
}

/** @throws JsonError */
export function parseObject(body: Uint8Array): JsonObject {
  if (body.length > MAX_JSON) throw new JsonError(`the JSON has ${body.length} bytes; the limit is ${MAX_JSON}`);
  const depth = depthOf(body);
  if (depth > MAX_DEPTH) throw new JsonError(`the JSON is nested deeper than ${MAX_DEPTH} levels`);
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(body));
  } catch (error) {
    throw new JsonError(error instanceof SyntaxError ? "this is not JSON" : "this is not UTF-8");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new JsonError('a request is a JSON object, such as {"op":"ping","id":1}');
  }
  return value as JsonObject;
}

/** How deep brackets nest outside of strings; counted on the bytes, before anything is built from them. */
function depthOf(body: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return deepest;
}

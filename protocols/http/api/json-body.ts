import { quote } from "../../../src/bytes/text.ts";
import { FieldError, type FieldTable, type FieldValues, readFields } from "../../services/fields.ts";
import { JsonError, jsonLimits, readObject } from "../../services/json.ts";
import type { Exchange } from "../exchange.ts";
import { HttpError } from "../wire/http-error.ts";

const JSON_TYPE = /^application\/json[\t ]*(?:;|$)/i;

/**
 * The fields of a request whose body is a JSON object, checked as at the framed door. The type must be said: a form of
 * another site's page cannot say it (CSRF). A body that is packed is refused, because it may unpack to anything.
 * Rejects with an {@link HttpError} 400, 413 or 415.
 * @param what what is asked, as refusals name it: "login"
 */
export async function readJson<F extends FieldTable>(x: Exchange, what: string, table: F): Promise<FieldValues<F>> {
  const type = x.field("content-type");
  if (type === undefined || !JSON_TYPE.test(type)) {
    const given = type === undefined ? "a body without a type" : quote(type, 40);
    throw badType(`${given} is not taken here; send Content-Type: application/json`);
  }
  const coding = x.field("content-encoding");
  if (coding !== undefined && coding.toLowerCase() !== "identity")
    throw badType(`a body in ${quote(coding, 40)} is not unpacked here; send it as it is`);
  const body = await x.body.bytes(jsonLimits.bytes);
  try {
    return readFields(what, table, readObject(body));
  } catch (error) {
    if (error instanceof JsonError) throw new HttpError(400, "bad-json", error.message);
    if (error instanceof FieldError) throw new HttpError(400, "bad-request", error.message);
    throw error;
  }
}

function badType(message: string): HttpError {
  return new HttpError(415, "bad-type", message);
}

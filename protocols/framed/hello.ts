import { quote } from "../../src/bytes/text.ts";
import { type FieldTable, pick, RequestError } from "./fields.ts";
import type { FramedHost } from "./host.ts";
import { JsonError, type JsonObject, mayBeObject, parseObject } from "./json.ts";
import { type ServiceName, VERSION } from "./messages.ts";

const fields: FieldTable = {
  v: "count",
  service: "text",
  name: "text?",
  room: "text?",
  session: "text?",
  echo: "switch?",
};

/** A hello whose fields have been checked. */
export interface CheckedHello {
  readonly service: ServiceName;
  readonly name?: string;
  readonly room?: string;
  readonly session?: string;
  readonly echo?: boolean;
}

/** Whether a first body chooses a service; anything else is echoed. */
export function looksLikeHello(body: Uint8Array): boolean {
  if (!mayBeObject(body)) return false;
  try {
    return parseObject(body)["op"] === "hello";
  } catch (error) {
    if (error instanceof JsonError) return false;
    throw error;
  }
}

/** @throws RequestError when this server cannot serve it */
export function checkHello(message: JsonObject, allow: FramedHost["allow"]): CheckedHello {
  const { v, service, ...rest } = pick("hello", message, fields);
  if (v !== VERSION) throw new RequestError("bad-version", `this server speaks version ${VERSION}, not ${v}`);
  if (service !== "chat" && service !== "echo") {
    throw new RequestError("unknown-service", `there is no service ${quote(String(service))}; known are chat and echo`);
  }
  if (!allow[service]) throw new RequestError("denied", `${service} is not allowed here`);
  if (message["user"] !== undefined || message["password"] !== undefined) {
    throw new RequestError("no-accounts", "this server has no accounts; say hello without user and password");
  }
  // The table has these fields with these types.
  return { service, ...(rest as Omit<CheckedHello, "service">) };
}

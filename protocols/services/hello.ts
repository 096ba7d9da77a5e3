import type { Gate } from "../../src/accounts/gate.ts";
import type { Hub } from "../../src/chat/hub.ts";
import type { Vault } from "../../src/files/vault.ts";
import { type FieldTable, type FieldValues, optional, text, version, yesOrNo } from "./fields.ts";
import { isObjectLike, JsonError, readObject } from "./json.ts";
import { type Hello, type ServiceName, VERSION, type Welcome } from "./messages.ts";

/** What a hello needs of the door. */
export interface HelloHost {
  readonly hub: Hub;
  readonly gate: Gate;
  /** Null: no files are shared. */
  readonly vault: Vault | null;
  /** `tincan/0.1.0` */
  readonly server: string;
  /** The largest body in bytes. */
  readonly maxFrame: number;
  readonly allow: { readonly chat: boolean; readonly echo: boolean };
}

/** The fields of a hello. */
export const helloFields = {
  v: version,
  service: text,
  name: optional(text),
  room: optional(text),
  session: optional(text),
  echo: optional(yesOrNo),
  user: optional(text),
  password: optional(text),
} satisfies Record<keyof Omit<Hello, "op">, FieldTable[string]>;

export type HelloFields = FieldValues<typeof helloFields>;

const OP_HELLO = /"op"\s*:\s*"hello"/;

/**
 * Whether a connection's first body is a hello: a JSON object with `"op":"hello"`. One that is broken, too large or too
 * deep, and says so all the same, is one too: it is refused, and not echoed.
 */
export function saysHello(body: Uint8Array): boolean {
  if (!isObjectLike(body)) return false;
  try {
    return readObject(body)["op"] === "hello";
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return OP_HELLO.test(Buffer.from(body.buffer, body.byteOffset, body.length).toString("latin1"));
  }
}

/** The answer to a hello that is granted. */
export function welcome(
  host: HelloHost,
  service: ServiceName,
  seat: Pick<Welcome, "name" | "session" | "rooms"> = {},
): Welcome {
  return { ok: true, v: VERSION, server: host.server, service, ...seat, limits: { frame: host.maxFrame } };
}

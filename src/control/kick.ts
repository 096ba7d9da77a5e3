import { quote } from "../bytes/text.ts";
import { nameKeys } from "../chat/names.ts";
import { isOf, parseNetwork } from "../net/by-network.ts";
import type { SocketConnection } from "../net/connection.ts";
import type { Runtime } from "../net/runtime.ts";
import { ControlError, type Fields } from "./op.ts";

/** As much as others are told of why somebody left. */
const MOST_REASON = 200;
/** Names have 64 bytes at most. */
const MOST_NAME = 64;
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Ends the connections of a member, an account, an address or a network, on all doors: `{"who":"bob","reason":"spam"}`
 * gives `{"ended":1}`. A name means who has exactly it, else whoever has one that looks the same.
 */
export function kick(runtime: Runtime, fields: Fields): { readonly ended: number } {
  const { who, reason = "" } = fields;
  if (typeof who !== "string" || who === "") throw new ControlError("say whom: a name, an account or an address");
  const detail = checkReason(reason);
  const found = connectionsOf(runtime, who);
  for (const conn of found) conn.kick(detail);
  return { ended: found.length };
}

function checkReason(reason: unknown): string {
  if (typeof reason !== "string" || CONTROLS.test(reason) || !reason.isWellFormed())
    throw new ControlError("the reason must be one line of text");
  if (Buffer.byteLength(reason) > MOST_REASON)
    throw new ControlError(`the reason ${quote(reason, 20)} is too long; give at most ${MOST_REASON} bytes`);
  return reason.trim();
}

function connectionsOf(runtime: Runtime, who: string): readonly SocketConnection[] {
  const open = [...runtime.connections()].filter(({ state }) => state === "open");
  const network = parseNetwork(who);
  // An account may be called 10.0.0.5.
  if (network !== null) return open.filter((conn) => isOf(network, conn.host) || namesOf(conn).includes(who));
  const exactly = open.filter((conn) => namesOf(conn).includes(who));
  if (exactly.length > 0 || who.length > MOST_NAME) return exactly;
  const [key] = nameKeys(who);
  return open.filter((conn) => namesOf(conn).some((name) => nameKeys(name)[0] === key));
}

function namesOf({ who }: SocketConnection): readonly string[] {
  return [who?.name, who?.account].filter((name) => typeof name === "string");
}

import { closest, distance } from "fastest-levenshtein";
import { quote } from "../../src/bytes/text.ts";
import type { Command } from "../../src/chat/command.ts";
import { type FieldTable, pick, RequestError } from "./fields.ts";
import type { JsonObject } from "./json.ts";

/** A request of the chat: its fields, and whether what it returns makes an id necessary. */
interface Request {
  readonly fields: FieldTable;
  readonly needsId: (message: JsonObject) => boolean;
}

const never = () => false;
const always = () => true;

/** Every op that the hub carries out; the fields are the hub's own. */
const requests: Readonly<Record<Command["op"], Request>> = {
  say: { fields: { room: "text", text: "text" }, needsId: never },
  act: { fields: { room: "text", text: "text" }, needsId: never },
  tell: { fields: { to: "text", text: "text" }, needsId: never },
  join: { fields: { room: "text" }, needsId: never },
  part: { fields: { room: "text" }, needsId: never },
  name: { fields: { name: "text" }, needsId: never },
  topic: { fields: { room: "text", topic: "text?" }, needsId: ({ topic }) => typeof topic !== "string" },
  who: { fields: { room: "text", after: "text?", limit: "count?" }, needsId: always },
  rooms: { fields: { after: "text?", limit: "count?" }, needsId: always },
  history: { fields: { room: "text", before: "count?", after: "count?", limit: "count?" }, needsId: always },
  ping: { fields: {}, needsId: never },
};

/** The ops of the chat service, for the README's table and for suggestions. */
export const ops: readonly string[] = ["hello", ...Object.keys(requests)];

/** A message as a command for the hub. @throws RequestError */
export function toCommand(op: string, message: JsonObject, hasId: boolean): Command {
  if (!isOp(op)) throw unknownOp(op);
  const { fields, needsId } = requests[op];
  if (!hasId && needsId(message)) {
    throw new RequestError("id-missing", `${op} returns something, so it needs an id`);
  }
  // The table has the fields of each command with their types, so what was picked is one.
  return { op, ...pick(op, message, fields) } as unknown as Command;
}

function isOp(op: string): op is Command["op"] {
  return Object.hasOwn(requests, op);
}

function unknownOp(op: string): RequestError {
  const near = closest(op, ops);
  const hint = distance(op, near) <= 2 ? `; did you mean ${near}` : `; known are ${ops.join(" ")}`;
  return new RequestError("unknown-op", `there is no op ${quote(op)}${hint}`);
}

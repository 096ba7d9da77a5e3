import { quote } from "../../src/bytes/text.ts";
import type { Command, Reply } from "../../src/chat/command.ts";
import type { Seat } from "../../src/chat/member.ts";
import { nearest } from "../../src/nearest.ts";
import { type FieldTable, type FieldValues, optional, readFields, text, wholeNumber } from "./fields.ts";
import type { Fields } from "./json.ts";

type Answer = Reply | Promise<Reply>;

/** A request of the chat as data: its fields with their checks, and what it asks of the hub. */
export interface ChatRequest {
  readonly fields: FieldTable;
  /** Whether its answer is all there is to it, so that it must have an id. */
  needsId(fields: Fields): boolean;
  /** @throws FieldError before anything is done */
  submit(seat: Seat, fields: Fields): Answer;
}

function request<F extends FieldTable>(
  op: Command["op"],
  fields: F,
  submit: (seat: Seat, values: FieldValues<F>) => Answer,
  needsId: ChatRequest["needsId"] = () => false,
): ChatRequest {
  return { fields, needsId, submit: (seat, sent) => submit(seat, readFields(op, fields, sent)) };
}

const always = () => true;
const page = { after: optional(text), limit: optional(wholeNumber(1)) };

/** The requests of the chat by their op. */
export const requests: Readonly<Record<Command["op"], ChatRequest>> = {
  say: request("say", { room: text, text }, (seat, values) => seat.submit({ op: "say", ...values })),
  act: request("act", { room: text, text }, (seat, values) => seat.submit({ op: "act", ...values })),
  tell: request("tell", { to: text, text }, (seat, values) => seat.submit({ op: "tell", ...values })),
  join: request("join", { room: text }, (seat, values) => seat.submit({ op: "join", ...values })),
  part: request("part", { room: text }, (seat, values) => seat.submit({ op: "part", ...values })),
  name: request("name", { name: text }, (seat, values) => seat.submit({ op: "name", ...values })),
  topic: request(
    "topic",
    { room: text, topic: optional(text) },
    (seat, values) => seat.submit({ op: "topic", ...values }),
    // To read it is to ask; to set it is not.
    ({ topic }) => topic === undefined || topic === null,
  ),
  who: request("who", { room: text, ...page }, (seat, values) => seat.submit({ op: "who", ...values }), always),
  rooms: request("rooms", page, (seat, values) => seat.submit({ op: "rooms", ...values }), always),
  history: request(
    "history",
    {
      room: text,
      before: optional(wholeNumber(0)),
      after: optional(wholeNumber(0)),
      limit: optional(wholeNumber(1)),
    },
    (seat, values) => seat.submit({ op: "history", ...values }),
    always,
  ),
  search: request(
    "search",
    { room: text, text, before: optional(wholeNumber(0)), limit: optional(wholeNumber(1)) },
    (seat, values) => seat.submit({ op: "search", ...values }),
    always,
  ),
  ping: request("ping", {}, (seat) => seat.submit({ op: "ping" })),
};

const LONGEST = 20;

/** The request with this op, if there is one. */
export function requestOf(op: string): ChatRequest | null {
  return isOp(op) ? requests[op] : null;
}

function isOp(op: string): op is Command["op"] {
  return Object.hasOwn(requests, op);
}

/** The refusal of an op that is not one of `ops`, as a sentence: with the one that was probably meant. */
export function unknownOp(op: string, ops: readonly string[]): string {
  const guess = nearest(op, ops);
  const hint = guess === null ? `there are ${ops.join(", ")}` : `did you mean ${quote(guess)}?`;
  return `there is no op ${quote(op, LONGEST)}; ${hint}`;
}

import type { CloseReason } from "../../src/net/protocol.ts";
import { type Asked, sendAnswer, sendRefusal } from "./answers.ts";
import type { Channel, Service } from "./channel.ts";
import { shown } from "./fields.ts";
import { type Fields, JsonError, readObject } from "./json.ts";
import { type ErrorCode, MOST_ID, type Outcome } from "./messages.ts";

/** A request that is a JSON object with an op; what else is in it nobody has checked. */
export interface Request extends Asked {
  readonly fields: Fields;
}

/** Bodies in a row that are no JSON object, after which a peer is given up. */
const MOST_BAD = 10;

/** A service of requests and answers: reads the ones, writes the others, and bears with bodies that are no requests. */
export abstract class Dialogue implements Service {
  private bad = 0;

  constructor(protected readonly channel: Channel) {}

  onMessage(message: Uint8Array): void | Promise<void> {
    const request = this.read(message);
    if (request !== null) return this.onRequest(request);
  }

  abstract onClose(why: CloseReason): void;

  protected abstract onRequest(request: Request): void | Promise<void>;

  protected answer(asked: Asked, outcome: Outcome): void {
    sendAnswer(this.channel, asked, outcome);
  }

  protected refuse(asked: Asked, code: ErrorCode, message: string): void {
    sendRefusal(this.channel, asked, code, message);
  }

  /** Null: it was no request, and its sender knows. */
  private read(message: Uint8Array): Request | null {
    let fields: Fields;
    try {
      fields = readObject(message);
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      this.badJson(error.message);
      return null;
    }
    this.bad = 0;
    return this.requestOf(fields);
  }

  private badJson(message: string): void {
    this.refuse({ id: null, op: "" }, "bad-json", message);
    this.bad += 1;
    if (this.bad < MOST_BAD) return;
    const detail = `${MOST_BAD} messages in a row were no JSON objects; the last: ${message}`;
    this.channel.finish({ kind: "violation", detail });
  }

  private requestOf(fields: Fields): Request | null {
    const op = Object.hasOwn(fields, "op") && typeof fields["op"] === "string" ? fields["op"] : "";
    const id = (Object.hasOwn(fields, "id") ? fields["id"] : null) ?? null;
    if (!isId(id)) {
      const message = `"id" must be a whole number from 0 to ${MOST_ID}, not ${shown(id)}`;
      this.refuse({ id: null, op }, "bad-id", message);
      return null;
    }
    if (op === "") {
      this.refuse({ id, op }, "bad-request", 'a request needs "op", the name of what is asked');
      return null;
    }
    return { op, id, fields };
  }
}

function isId(id: unknown): id is number | null {
  return id === null || (Number.isInteger(id) && (id as number) >= 0 && (id as number) <= MOST_ID);
}

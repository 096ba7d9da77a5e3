import type { CloseReason } from "../../src/net/protocol.ts";
import type { Channel, Service } from "./channel.ts";
import { shown } from "./fields.ts";
import { encodeMessage } from "./form.ts";
import { type Fields, JsonError, readObject } from "./json.ts";
import { type ErrorCode, type Failure, MOST_ID, type Outcome } from "./messages.ts";

/** A request that is a JSON object with an op; what else is in it nobody has checked. */
export interface Request {
  readonly op: string;
  /** Null: only a failure is answered. */
  readonly id: number | null;
  readonly fields: Fields;
}

/** Bodies in a row that are no JSON object, after which a peer is given up. */
const MOST_BAD = 10;
/** As much of an op as is repeated. */
const LONGEST_OP = 40;

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

  /** Answers a request. A success without an id is not told. */
  protected answer({ id, op }: Pick<Request, "id" | "op">, outcome: Outcome): void {
    if (outcome.ok) {
      if (id !== null) this.channel.send(encodeMessage({ id, ...outcome }));
      return;
    }
    this.fail(id, op, outcome.error);
  }

  protected refuse({ id, op }: Pick<Request, "id" | "op">, code: ErrorCode, message: string): void {
    this.fail(id, op, { code, message });
  }

  private fail(id: number | null, op: string, error: Failure["error"]): void {
    const failure: Failure = {
      ...(id !== null && { id }),
      ok: false,
      ...(op !== "" && { op: op.slice(0, LONGEST_OP) }),
      error,
    };
    this.channel.send(encodeMessage(failure));
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
    this.fail(null, "", { code: "bad-json", message });
    this.bad += 1;
    if (this.bad < MOST_BAD) return;
    const detail = `${MOST_BAD} messages in a row were no JSON objects; the last: ${message}`;
    this.channel.finish({ kind: "violation", detail });
  }

  private requestOf(fields: Fields): Request | null {
    const op = Object.hasOwn(fields, "op") && typeof fields["op"] === "string" ? fields["op"] : "";
    const id = (Object.hasOwn(fields, "id") ? fields["id"] : null) ?? null;
    if (!isId(id)) {
      this.fail(null, op, {
        code: "bad-id",
        message: `"id" must be a whole number from 0 to ${MOST_ID}, not ${shown(id)}`,
      });
      return null;
    }
    if (op === "") {
      this.fail(id, op, { code: "bad-request", message: 'a request needs "op", the name of what is asked' });
      return null;
    }
    return { op, id, fields };
  }
}

function isId(id: unknown): id is number | null {
  return id === null || (Number.isInteger(id) && (id as number) >= 0 && (id as number) <= MOST_ID);
}

import { Lines } from "../bytes/lines.ts";
import { quote } from "../bytes/text.ts";
import { nearest } from "../nearest.ts";
import type { Connection, Protocol, Session } from "../net/protocol.ts";
import { inTurns, type MessageHandler } from "../net/turns.ts";
import { ControlError, type ControlOps, type Fields } from "./op.ts";

/** The longest request, in bytes. */
const MOST_REQUEST = 64 * 1024;
const BUSY = "too many programs ask the daemon at this moment; try again";
const encoder = new TextEncoder();

/**
 * The control socket's protocol: a line of JSON with an `op` in, a line of JSON with `ok` out, one after the other.
 *
 *     > {"op":"kick","who":"bob"}
 *     < {"ok":true,"ended":1}
 *     < {"ok":false,"error":"there is no op \"kik\"; did you mean kick?"}
 */
export class ControlProtocol implements Protocol {
  readonly name = "control";
  readonly busy = encoder.encode(`${JSON.stringify({ ok: false, error: BUSY })}\n`);

  /** @param fault is told when an op fails that did not refuse */
  constructor(
    private readonly ops: ControlOps,
    private readonly fault: (error: unknown) => void,
  ) {}

  open(conn: Connection): Session {
    return new ControlSession(conn, this.ops, this.fault);
  }
}

class ControlSession implements Session, MessageHandler<string | null> {
  private readonly lines = new Lines(MOST_REQUEST);

  constructor(
    private readonly conn: Connection,
    private readonly ops: ControlOps,
    private readonly fault: (error: unknown) => void,
  ) {}

  get buffered(): number {
    return this.lines.buffered;
  }

  get stopped(): boolean {
    return this.conn.state !== "open";
  }

  onData(chunk: Uint8Array): void | Promise<void> {
    return inTurns(this.lines.push(chunk), this);
  }

  async handle(line: string | null): Promise<void> {
    const answer = JSON.stringify(await this.answer(line));
    if (!this.conn.send(encoder.encode(`${answer}\n`))) await this.conn.drained();
  }

  private async answer(line: string | null): Promise<object> {
    try {
      const fields = parse(line);
      return { ok: true, ...(await this.opOf(fields)(fields)) };
    } catch (error) {
      if (error instanceof ControlError) return { ok: false, error: error.message };
      this.fault(error);
      return { ok: false, error: "the daemon could not do this; its log tells why" };
    }
  }

  private opOf({ op }: Fields): ControlOps[string] {
    const names = Object.keys(this.ops);
    const found = typeof op === "string" && names.includes(op) ? this.ops[op] : undefined;
    if (found !== undefined) return found;
    const asked = typeof op === "string" ? op : "";
    const guess = nearest(asked, names);
    const hint = guess === null ? `there are ${names.join(", ")}` : `did you mean ${guess}?`;
    throw new ControlError(`there is no op ${quote(asked)}; ${hint}`);
  }
}

function parse(line: string | null): Fields {
  if (line === null) throw new ControlError(`the request is longer than ${MOST_REQUEST} bytes`);
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  } catch {
    // Told below.
  }
  throw new ControlError("a request is one line of JSON, an object with an op");
}

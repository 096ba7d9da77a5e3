import type { Command, Reply } from "../../src/chat/command.ts";
import type { Delivery } from "../../src/chat/event.ts";
import type { Entry, Member, Seat } from "../../src/chat/member.ts";
import type { CloseReason } from "../../src/net/protocol.ts";
import { bye, byeFor, quitReason } from "./bye.ts";
import type { Channel } from "./channel.ts";
import { idOf, RequestError } from "./fields.ts";
import { type CheckedHello, checkHello } from "./hello.ts";
import type { FramedHost } from "./host.ts";
import { JsonError, type JsonObject, parseObject } from "./json.ts";
import { encodeMessage, type Failure, VERSION, type Welcome, type WireError } from "./messages.ts";
import { toCommand } from "./requests.ts";

/** Refused hellos before the connection ends, and bodies in a row that are not JSON. */
const MAX_HELLOS = 5;
const MAX_BAD_JSON = 10;

/**
 * A connection that said hello: answers requests one after the other, and is the member whom the hub delivers to. Speaks
 * to a channel, and so knows neither frames nor sockets.
 */
export class RequestService implements Member {
  private seat: Seat | null = null;
  private refusedHellos = 0;
  private badJson = 0;
  /** The channel is full: nothing more is handled until it has drained. */
  private full = false;

  /** @param echoes told when a hello chose the echo service: messages no longer come here */
  constructor(
    private readonly host: FramedHost,
    private readonly channel: Channel,
    private readonly echoes: () => void,
  ) {}

  /** Handles one message; a promise when the next must wait. */
  onMessage(body: Uint8Array): void | Promise<void> {
    const wait = this.handle(body);
    if (wait) return wait.then(() => this.room());
    if (this.full) return this.room();
  }

  onClose(why: CloseReason): void {
    this.seat?.leave(quitReason(why));
  }

  deliver(delivery: Delivery): void {
    this.channel.deliver(delivery);
  }

  replaced(): void {
    this.channel.finish(byeFor({ kind: "replaced" }), { kind: "replaced" });
  }

  private async room(): Promise<void> {
    if (!this.full) return;
    this.full = false;
    await this.channel.drained();
  }

  private handle(body: Uint8Array): void | Promise<void> {
    const message = this.parse(body);
    if (message === null) return;
    let id: number | undefined;
    try {
      id = idOf(message);
      const { op } = message;
      if (typeof op !== "string") throw new RequestError("bad-request", 'a request needs a text in its field "op"');
      if (op === "hello") return this.hello(message, id);
      if (this.seat === null) throw new RequestError("hello-first", `${op} comes after a hello that was accepted`);
      return this.request(this.seat, toCommand(op, message, id !== undefined), id);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.fail(message, id, error.wire);
    }
  }

  private parse(body: Uint8Array): JsonObject | null {
    try {
      const message = parseObject(body);
      this.badJson = 0;
      return message;
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      this.badJson++;
      this.answer({ ok: false, error: { code: "bad-json", message: error.message } } satisfies Failure);
      if (this.badJson >= MAX_BAD_JSON) this.giveUp(`${MAX_BAD_JSON} messages in a row were not JSON`);
      return null;
    }
  }

  private hello(message: JsonObject, id: number | undefined): void {
    if (this.seat !== null) throw new RequestError("hello-again", "this connection has said hello already");
    try {
      this.welcome(checkHello(message, this.host.allow), id);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.fail(message, id, error.wire);
      this.refusedHellos++;
      if (this.refusedHellos >= MAX_HELLOS) this.giveUp(`${MAX_HELLOS} hellos were refused`);
    }
  }

  /** The answer goes out before any event: nothing is delivered before `enter` returns. */
  private welcome({ service, ...entry }: CheckedHello, id: number | undefined): void {
    const { server, maxFrame, hub } = this.host;
    const limits = { frame: maxFrame };
    const head = { ...(id === undefined ? {} : { id }), ok: true, v: VERSION, server, service } as const;
    if (service === "echo") {
      this.answer({ ...head, limits } satisfies Welcome);
      this.echoes();
      return;
    }
    const whom: Entry = { ...entry, peer: this.channel.peer };
    const entered = hub.enter(this, whom);
    if (!entered.ok) throw new RequestError(entered.error.code, entered.error.message);
    this.seat = entered.seat;
    const { name, session } = entered.seat;
    this.answer({ ...head, name, session, rooms: entered.rooms, limits } satisfies Welcome);
  }

  private request(seat: Seat, command: Command, id: number | undefined): void | Promise<void> {
    const reply = seat.submit(command);
    if (!(reply instanceof Promise)) return this.reply(command.op, id, reply);
    return reply.then((late) => this.reply(command.op, id, late));
  }

  private reply(op: string, id: number | undefined, reply: Reply): void {
    if (!reply.ok) this.fail({ op }, id, reply.error);
    else if (id !== undefined) this.answer({ id, ...reply });
  }

  private fail({ op }: JsonObject, id: number | undefined, error: WireError): void {
    const named = typeof op === "string" ? { op } : {};
    this.answer({ ...(id === undefined ? {} : { id }), ok: false, ...named, error } satisfies Failure);
  }

  private answer(message: object): void {
    if (!this.channel.send(encodeMessage(message))) this.full = true;
  }

  private giveUp(detail: string): void {
    this.channel.finish(bye("violation", detail), { kind: "violation", detail });
  }
}

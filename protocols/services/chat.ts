import type { Visitor } from "../../src/accounts/visitor.ts";
import type { Refusal, Reply } from "../../src/chat/command.ts";
import type { ChatEvent, Delivery } from "../../src/chat/event.ts";
import type { Entry, Member, Seat } from "../../src/chat/member.ts";
import type { CloseReason, Who } from "../../src/net/protocol.ts";
import { quitReason } from "../quit-reason.ts";
import type { Channel } from "./channel.ts";
import { ChatVisitor } from "./chat-visitor.ts";
import type { Request } from "./dialogue.ts";
import { FieldError } from "./fields.ts";
import { FileDialogue } from "./file-dialogue.ts";
import { fileRequests } from "./file-requests.ts";
import { type HelloHost, welcome } from "./hello.ts";
import { requestOf, requests, unknownOp } from "./requests.ts";

const ops: readonly string[] = [...Object.keys(requests), ...Object.keys(fileRequests)];

/** The hub did not let somebody in. */
export class EntryRefused extends Error {
  override readonly name = "EntryRefused";

  constructor(readonly refusal: Refusal) {
    super(refusal.error.message);
  }
}

/**
 * A program in the chat. There may be 10,000 that say nothing, so it has few fields, and what only some need is made when
 * it is needed.
 */
export class ChatService extends FileDialogue implements Member {
  private readonly seat: Seat;
  /** An answer is delayed by the flood limit, and may have to leave before events that come with it. */
  private waiting = false;
  private held: Delivery[] | null = null;

  /** Enters the chat, and answers the hello before anything is told. @throws EntryRefused */
  constructor(channel: Channel, host: HelloHost, hello: Request, visitor: Visitor | null, entry: Omit<Entry, "peer">) {
    super(channel);
    const entered = host.hub.enter(this, { ...entry, peer: channel.peer });
    if (!entered.ok) throw new EntryRefused(entered);
    const { seat, rooms } = entered;
    this.seat = seat;
    if (visitor !== null) this.openDesk(visitor);
    this.answer(hello, welcome(host, "chat", { name: seat.name, session: seat.session, rooms }));
  }

  get who(): Who {
    return { name: this.seat.name, ...this.login };
  }

  get patient(): boolean {
    return true;
  }

  override onClose(why: CloseReason): void {
    super.onClose(why);
    this.seat.leave(quitReason(why));
  }

  deliver(d: Delivery): void {
    if (this.waiting) this.hold(d);
    else this.channel.deliver(d);
  }

  replaced(): void {
    this.channel.finish({ kind: "replaced" });
  }

  protected override asVisitor(visitor: Visitor): Visitor {
    return new ChatVisitor(visitor, this.seat);
  }

  protected onOther(request: Request): void | Promise<void> {
    const { op, id, fields } = request;
    const known = requestOf(op);
    if (known === null) return this.refuse(request, "unknown-op", unknownOp(op, ops));
    if (id === null && known.needsId(fields)) return this.needsId(request);
    try {
      const reply = known.submit(this.seat, fields);
      if (reply instanceof Promise) return this.answerLater(request, reply);
      this.answer(request, reply);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      this.refuse(request, "bad-request", error.message);
    }
  }

  /**
   * A delayed command is carried out in some turn of the loop, and its answer is here only when that turn's work is done:
   * what is delivered meanwhile may have a higher seq, and must not overtake the answer.
   */
  private async answerLater(request: Request, reply: Promise<Reply>): Promise<void> {
    this.waiting = true;
    const late = await reply;
    this.waiting = false;
    const held = this.held ?? [];
    this.held = null;
    const behind = held.findIndex(({ event }) => isAfter(event, late));
    const before = behind < 0 ? held.length : behind;
    for (const d of held.slice(0, before)) this.channel.deliver(d);
    this.answer(request, late);
    for (const d of held.slice(before)) this.channel.deliver(d);
  }

  /** Keeps an event back to the end of this turn, or until the answer is here. */
  private hold(d: Delivery): void {
    if (this.held === null) {
      this.held = [];
      setImmediate(() => this.release());
    }
    this.held.push(d);
  }

  private release(): void {
    const { held } = this;
    this.held = null;
    for (const d of held ?? []) this.channel.deliver(d);
  }
}

/** Whether an event has a higher number than an answer in the same room; rooms are told apart by their epochs. */
function isAfter(event: ChatEvent, reply: Reply): boolean {
  if (!("seq" in event && reply.ok && "seq" in reply)) return false;
  return event.epoch === reply.epoch && event.seq > reply.seq;
}

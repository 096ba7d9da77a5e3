import { LOGIN_ENDED, type Visitor } from "../../src/accounts/visitor.ts";
import type { CloseReason, Connection, Session, Who } from "../../src/net/protocol.ts";
import { nextTurn } from "../../src/next-turn.ts";
import { errorOf } from "../../src/thrown.ts";
import { needLogin } from "./auth/basic.ts";
import type { Responder, Whose } from "./responder.ts";
import { BodyIntake } from "./wire/body-intake.ts";
import { HeadReader } from "./wire/head-reader.ts";
import { BANNED, BUSY, HttpError, MalformedError } from "./wire/http-error.ts";
import { Repetition } from "./wire/repeated-reply.ts";
import type { Reply } from "./wire/reply.ts";
import { ReplyWriter } from "./wire/reply-writer.ts";
import { BodyCutError, RequestBody } from "./wire/request-body.ts";
import type { RequestHead } from "./wire/request-head.ts";

/** Requests of one connection that are answered before everybody else has a turn. */
const REQUESTS_A_TURN = 64;
/** Pieces of a body that are taken before everybody else has a turn. */
const PIECES_A_TURN = 16;
/** How long a drain waits for the next question of who watches it: shorter than for last words. */
const LAST_QUESTION_MS = 1_500;
/** Of a connection that is given up before its request had an answer. */
const LAST_WORDS: Partial<Record<CloseReason["kind"], HttpError>> = {
  stall: new HttpError(408, "timeout", "the request did not come in time"),
  busy: BUSY,
  banned: BANNED,
  "login-ended": needLogin(LOGIN_ENDED, "login-ended"),
};

/** A connection that speaks HTTP/1: requests in, answers out, one after the other. */
export class HttpSession implements Session, Whose {
  visitor: Visitor | null = null;
  private readonly heads = new HeadReader();
  private readonly writer: ReplyWriter;
  /** Bytes that came and were not handled. */
  private input: Uint8Array | null = null;
  /** They were lent, and others may be in their place when this turn is over. */
  private lent = false;
  /** The body that is coming in. */
  private intake: BodyIntake | null = null;
  /** Settles when the request at hand is answered; null: none takes longer than its turn. */
  private running: Promise<void> | null = null;
  /** The request before, when it may be answered once more as it was. */
  private repetition: Repetition | null = null;
  private peerEnded = false;
  /** Its peer asked how the server is, and shall see it go: the server drains and waits for that one question. */
  private watching: "no" | "yes" | "last" = "no";
  private draining = false;
  /** An answer has begun to leave: no other words may stand in it. */
  private answering = false;
  /** What the connection speaks since it was upgraded. */
  private upgraded: Session | null = null;

  constructor(
    private readonly responder: Responder,
    private readonly conn: Connection,
  ) {
    this.writer = new ReplyWriter(conn, responder);
  }

  get borrows(): boolean {
    return this.upgraded === null && this.intake?.body.isWanted === true;
  }

  /** Many clients send all that they have begun, and read only then why it is refused. */
  get hearsOut(): boolean {
    return this.intake !== null;
  }

  get buffered(): number {
    const { upgraded, heads, input, intake } = this;
    return upgraded?.buffered ?? heads.buffered + (input?.length ?? 0) + (intake?.body.held ?? 0);
  }

  get who(): Who | null {
    const { upgraded, visitor } = this;
    if (upgraded !== null) return upgraded.who ?? null;
    if (visitor === null || visitor.account === null) return null;
    return { name: null, account: visitor.account, ended: visitor.ended };
  }

  get working(): boolean {
    return this.upgraded?.working ?? (this.watching === "last" || (this.running !== null && !this.writer.endless));
  }

  onData(chunk: Uint8Array): void | Promise<void> {
    if (this.upgraded !== null) return this.upgraded.onData(chunk);
    const again = this.isAtRest ? this.repetition?.answer(chunk, this.responder.dateField()) : null;
    if (again) return this.conn.send(again) ? undefined : this.conn.drained().then(() => {});
    this.input = chunk;
    this.lent = true;
    return this.advance();
  }

  onPeerEnd(): void {
    if (this.upgraded?.onPeerEnd) {
      this.upgraded.onPeerEnd();
      return;
    }
    this.peerEnded = true;
    this.intake?.body.fail(new BodyCutError());
    if (this.writer.endless) this.writer.cancelStream();
    if (this.running !== null) return;
    if (this.heads.buffered === 0) this.conn.finish();
    else this.giveUp(new MalformedError(400, "incomplete", "the request ended before the empty line behind its head"));
  }

  onShutdown(): void {
    if (this.upgraded?.onShutdown) {
      this.upgraded.onShutdown();
      return;
    }
    this.draining = true;
    this.writer.close = true;
    this.writer.finishEndless();
    if (this.running !== null) return;
    if (this.watching === "no") {
      this.conn.finish(undefined, { kind: "shutdown" });
      return;
    }
    this.watching = "last";
    this.conn.deadline("idle", LAST_QUESTION_MS);
  }

  onClose(why: CloseReason): void {
    this.intake?.body.fail(new BodyCutError());
    this.writer.cancelStream();
    this.upgraded?.onClose?.(why);
  }

  farewell(why: CloseReason): Uint8Array | undefined {
    if (this.upgraded !== null) return this.upgraded.farewell?.(why);
    const begun = this.intake !== null || this.heads.buffered > 0 || this.running !== null;
    const words = LAST_WORDS[why.kind];
    if (words === undefined || !begun || this.answering) return undefined;
    return this.writer.lastWords(this.responder.refusal(words));
  }

  /** Handles what has come, as far as it goes. A promise when that takes longer than this turn. */
  private advance(): void | Promise<void> {
    for (let begun = 0, pieces = 0; this.input !== null && this.conn.state === "open"; ) {
      if (this.upgraded !== null) return this.handOver(this.upgraded, this.input);
      const { intake } = this;
      const wait = intake !== null ? this.takeBody(intake, this.input) : this.running;
      if (wait !== null) return this.goOnAfter(wait);
      if (begun === REQUESTS_A_TURN || pieces === PIECES_A_TURN) return this.goOnAfter(nextTurn());
      if (intake !== null) {
        pieces++;
        continue;
      }
      begun++;
      this.readRequest(this.input, pieces === 0);
    }
  }

  private goOnAfter(wait: Promise<void>): Promise<void> {
    if (this.lent && this.input !== null) this.input = Buffer.from(this.input);
    this.lent = false;
    return wait.then(() => this.advance());
  }

  /** Whether what comes now is the beginning of a request, and the next that is answered. */
  private get isAtRest(): boolean {
    const { running, input, intake, heads, writer } = this;
    return running === null && input === null && intake === null && !heads.begun && !writer.close;
  }

  /** What came behind the request for an upgrade is the new protocol's. */
  private handOver(session: Session, input: Uint8Array): void | Promise<void> {
    this.input = null;
    return session.onData(this.lent ? Buffer.from(input) : input);
  }

  /** @param first nothing of a body came before it in the same chunk, which may be lent */
  private readRequest(input: Uint8Array, first: boolean): void {
    const wasBegun = this.heads.begun;
    try {
      const found = this.heads.read(input);
      this.input = found?.rest ?? null;
      this.repetition = null;
      const isAlone = found?.rest === null && !wasBegun && first;
      if (found !== null) this.begin(found.head, isAlone ? input : null);
      const isBegun = this.heads.begun;
      if (isBegun !== wasBegun && this.intake === null)
        this.conn.deadline("handshake", isBegun ? this.responder.messageMs : null);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.giveUp(error, input);
    }
  }

  /** What is no HTTP cannot be followed: says why and ends. */
  private giveUp(error: MalformedError, input?: Uint8Array): void {
    this.input = null;
    const why: CloseReason = { kind: "violation", detail: error.message };
    this.conn.finish(this.writer.lastWords(this.responder.refusal(error, input)), why);
  }

  /** @param question all bytes of the request, where nothing else came with them */
  private begin(head: RequestHead, question: Uint8Array | null): void {
    this.intake = BodyIntake.of(head, this.conn, this.responder.messageMs);
    const body = this.intake?.body ?? RequestBody.empty;
    const answer = this.responder.answer(head, body, this.conn, this);
    const written =
      answer instanceof Promise
        ? answer.then((late) => this.reply(head, body, late, question))
        : this.reply(head, body, answer, question);
    if (written === null) {
      this.answered();
      return;
    }
    this.conn.deadline("idle", null);
    this.running = written.then(
      () => {
        this.running = null;
        this.answered();
      },
      // As a throw within the turn does; the connection would wait for an end that never comes.
      (error: unknown) => {
        this.conn.kill({ kind: "error", error: errorOf(error) });
      },
    );
  }

  /** Null: it was written in one go. */
  private reply(head: RequestHead, body: RequestBody, reply: Reply, question: Uint8Array | null): Promise<void> | null {
    // It has gone, or was told why it has no answer.
    if (this.conn.state !== "open") {
      this.writer.dismiss(reply);
      return null;
    }
    this.answering = true;
    // What nobody read of a body cannot be told from a next request.
    if (!body.complete) {
      this.writer.close = true;
      body.fail(new BodyCutError());
      this.conn.deadline("handshake", null);
    }
    this.watching = reply.watching === true ? "yes" : "no";
    const written = this.writer.write(head, reply);
    if (reply.again !== undefined && question !== null && head.minor === 1 && !this.writer.close)
      this.repetition = Repetition.of(question, reply.again, this.responder.dateField());
    if (reply.upgrade !== undefined) this.upgraded = reply.upgrade(this.conn);
    // What has no end of its own began too late to be told of it.
    if (this.draining) this.endAtOnce();
    return written;
  }

  private endAtOnce(): void {
    this.writer.finishEndless();
    if (this.upgraded?.onShutdown) this.upgraded.onShutdown();
  }

  /** The request at hand is answered. */
  private answered(): void {
    this.answering = false;
    this.visitor = null;
    const { conn, writer, peerEnded } = this;
    if (this.upgraded !== null || conn.state !== "open") return;
    if (writer.close || peerEnded) {
      this.input = null;
      conn.finish(undefined, peerEnded ? { kind: "peer" } : { kind: "local" });
      return;
    }
    conn.passBack?.();
    conn.deadline("idle", this.responder.idleMs);
  }

  /** A promise when the reader of the body is not ready for more. */
  private takeBody(intake: BodyIntake, input: Uint8Array): Promise<void> | null {
    try {
      const { rest, wait } = intake.feed(input);
      this.input = rest;
      if (!intake.done) return wait;
      if (wait === null) this.intake = null;
      return wait?.then(() => this.endBody()) ?? null;
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.input = null;
      this.writer.close = true;
      return null;
    }
  }

  private endBody(): void {
    this.intake = null;
  }
}

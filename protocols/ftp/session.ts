import type { Visitor } from "../../src/accounts/visitor.ts";
import { type Charset, utf8 } from "../../src/bytes/charset.ts";
import type { Access } from "../../src/files/access.ts";
import type { CloseReason, Connection, Net, Session, Who } from "../../src/net/protocol.ts";
import { reachedAt } from "../../src/net/reached-at.ts";
import type { TlsContext } from "../../src/net/tls.ts";
import { checkCommand } from "./command.ts";
import { commandOf } from "./commands.ts";
import { Conversation, MAX_LINE } from "./conversation.ts";
import { DataTerms } from "./data-terms.ts";
import { declined } from "./declined.ts";
import { farewellFor } from "./endings.ts";
import type { FtpHost } from "./host.ts";
import { Parameters } from "./parameters.ts";
import { parseLine } from "./raw-line.ts";
import { Refusal, refusalReply } from "./refusal.ts";
import { type Reply, replyText } from "./reply.ts";
import { type Beside, type Cargo, Transfer, type TransferHost } from "./transfer/transfer.ts";
import type { UploadHost } from "./transfer/upload.ts";
import { unknownCommand } from "./unknown.ts";

const GONE = "the control connection has ended";

/** Who is logged in, and the files as they see them. */
interface LoggedIn {
  readonly visitor: Visitor;
  readonly access: Access;
}

/** An FTP client: who it is, what it has set, and the transfer that runs beside its commands. */
export class FtpSession extends Conversation implements Session, TransferHost, UploadHost {
  parameters: Parameters;
  /** From USER, until PASS has come. */
  user: string | null = null;
  login: LoggedIn | null = null;
  failedLogins = 0;
  data: DataTerms;
  /** What runs beside the commands. */
  transfer: Beside | null = null;
  /** ABOR came, and is answered behind what it has aborted (RFC 959, section 4.1.3). */
  abortAsked = false;
  /** What is said behind the transfer that runs; then the connection ends. */
  private lastWords: Reply | null = null;
  /** The client has ended the control connection. */
  private gone = false;
  /** Lines in a row that are no commands. */
  private unknown = 0;

  constructor(
    readonly host: FtpHost,
    conn: Connection,
    readonly net: Net,
  ) {
    super(conn, host.messageMs);
    this.parameters = new Parameters(this.usualCharset);
    this.data = new DataTerms(host, conn.tls !== null);
    conn.deadline("idle", host.idleMs);
    this.reply(220, `${host.server} is ready; log in as anonymous, or with your account`);
  }

  get isOpen(): boolean {
    return !(this.gone || this.stopped);
  }

  get working(): boolean {
    return this.isBusy || this.replaying;
  }

  get who(): Who | null {
    if (this.login === null) return null;
    const { account, ended } = this.login.visitor;
    return { name: null, account, ended };
  }

  get dataTls(): TlsContext | null {
    return this.data.tls;
  }

  /** How names are written by who has not said anything else. */
  get usualCharset(): Charset {
    return this.host.charsets.of(this.conn.remote.host) ?? utf8;
  }

  /** @throws Refusal before the login */
  get visitor(): Visitor {
    return this.loggedIn.visitor;
  }

  /** The files. @throws Refusal before the login */
  get access(): Access {
    return this.loggedIn.access;
  }

  onPeerEnd(): void {
    this.gone = true;
    if (this.transfer !== null) this.transfer.runOut(GONE);
    else if (!this.replaying) this.conn.finish();
  }

  onShutdown(): void {
    const words: Reply = { code: 421, text: "the server is shutting down" };
    // Files that move have their time; what only is computed can be asked for again.
    if (this.transfer?.progress === null) this.transfer.stop(words.text);
    if (this.working) this.lastWords = words;
    else this.end(words, { kind: "shutdown" });
  }

  onClose(why: CloseReason): void {
    this.gone = true;
    this.makeRoom();
    if (this.transfer === null) this.logOut();
    else if (why.kind === "peer") this.transfer.runOut(GONE);
    else this.transfer.stop(GONE);
  }

  farewell(why: CloseReason): Uint8Array | undefined {
    const text = farewellFor(why);
    return text === null ? undefined : this.encode(replyText({ code: 421, text }));
  }

  after(ms: number): Promise<void> {
    return new Promise((resolve) => void this.host.clock.after(ms, resolve));
  }

  /** Moves a cargo over the data connection, beside what the client says meanwhile. @throws Refusal */
  start(cargo: Cargo): void {
    const source = this.data.take();
    // A list takes it up as well, or the next file would begin in its middle.
    this.parameters.offset = 0;
    this.beside(new Transfer(this, source, cargo));
  }

  /** Runs it beside what the client says meanwhile, and replies at its end. */
  beside(work: Beside): void {
    this.transfer = work;
    this.conn.deadline("idle", null);
    work
      .run()
      .catch((error: unknown) => this.replyTo(error))
      .then((reply) => this.transferred(reply))
      .catch((error: Error) => this.conn.kill({ kind: "error", error }));
  }

  /** Forgets who was logged in; what still ran is broken off. */
  logOut(): void {
    this.data.use(null);
    this.login?.access.leave();
    this.login = this.user = null;
    this.parameters.forAnother();
  }

  /** As if the connection had just been made. */
  beginAnew(): void {
    this.logOut();
    this.parameters = new Parameters(this.usualCharset);
    this.data.onlyEpsv = false;
  }

  /** From now on all is encrypted, and the session begins anew (RFC 4217, section 4.2). */
  async startTls(tls: TlsContext, reply: Reply): Promise<void> {
    if (this.hasMore()) {
      // Somebody on the way may have put it there, to be taken for what the client says under TLS (CVE-2011-0411).
      this.conn.kill({ kind: "violation", detail: "there was more behind AUTH, in the clear" });
      return;
    }
    this.send(reply);
    this.beginAnew();
    this.data = new DataTerms(this.host, false);
    // The connection ends by itself when the handshake fails.
    await this.conn.startTls(tls).catch(() => {});
  }

  protected get charset(): Charset {
    return this.parameters.charset;
  }

  protected get isBusy(): boolean {
    return this.transfer !== null;
  }

  protected get loginBegun(): boolean {
    return this.user !== null;
  }

  protected interrupts(line: string): boolean {
    // Replies come in the order of their commands: nothing overtakes what ABOR is answered with.
    const { verb } = parseLine(line);
    if (this.abortAsked || commandOf(verb)?.duringTransfer !== true) return false;
    return verb === "ABOR" || this.transfer?.progress !== null;
  }

  protected obey(line: string | null): void | Promise<void> {
    if (line === null) return this.reply(500, `that line has more than ${MAX_LINE} bytes`);
    const { verb, argument } = parseLine(line);
    const command = commandOf(verb);
    if (command === undefined) return this.refuseUnknown(verb);
    this.unknown = 0;
    if (verb !== "RNTO") this.parameters.renameFrom = null;
    try {
      const reply = command.run(this, checkCommand(command, argument, this));
      if (reply instanceof Promise) {
        return reply.catch((error: unknown) => this.replyTo(error)).then((it) => this.answer(it));
      }
      this.answer(reply);
    } catch (error) {
      this.send(this.replyTo(error));
    }
  }

  private get loggedIn(): LoggedIn {
    if (this.login === null) throw new Refusal(530, "log in first, with USER and PASS");
    return this.login;
  }

  private transferred(reply: Reply): void {
    this.transfer = null;
    if (this.conn.state === "closed") {
      this.logOut();
      return;
    }
    this.conn.deadline("idle", this.host.idleMs);
    this.send(reply);
    if (this.abortAsked) this.reply(226, "aborted");
    this.abortAsked = false;
    if (this.lastWords !== null) this.end(this.lastWords, { kind: "shutdown" });
    // What was said behind what has failed was meant for its success.
    else if (this.gone && reply.code >= 300) this.conn.finish();
    // Who goes on already waits for the client to read, and would be overtaken.
    else if (!this.replaying) void this.goOn();
  }

  private async goOn(): Promise<void> {
    try {
      await this.replay();
    } catch (error) {
      this.conn.kill({ kind: "error", error: error as Error });
    }
    if (this.isBusy) return;
    if (this.lastWords !== null) this.end(this.lastWords, { kind: "shutdown" });
    else if (this.gone) this.conn.finish();
  }

  private answer(reply: Reply | undefined): void {
    if (reply) this.send(reply);
  }

  /** @throws what nobody foresaw */
  private replyTo(error: unknown): Reply {
    const reply = refusalReply(error);
    if (reply === null) throw error;
    return reply;
  }

  private refuseUnknown(verb: string): void {
    this.unknown = declined.has(verb) ? 0 : this.unknown + 1;
    const { reply, violation } = unknownCommand(verb, this.unknown, () => this.host.pageFor(reachedAt(this.conn)));
    if (violation === null) this.send(reply);
    else this.end(reply, { kind: "violation", detail: violation });
  }
}

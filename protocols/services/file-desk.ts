import type { Visitor } from "../../src/accounts/visitor.ts";
import { ProtocolError } from "../../src/bytes/decoder.ts";
import type { Access } from "../../src/files/access.ts";
import { VaultError } from "../../src/files/error.ts";
import { parsePath } from "../../src/files/path.ts";
import type { CloseReason } from "../../src/net/protocol.ts";
import { errorOf } from "../../src/thrown.ts";
import { type Asked, sendAnswer, sendRefusal } from "./answers.ts";
import type { Channel, Work } from "./channel.ts";
import type { Chunk } from "./chunk.ts";
import { Commit } from "./commit.ts";
import { FieldError } from "./fields.ts";
import type { Desk, FileRequest } from "./file-requests.ts";
import { Get, type GetOptions } from "./get.ts";
import { GONE, type Job, type JobHost, type Numbered, type Why, whyNot } from "./job.ts";
import type { Fields } from "./json.ts";
import { Pump } from "./pump.ts";
import { type EndOptions, Put, type PutOptions } from "./put.ts";
import { RecentIds } from "./recent-ids.ts";
import { type FileAnswer, Task } from "./task.ts";
import { Watches } from "./watches.ts";

/** Jobs of one connection that run at a time. */
export const MOST_JOBS = 64;

const NO_FILES: Why = { code: "no-files", message: "no files are shared here" };
const FULL: Why = {
  code: "too-many-transfers",
  message: `${MOST_JOBS} of your transfers run already; let one end first`,
};
const ENDING: Why = { code: "cancelled", message: "the server is shutting down" };
const CANCELLED: Why = { code: "cancelled", message: "you cancelled it" };
const HALF_CLOSED: Why = { code: "incomplete", message: "you ended the connection before the file was whole" };
const BROKEN: Why = { code: "failed", message: "something went wrong in the server; its log tells what" };

/** All that one connection does with files. Made for its first request about them, because most never have one. */
export class FileDesk implements Desk, JobHost {
  readonly pump: Pump;
  private readonly watches: Watches;
  private access: Access | null = null;
  private readonly jobs = new Map<number, Job>();
  private readonly ended = new RecentIds();
  /** Who waits to hear that a job has been cancelled. */
  private readonly cancels = new Map<Job, Asked>();
  /** Tasks that were stopped and go on for nobody, until they notice. */
  private orphans = 0;
  /** Files that are given their names: what is asked behind that comes after it. */
  private commits: Promise<unknown> | null = null;
  private pages: Promise<unknown> = Promise.resolve();
  /**
   * They go on for a peer that ended its side, and may be gone: that shows at the first answer, so only one of them is
   * worked on until then. Nor do many of one connection keep the hashing thread from another's.
   */
  private hashes: Promise<unknown> = Promise.resolve();
  private work: Work = "none";
  private leaving: CloseReason | null = null;

  constructor(
    readonly channel: Channel,
    readonly visitor: Visitor,
  ) {
    this.pump = new Pump();
    this.watches = new Watches(channel);
  }

  get working(): boolean {
    return this.jobs.size > 0;
  }

  /** Whether a request with this id runs. */
  uses(id: number): boolean {
    return this.jobs.has(id);
  }

  request(kind: FileRequest, asked: Asked, fields: Fields): void | Promise<void> {
    const ends = asked.op === "end" || asked.op === "cancel";
    if (this.commits !== null && !ends) return this.commits.then(() => this.request(kind, asked, fields));
    if (this.leaving !== null && !ends) return this.refuse(asked, ENDING);
    try {
      return kind.submit(this, asked, fields);
    } catch (error) {
      if (error instanceof FieldError) this.refuse(asked, { code: "bad-request", message: error.message });
      else if (error instanceof VaultError) this.refuse(asked, whyNot(this, error));
      else throw error;
    }
  }

  /** @throws ProtocolError when there is nothing that the chunk can be for */
  chunk(chunk: Chunk): void | Promise<void> {
    const job = this.jobs.get(chunk.id);
    if (job instanceof Put) return job.receive(chunk);
    if (job === undefined && this.ended.has(chunk.id)) return;
    throw new ProtocolError(`a chunk came for the id ${chunk.id}, and no put has it`);
  }

  once(asked: Asked, ask: (access: Access) => Promise<FileAnswer>): void | Promise<void> {
    const access = this.enter();
    if (access === null) return this.refuse(asked, NO_FILES);
    return ask(access).then(
      (answer) => sendAnswer(this.channel, asked, { ok: true, ...answer }),
      (error: unknown) => this.refuse(asked, whyNot(this, error)),
    );
  }

  hash(asked: Asked, path: string, ask: (access: Access, signal: AbortSignal) => Promise<FileAnswer>): void {
    this.queue(asked, path, ask, (see) => {
      this.hashes = this.hashes.then(see);
    });
  }

  page(asked: Asked, path: string, ask: (access: Access) => Promise<FileAnswer>): void {
    this.queue(asked, path, ask, (see) => {
      this.pages = this.pages.then(() => this.channel.drained()).then(see);
    });
  }

  get(asked: Asked, o: GetOptions): void {
    this.begin(asked, (numbered) => new Get(this, numbered, o), begin);
  }

  put(asked: Asked, o: PutOptions): void {
    this.begin(asked, (numbered) => new Put(this, numbered, o), begin);
  }

  end(asked: Asked, of: number, o: EndOptions): void | Promise<void> {
    const put = this.jobs.get(of);
    if (!(put instanceof Put)) return this.refuse(asked, this.ended.whyOf(of) ?? noSuch(of));
    // So that request, chunks and end may be sent in one go.
    if (put.opening !== null) return put.opening.then(() => this.end(asked, of, o));
    if (!put.moving) return this.refuse(asked, put.broken ?? noSuch(of));
    if (put.needsSize && o.size === undefined) {
      return this.refuse(asked, { code: "bad-request", message: 'end needs "size", because put did not say it' });
    }
    const job = new Commit(this, numbered(asked), put, o);
    this.jobs.set(job.asked.id, job);
    const commits = Promise.all([this.commits, job.start()]).then(() => {
      if (this.commits === commits) this.commits = null;
    });
    this.commits = commits;
  }

  cancel(asked: Asked, of: number): void {
    const job = this.jobs.get(of);
    if (job !== undefined && !this.cancels.has(job)) {
      const { id, op } = asked;
      // Whoever is stopped at once tells that it is done before this returns.
      this.cancels.set(job, { id, op });
      if (job.stop(CANCELLED, false)) return;
      this.cancels.delete(job);
    }
    this.refuse(asked, noSuch(of));
  }

  watch(asked: Asked, path: string): void {
    const access = this.enter();
    try {
      const refusal = access === null ? NO_FILES : this.watches.add(asked, access, path);
      if (refusal !== null) this.refuse(asked, refusal);
    } catch (error) {
      this.refuse(asked, whyNot(this, error));
    }
  }

  unwatch(asked: Asked, path: string): void {
    this.watches.remove(asked, path);
  }

  changed(): void {
    const { jobs } = this;
    if (jobs.size === 0 && this.leaving !== null) this.channel.finish(this.leaving);
    const moving = [...jobs.values()].some((job) => job.moving);
    const work = moving ? "moving" : jobs.size > 0 ? "busy" : "none";
    if (work === this.work) return;
    this.work = work;
    this.channel.occupy(work);
  }

  done(job: Job): void {
    const { id, op } = job.asked;
    this.jobs.delete(id);
    if (job instanceof Task && job.stopped) this.orphans += 1;
    if (op === "get" || op === "put") this.ended.add(id, job instanceof Put ? job.broken : null);
    const cancel = this.cancels.get(job);
    this.cancels.delete(job);
    if (cancel !== undefined) sendAnswer(this.channel, cancel, { ok: true });
    this.changed();
  }

  broke(error: unknown): Why {
    this.channel.finish({ kind: "error", error: errorOf(error) });
    return BROKEN;
  }

  /** Finishes the channel as soon as nothing runs. */
  finishLater(why: CloseReason): void {
    this.leaving = why;
    if (why.kind === "peer") this.stopAll((job) => job instanceof Put, HALF_CLOSED);
    this.changed();
  }

  /** The peer has gone. */
  leave(): void {
    this.stopAll(() => true, GONE);
    this.access?.leave();
  }

  private stopAll(which: (job: Job) => boolean, why: Why): void {
    for (const job of [...this.jobs.values()].filter(which)) job.stop(why, true);
  }

  private enter(): Access | null {
    this.access ??= this.channel.enter(this.visitor);
    return this.access;
  }

  /** Makes a job, and starts it when it has its id. */
  private begin<J extends Job>(
    asked: Asked,
    make: (asked: Numbered) => J,
    start: (job: J, access: Access) => void,
  ): void {
    const access = this.enter();
    const full = this.jobs.size + this.orphans >= MOST_JOBS;
    if (access === null || full) {
      this.refuse(asked, access === null ? NO_FILES : FULL);
      return;
    }
    const job = make(numbered(asked));
    this.jobs.set(job.asked.id, job);
    this.changed();
    start(job, access);
  }

  /** Runs a task to its end, also when nobody waits for it any more. */
  private queue(
    asked: Asked,
    path: string,
    ask: (access: Access, signal: AbortSignal) => Promise<FileAnswer>,
    inTurn: (see: () => Promise<void>) => void,
  ): void {
    // What cannot be a path does not wait for its turn: it may have 64 KiB, and there may be 64 of them.
    if (this.enter() !== null) parsePath(path);
    this.begin(
      asked,
      (numbered) => new Task(this, numbered, ask),
      (task, access) => inTurn(() => this.see(task, access)),
    );
  }

  private async see(task: Task, access: Access): Promise<void> {
    await task.start(access);
    if (task.stopped) this.orphans -= 1;
  }

  private refuse(asked: Asked, { code, message }: Why): void {
    // Its chunks may be on their way already.
    if (asked.op === "put" && asked.id !== null) this.ended.add(asked.id);
    sendRefusal(this.channel, asked, code, message);
  }
}

function begin(job: Job, access: Access): void {
  void job.start(access);
}

/** The table of requests has seen to it that there is an id. */
function numbered({ op, id }: Asked): Numbered {
  return { op, id: id ?? 0 };
}

function noSuch(of: number): Why {
  return {
    code: "no-such-transfer",
    message: `nothing that could be ended has the id ${of}; it has ended, or never began`,
  };
}

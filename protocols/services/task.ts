import type { Access } from "../../src/files/access.ts";
import { sendAnswer, sendRefusal } from "./answers.ts";
import { type Job, type JobHost, type Numbered, type Why, whyNot } from "./job.ts";
import type { FileAnswers } from "./messages.ts";

export type FileAnswer = FileAnswers["list" | "stat" | "hash" | "mkdir"];

/** A question that is answered when its answer is there, while the peer goes on. */
export class Task implements Job {
  readonly moving = false;
  /** Its peer was told that it has ended, although it may still run. */
  stopped = false;
  private ended = false;
  private readonly stopper = new AbortController();

  constructor(
    private readonly host: JobHost,
    readonly asked: Numbered,
    private readonly ask: (access: Access, signal: AbortSignal) => Promise<FileAnswer>,
  ) {}

  async start(access: Access): Promise<void> {
    if (this.stopped) return;
    try {
      const answer = await this.ask(access, this.stopper.signal);
      if (this.stopped) return;
      sendAnswer(this.host.channel, this.asked, { ok: true, ...answer });
    } catch (error) {
      if (this.stopped) return;
      this.refuse(whyNot(this.host, error));
    }
    this.ended = true;
    this.host.done(this);
  }

  stop(why: Why): boolean {
    if (this.stopped || this.ended) return false;
    this.stopped = true;
    this.stopper.abort();
    this.refuse(why);
    this.host.done(this);
    return true;
  }

  private refuse({ code, message }: Why): void {
    sendRefusal(this.host.channel, this.asked, code, message);
  }
}

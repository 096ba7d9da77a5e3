import type { Job, JobHost, Numbered } from "./job.ts";
import type { EndOptions, Put } from "./put.ts";

/** An `end`: a put is made whole and gets its name. */
export class Commit implements Job {
  readonly moving = false;

  constructor(
    private readonly host: JobHost,
    readonly asked: Numbered,
    private readonly put: Put,
    private readonly o: EndOptions,
  ) {}

  async start(): Promise<void> {
    await this.put.commit(this.asked, this.o);
    this.host.done(this);
  }

  /** Nobody could tell whether the file has its name already. */
  stop(): boolean {
    return false;
  }
}

import { KeptLog, type KeptLogOptions } from "../../src/history/kept-log.ts";
import { HandClock } from "../support/hand-clock.ts";
import { TempFolder } from "../support/temp.ts";

/** What a log told, as words. */
export class Told {
  readonly words: string[] = [];
  readonly debug = () => {};
  readonly info = (event: string) => void this.words.push(event);
  readonly warn = this.info;
  readonly error = this.info;
}

/** A log that keeps what is said in a folder of its own. */
export class Kept implements AsyncDisposable {
  readonly folder = new TempFolder();
  readonly clock = new HandClock();
  readonly told = new Told();
  log: KeptLog;

  private constructor(private readonly options: Partial<KeptLogOptions>) {
    this.log = this.make(options);
  }

  static async open(options: Partial<KeptLogOptions> = {}): Promise<Kept> {
    const kept = new Kept(options);
    await kept.log.open();
    return kept;
  }

  get state(): string {
    return this.options.folder ?? this.folder.file("state");
  }

  /** Ends it in peace and opens it again. */
  async restart(options: Partial<KeptLogOptions> = {}): Promise<void> {
    await this.log.close();
    this.log = this.make({ ...this.options, ...options });
    await this.log.open();
  }

  say(text: string, room = "#lobby", event: "message" | "topic" = "message") {
    return this.log.append(room, { event, from: "ann", text, time: new Date(this.clock.now()).toISOString() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.log.close();
    this.folder[Symbol.dispose]();
  }

  private make(options: Partial<KeptLogOptions>): KeptLog {
    const { clock, told: log } = this;
    const usual = { folder: this.state, clock, log, keepMs: Number.POSITIVE_INFINITY, maxBytes: 1 << 30 };
    return new KeptLog({ ...usual, ...options });
  }
}

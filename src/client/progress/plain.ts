import { formatPercent, formatRate, formatSize, formatSpan } from "../../bytes/amounts.ts";
import { escapeText } from "../../bytes/text.ts";
import type { Clock } from "../../clock.ts";
import type { Fields } from "../messages.ts";
import { finishedLine } from "./finished.ts";
import type { Bar, Progress } from "./progress.ts";
import { Rate } from "./rate.ts";

/** A transfer that takes longer says where it is this often. */
const EVERY_MS = 10_000;

/** Where lines go. */
export interface Lines {
  /** What is whole. */
  result(line: string): void;
  /** Everything else that people want to know. */
  note(line: string): void;
}

/** Lines instead of bars, for logs and pipes: one when a file is whole, and one every ten seconds until then. */
export class PlainProgress implements Progress {
  constructor(
    private readonly lines: Lines,
    private readonly clock: Clock,
  ) {}

  begin(name: string, size: number | null, from = 0): Bar {
    return new PlainBar(this.lines, this.clock, name, size, from);
  }

  expect(): void {}

  skip(): void {}

  log(line: string): void {
    this.lines.note(escapeText(line));
  }

  fail(line: string): void {
    this.log(line);
  }

  stop(): void {}
}

class PlainBar implements Bar {
  private readonly rate: Rate;
  private bytes: number;
  private toldAt: number;

  constructor(
    private readonly lines: Lines,
    private readonly clock: Clock,
    private readonly name: string,
    private readonly size: number | null,
    from: number,
  ) {
    this.rate = new Rate(clock, from);
    this.bytes = from;
    this.toldAt = clock.mono();
  }

  at(bytes: number): void {
    this.bytes = bytes;
    this.rate.at(bytes);
    if (this.clock.mono() - this.toldAt < EVERY_MS) return;
    this.toldAt = this.clock.mono();
    this.lines.note(escapeText(`${this.name}: ${this.state()}`));
  }

  done(line?: string, _?: Fields, note?: string): void {
    this.lines.result(escapeText(line ?? finishedLine(this.name, this.bytes, this.rate, note)));
  }

  failed(): void {}

  private state(): string {
    const { size, bytes, rate } = this;
    if (size === null) return `${formatSize(bytes)}, ${formatRate(rate.now)}`;
    const left = rate.now > 0 ? `, ${formatSpan((size - bytes) / rate.now)} left` : "";
    return `${formatPercent(bytes, size)} of ${formatSize(size)}, ${formatRate(rate.now)}${left}`;
  }
}

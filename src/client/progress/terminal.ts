import { MultiBar, Presets, type SingleBar } from "cli-progress";
import { escapeText } from "../../bytes/text.ts";
import type { Clock } from "../../clock.ts";
import { barLine, type Shown } from "./bar-line.ts";
import { finishedLine } from "./finished.ts";
import type { Bar, Progress } from "./progress.ts";
import { Rate } from "./rate.ts";

/** Redraws a second. */
const FPS = 8;

/**
 * What is over sooner has no bar: nobody could read it, and each costs two redraws (measured: 10,000 small files took 11 s
 * with bars and 6 s without), milliseconds.
 */
const UNSEEN_MS = 250;

/** `999 of 999`: what has room on a line of 80 columns with a word around it. */
const LONGEST_COUNT = 10;

/** A bar for each transfer that runs, and below them one for all; lines scroll above. */
export class TerminalProgress implements Progress {
  private readonly bars: MultiBar;
  private readonly total: Total;
  private stopped = false;

  /** @param result where the lines of what is whole go; null: above the bars */
  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly clock: Clock,
    private readonly result: ((line: string) => void) | null,
  ) {
    this.bars = new MultiBar(
      {
        format: (options, params, payload) => barLine(options, params, payload as Shown),
        stream,
        fps: FPS,
        // The line is made to fit; the sequences that stop a terminal from wrapping would outlive a killed client.
        linewrap: true,
        clearOnComplete: true,
        gracefulExit: false,
        emptyOnZero: false,
        barsize: 20,
      },
      Presets.rect,
    );
    this.total = new Total(clock, (shown) => this.bars.create(1, 0, shown));
  }

  begin(name: string, size: number | null, from = 0): Bar {
    const rate = new Rate(this.clock, from);
    const shown: Shown = { name: escapeText(name), size, bytes: from, rate };
    let bar: SingleBar | null = null;
    const cancel = this.clock.after(UNSEEN_MS, () => {
      if (this.stopped) return;
      bar = this.bars.create(size ?? 1, shown.bytes, shown);
      this.total.stayLowest(this.bars);
    });
    this.total.begin(size, from);
    const end = () => {
      cancel();
      if (bar !== null) this.bars.remove(bar);
      this.total.end(size, shown.bytes);
    };
    return {
      at: (bytes) => {
        this.total.move(bytes - shown.bytes);
        shown.bytes = bytes;
        rate.at(bytes);
        bar?.update(bytes);
      },
      done: (line, _, note) => {
        const told = escapeText(line ?? finishedLine(name, shown.bytes, rate, note));
        if (this.result === null) this.print(told);
        else this.result(told);
        end();
      },
      failed: end,
    };
  }

  expect(files: number, bytes: number): void {
    this.total.expect(files, bytes);
  }

  skip(): void {}

  log(line: string): void {
    this.print(escapeText(line));
  }

  fail(line: string): void {
    this.log(line);
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    if (!this.bars.isActive) return;
    // What was logged since the last redraw is still in the bars' own buffer.
    this.bars.update();
    this.bars.stop();
  }

  private print(line: string): void {
    // Until the first bar there is nothing to redraw, and after the last nobody does.
    if (!this.stopped && this.bars.isActive) this.bars.log(`${line}\x1b[K\n`);
    else this.stream.write(`${line}\n`);
  }
}

/** The bar below the others, from the second transfer on. */
class Total {
  private readonly shown: Shown;
  private bar: SingleBar | null = null;
  private begun = 0;
  private ended = 0;
  private bytesBegun = 0;
  /** Without those of earlier tries, which cost no time now. */
  private moved = 0;
  private files = 0;
  private bytes = 0;
  /** Of how many that run nobody knows the size, so that there is no saying how much is left. */
  private sizeless = 0;

  constructor(
    clock: Clock,
    private readonly create: (shown: Shown) => SingleBar,
  ) {
    this.shown = { name: "", size: 0, bytes: 0, rate: new Rate(clock) };
  }

  expect(files: number, bytes: number): void {
    this.files += files;
    this.bytes += bytes;
    this.show();
  }

  begin(size: number | null, from: number): void {
    this.begun += 1;
    this.bytesBegun += size ?? 0;
    if (size === null) this.sizeless += 1;
    this.shown.bytes += from;
    if (Math.max(this.begun, this.files) > 1) this.bar ??= this.create(this.shown);
    this.show();
  }

  /** After another bar has come. */
  stayLowest(bars: MultiBar): void {
    if (this.bar === null) return;
    bars.remove(this.bar);
    this.bar = this.create(this.shown);
    this.show();
  }

  move(bytes: number): void {
    this.shown.bytes += bytes;
    this.moved += bytes;
    this.shown.rate.at(this.moved);
    this.bar?.update(this.shown.bytes);
  }

  /** What is missing will not come; of one whose size was not told it is known now. */
  end(size: number | null, bytes: number): void {
    this.ended += 1;
    if (size === null) this.sizeless -= 1;
    else this.bytes -= size - bytes;
    this.bytesBegun += bytes - (size ?? 0);
    this.show();
  }

  private show(): void {
    const size = Math.max(this.bytes, this.bytesBegun);
    this.shown.size = this.sizeless > 0 ? null : size;
    const files = `${this.ended} of ${Math.max(this.files, this.begun)}`;
    // On a line of 80 columns the longer one would be cut in its middle, and the number be gone.
    this.shown.name = files.length > LONGEST_COUNT ? files : `total (${files})`;
    this.bar?.setTotal(size);
    this.bar?.update(this.shown.bytes);
  }
}

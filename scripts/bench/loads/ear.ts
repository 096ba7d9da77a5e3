import type { Script } from "./script.ts";

/** What one receiver makes of what it hears. */
export interface Report {
  /** Message `number` of a publisher came, the next one in order. */
  got(publisher: number, number: number): void;
  /** Messages `from` to `to - 1` should have come before the one that did. */
  missed(publisher: number, from: number, to: number): void;
  /** A message came that was due earlier, or for the second time. */
  disordered(): void;
}

const CR = 13;

/** Hears a stream line by line and compares the numbers in it with those that are due. */
export class Ear {
  private begun: Buffer;

  /**
   * @param due the number due next, of each publisher; kept up to date
   * @param begun what came of a line that has not ended
   */
  constructor(
    private readonly script: Script,
    readonly due: number[],
    begun: Buffer = Buffer.alloc(0),
  ) {
    this.begun = begun;
  }

  hear(chunk: Buffer, report: Report): void {
    const bytes = this.begun.length === 0 ? chunk : Buffer.concat([this.begun, chunk]);
    const { ending } = this.script;
    let from = 0;
    for (let end = bytes.indexOf(ending); end !== -1; end = bytes.indexOf(ending, from)) {
      this.line(bytes.subarray(from, bytes[end - 1] === CR && end > from ? end - 1 : end), report);
      from = end + ending.length;
    }
    this.begun = bytes.subarray(from);
  }

  private line(line: Buffer, report: Report): void {
    const heard = this.script.read(line);
    if (heard === null) return;
    const { publisher, number } = heard;
    const due = this.due[publisher] ?? 0;
    if (number < due) {
      report.disordered();
      return;
    }
    if (number > due) report.missed(publisher, due, number);
    this.due[publisher] = number + 1;
    report.got(publisher, number);
  }
}

import { escapeText } from "../../bytes/text.ts";
import type { Bar, Progress } from "./progress.ts";

const nothing: Bar = { at() {}, done() {}, failed() {} };

/** Says nothing but what failed. */
export class QuietProgress implements Progress {
  constructor(private readonly note: (line: string) => void) {}

  begin(): Bar {
    return nothing;
  }

  expect(): void {}

  skip(): void {}

  log(): void {}

  fail(line: string): void {
    this.note(escapeText(line));
  }

  stop(): void {}
}

import { escapeText } from "../../bytes/text.ts";
import { safeJson } from "../json-text.ts";
import type { Fields } from "../messages.ts";
import type { Lines } from "./plain.ts";
import type { Bar, Progress } from "./progress.ts";

/** One line of JSON for each file that is whole or has failed; what else people would be told goes to stderr. */
export class JsonProgress implements Progress {
  constructor(private readonly lines: Lines) {}

  begin(name: string, size: number | null, from = 0): Bar {
    let bytes = from;
    const tell = (fields: Fields) => this.tell({ name, size, bytes, ...fields });
    return {
      at(now) {
        bytes = now;
      },
      done: (_, facts = {}) => tell({ ok: true, ...facts }),
      failed: (error, facts = {}) => tell({ ok: false, error, ...facts }),
    };
  }

  expect(): void {}

  skip(name: string, error: string, leftOut = false): void {
    this.tell({ name, ok: false, error, ...(leftOut && { leftOut }) });
  }

  log(line: string): void {
    this.lines.note(escapeText(line));
  }

  fail(line: string): void {
    this.log(line);
  }

  stop(): void {}

  private tell(fields: Fields): void {
    this.lines.result(safeJson(JSON.stringify(fields)));
  }
}

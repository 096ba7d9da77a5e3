import { patientClock } from "../patient-clock.ts";
import { JsonProgress } from "./json.ts";
import { type Lines, PlainProgress } from "./plain.ts";
import type { Progress } from "./progress.ts";
import { QuietProgress } from "./quiet.ts";

export interface ProgressOptions {
  readonly quiet?: boolean;
  readonly json?: boolean;
  /** Stdout carries a file's bytes and must have nothing else. */
  readonly data?: boolean;
}

/** How this command shows its transfers: as it was told, else bars where stderr is a terminal and lines where not. */
export async function openProgress({ quiet = false, json = false, data = false }: ProgressOptions): Promise<Progress> {
  const { stdout, stderr } = process;
  const note = (line: string) => void stderr.write(`${line}\n`);
  const result = data ? note : (line: string) => void stdout.write(`${line}\n`);
  const lines: Lines = { result, note };
  if (json) return new JsonProgress(lines);
  if (quiet) return new QuietProgress(note);
  if (stderr.isTTY !== true || process.env["TERM"] === "dumb") return new PlainProgress(lines, patientClock);
  const { TerminalProgress } = await import("./terminal.ts");
  return new TerminalProgress(stderr, patientClock, data || stdout.isTTY === true ? null : result);
}

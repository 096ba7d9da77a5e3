import { formatTable } from "../../src/client/table.ts";
import type { Case, Goal } from "./case.ts";
import { DISTURBED } from "./patience.ts";
import { peers } from "./peers.ts";
import type { Sample } from "./sample.ts";
import type { Result } from "./turns.ts";

/** A case in numbers: a table, and sentences below it. */
export interface Section {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

interface Figure {
  readonly head: string;
  of(sample: Sample): number | undefined;
  show(value: number): string;
}

const MB = 1e6;

/** The figures beside the cost; those that no sample of a case has are left out. */
const figures: readonly Figure[] = [
  { head: "p99 ms", of: ({ p99Ms }) => p99Ms, show: digits },
  { head: "RSS before", of: ({ memoryBefore }) => memoryBefore, show: (bytes) => `${(bytes / MB).toFixed(1)} MB` },
  { head: "RSS", of: ({ memory }) => memory, show: (bytes) => `${(bytes / MB).toFixed(1)} MB` },
  { head: "set-up s", of: ({ setupSeconds }) => setupSeconds, show: (seconds) => seconds.toFixed(1) },
];

/** What a case has shown: medians over the rounds, with the least and the most of the cost. */
export function sectionOf(subject: Case, results: readonly Result[]): Section {
  const measured = results.filter(({ samples }) => samples.length > 0);
  const reference = measured.find(({ peer }) => peer === subject.reference);
  const rate: Figure = {
    head: subject.rate ?? "",
    of: (sample) => sample.rate,
    show: (n) => Math.round(n).toLocaleString("en-US"),
  };
  const shown = [rate, ...figures].filter(({ of }) =>
    measured.some(({ samples }) => samples.some((s) => of(s) !== undefined)),
  );
  const heads = [
    "server",
    subject.unit,
    "range",
    `x ${peers[subject.reference].title}`,
    ...shown.map(({ head }) => head),
  ];
  const rows = measured.map((result) => {
    const costs = result.samples.map(({ cost }) => cost);
    const ratio = reference && ratioOf(result, reference);
    return [
      peers[result.peer].title,
      digits(median(costs)),
      `${digits(Math.min(...costs))}..${digits(Math.max(...costs))}`,
      ratio === undefined ? "-" : ratio.toFixed(2),
      ...shown.map(({ of, show }) => {
        const values = result.samples.map(of).filter((value) => value !== undefined);
        return values.length === 0 ? "-" : show(median(values));
      }),
    ];
  });
  return { title: subject.title, heads, rows, notes: [...results.flatMap(troubles), ...goalNotes(subject, results)] };
}

/** For a terminal. */
export function asText({ title, heads, rows, notes }: Section): string {
  const columns = heads.map((head, at) => ({ title: head, right: at > 0 }));
  return [title, formatTable(columns, rows), ...notes].map((part) => `${part}\n`).join("");
}

/** For a README. */
export function asMarkdown({ title, heads, rows, notes }: Section): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const table = [line(heads), line(heads.map((_, at) => (at > 0 ? "---:" : "---"))), ...rows.map(line)];
  return [`**${title}**`, "", ...table, "", ...notes.map((note) => `- ${note}`)].map((part) => `${part}\n`).join("");
}

/** How many goals there are, and how many of them are reached; those that could not be measured count for neither. */
export function goalsReached(
  subject: Case,
  results: readonly Result[],
): { readonly reached: number; readonly of: number } {
  const values = subject.goals.map((goal) => ({ goal, value: measuredFor(goal, results) }));
  const known = values.filter(({ value }) => value !== undefined);
  return {
    reached: known.filter(({ goal, value }) => value !== undefined && value <= goal.most).length,
    of: known.length,
  };
}

function goalNotes({ goals, unit }: Case, results: readonly Result[]): string[] {
  return goals.map((goal) => {
    const value = measuredFor(goal, results);
    const what = "against" in goal ? `x ${peers[goal.against].title}` : goal.figure === "memory" ? "MB" : unit;
    const number = (n: number) => ("against" in goal ? n.toFixed(2) : digits(goal.figure === "memory" ? n / MB : n));
    if (value === undefined) return `goal: at most ${number(goal.most)} ${what}; not measured`;
    const verdict = value <= goal.most ? "reached" : "NOT reached";
    return `goal: at most ${number(goal.most)} ${what}; tincan has ${number(value)}: ${verdict}`;
  });
}

function measuredFor(goal: Goal, results: readonly Result[]): number | undefined {
  const own = results.find(({ peer }) => peer === "tincan");
  if (own === undefined || own.samples.length === 0) return undefined;
  if ("figure" in goal) return median(own.samples.map((sample) => sample[goal.figure] ?? Number.NaN));
  const other = results.find(({ peer }) => peer === goal.against);
  return other && ratioOf(own, other);
}

/** The median of the rounds' ratios: what was measured at the same time is compared. */
function ratioOf(one: Result, other: Result): number | undefined {
  const ratios = one.samples.flatMap(({ cost }, round) => {
    const theirs = other.samples[round]?.cost;
    return theirs === undefined || theirs === 0 ? [] : [cost / theirs];
  });
  return ratios.length === 0 ? undefined : median(ratios);
}

function troubles({ peer, samples, problem }: Result): string[] {
  const { title } = peers[peer];
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, sample) => total + of(sample), 0);
  const first = samples.find(({ firstWrong }) => firstWrong !== undefined)?.firstWrong;
  const disturbed = Math.max(0, ...samples.map(({ foreign }) => foreign));
  return [
    ...(problem === null
      ? []
      : [`${title}: ${samples.length === 0 ? "not measured" : "not measured to the end"}: ${problem}`]),
    ...(sum(({ wrong }) => wrong) > 0 ? [`${title}: ${sum(({ wrong }) => wrong)} wrong, the first: ${first}`] : []),
    ...(sum(({ lost }) => lost) > 0 ? [`${title}: ${sum(({ lost }) => lost)} lost`] : []),
    ...(sum((s) => s.disordered) > 0 ? [`${title}: ${sum((s) => s.disordered)} late or twice`] : []),
    ...(disturbed > DISTURBED ? [`${title}: other processes took up to ${disturbed.toFixed(2)} cores meanwhile`] : []),
  ];
}

/** Three digits, but no decimals from 100 on. */
function digits(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  if (value >= 10) return value.toFixed(1);
  return value.toFixed(value < 1 ? 3 : 2);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

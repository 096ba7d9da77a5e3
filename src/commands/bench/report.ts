import type { Kind } from "../../client/bench/kinds.ts";
import type { Load, Tally } from "../../client/bench/load.ts";
import { formatTable } from "../../client/table.ts";
import { formatTarget } from "../../client/target.ts";
import { formatSize } from "../../config/option.ts";

/** A measurement that has ended, or goes on. */
export interface Measured {
  readonly name: string;
  readonly kind: Kind;
  readonly load: Load;
  readonly tally: Tally;
  readonly seconds: number;
}

/** For the line that changes while it runs: `3 s  24,113 answers/s  p99 0.41 ms  0 errors`. */
export function progressLine({ kind, tally, seconds }: Measured): string {
  const rate = whole(tally.answers / seconds);
  return `${whole(seconds)} s  ${rate} ${kind.counts}/s  p99 ${ms(tally, 0.99)} ms  ${whole(tally.errors)} errors`;
}

/** The table for people. */
export function report(measured: Measured): string {
  const { name, kind, load, tally, seconds } = measured;
  const { connections, publishers } = load;
  const chat = () => `${some(publishers, "publisher")}, ${some(connections, "receiver")}`;
  const who = name === "chat" ? chat() : some(connections, "connection");
  const asked = `${who}, ${bytes(load.size)}, pipeline ${load.pipeline}`;
  const cells: readonly (readonly [title: string, cell: string])[] = [
    [kind.counts, whole(tally.answers)],
    [`${kind.counts}/s`, whole(tally.answers / seconds)],
    ["p50 ms", ms(tally, 0.5)],
    ["p99 ms", ms(tally, 0.99)],
    ["max ms", ms(tally, 1)],
    ["errors", whole(tally.errors)],
    ...(kind.losses ? [["lost", whole(tally.lost)] as const] : []),
    ...(name === "chat" ? [["disordered", whole(tally.disordered)] as const] : []),
  ];
  const columns = cells.map(([title]) => ({ title, right: true }));
  const table = formatTable(columns, [cells.map(([, cell]) => cell)]);
  return `${name} ${formatTarget(load.target)}: ${asked}, ${seconds.toFixed(1)} s\n\n${table}`;
}

/** The same for programs. */
export function reportJson({ name, kind, load, tally, seconds }: Measured): string {
  const { connections, size, pipeline, publishers } = load;
  return JSON.stringify({
    kind: name,
    target: formatTarget(load.target),
    ...{ connections, size, pipeline, seconds: rounded(seconds) },
    ...(name === "chat" && { publishers, said: tally.said, disordered: tally.disordered }),
    [kind.counts]: tally.answers,
    rate: rounded(tally.answers / seconds),
    p50Ms: milliseconds(tally, 0.5),
    p99Ms: milliseconds(tally, 0.99),
    maxMs: milliseconds(tally, 1),
    errors: tally.errors,
    ...(kind.losses && { lost: tally.lost }),
  });
}

function some(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function bytes(size: number): string {
  const text = formatSize(size);
  return text.endsWith("B") ? text : `${text} B`;
}

function milliseconds(tally: Tally, q: number): number | null {
  const us = tally.latency.quantile(q);
  return us === null ? null : rounded(us / 1000);
}

function ms(tally: Tally, q: number): string {
  return milliseconds(tally, q)?.toFixed(2) ?? "-";
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

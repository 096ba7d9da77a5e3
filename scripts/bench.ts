#!/usr/bin/env bun
import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { nearest } from "../src/nearest.ts";
import type { Case } from "./bench/case.ts";
import { cases } from "./bench/cases.ts";
import { canMeasure, machineName, placement } from "./bench/machine.ts";
import { Patience } from "./bench/patience.ts";
import { type PeerName, peers } from "./bench/peers.ts";
import { asMarkdown, asText, goalsReached, sectionOf } from "./bench/report.ts";
import { Share } from "./bench/share.ts";
import { type Plan, type Result, takeTurns } from "./bench/turns.ts";
import { build } from "./build.ts";

const ALL_PEERS = Object.keys(peers) as PeerName[];
const EXAMPLES = `
Cases:
${cases.map(({ name, title }) => `  ${name.padEnd(12)}  ${title}`).join("\n")}

Servers: ${ALL_PEERS.join(", ")}. One that is not installed is not measured.

The figure that counts is the CPU time that the kernel charges the server for an operation; the goals are what tincan
wants to reach, as ratios within one run. All answers are checked. A sample that other processes disturb is taken anew.

Examples:
  npm run bench
  npm run bench -- --only echo,chat-1000 --rounds 5 --seconds 2
  npm run bench -- --peers tincan,c --json figures.json
  npm run bench -- --markdown > figures.md
`;

interface Options {
  readonly only: readonly string[];
  readonly peers: readonly PeerName[];
  readonly rounds: number;
  readonly seconds: number;
  readonly mib: number;
  readonly json?: string;
  readonly markdown?: true;
}

const options = new Command("bench")
  .description("Measures tincan beside the servers that are installed, in some minutes.")
  .option(
    "--only <CASE,...>",
    "these cases alone",
    oneOf(cases.map(({ name }) => name)),
    cases.map(({ name }) => name),
  )
  .option("--peers <NAME,...>", "these servers alone", oneOf(ALL_PEERS), ALL_PEERS)
  .option("--rounds <N>", "turns of every server", number(1, 100), 3)
  .option("--seconds <S>", "how long a sample lasts", number(0.1, 10), 1)
  .option("--mib <N>", "MiB of the file that is moved", number(1, 4096), 1024)
  .option("--json <FILE>", "write every sample to FILE too")
  .option("--markdown", "print tables for a README")
  .addHelpText("after", EXAMPLES)
  .parse()
  .opts<Options>();

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
if (!canMeasure()) {
  process.stderr.write("CPU time is read from Linux's /proc/PID/task/TID/schedstat, which is missing here\n");
  process.exit(69);
}
await build();
await run(options);
process.exit();

async function run({ only, rounds, seconds, mib, json, markdown }: Options): Promise<void> {
  const { server: placed, words } = placement();
  const terminal = process.stderr.isTTY;
  const plan: Plan = {
    ...{ peers: options.peers, rounds, seconds, placed },
    share: new Share(mib),
    patience: new Patience(30 * rounds * Math.max(1, seconds)),
    progress: (what) => terminal && process.stderr.write(`\r\x1b[K${what}`),
  };
  const conditions = `${machineName()}; ${words}; ${rounds} rounds of ${seconds} s or ${mib} MiB, medians`;
  process.stdout.write(`${conditions}\n\n`);
  const done: { subject: Case; results: readonly Result[] }[] = [];
  for (const subject of cases.filter(({ name }) => only.includes(name))) {
    const results = await takeTurns(subject, plan);
    done.push({ subject, results });
    if (terminal) process.stderr.write("\r\x1b[K");
    process.stdout.write(`${(markdown ? asMarkdown : asText)(sectionOf(subject, results))}\n`);
  }
  const goals = done.map(({ subject, results }) => goalsReached(subject, results));
  const sum = (of: "reached" | "of") => goals.reduce((total, goal) => total + goal[of], 0);
  process.stdout.write(`${sum("reached")} of ${sum("of")} goals reached\n`);
  if (json !== undefined) {
    const record = done.map(({ subject: { name, title, unit }, results }) => ({ name, title, unit, results }));
    writeFileSync(json, `${JSON.stringify({ conditions, cases: record }, null, 2)}\n`);
  }
  const wrong = done.some(({ results }) => results.some(({ samples }) => samples.some((sample) => sample.wrong > 0)));
  process.exitCode = wrong ? 1 : 0;
}

function oneOf<T extends string>(known: readonly T[]): (text: string) => T[] {
  return (text) =>
    text.split(",").map((word) => {
      const found = known.find((name) => name === word);
      if (found !== undefined) return found;
      const near = nearest(word, known);
      const hint = near === null ? `take ${known.join(", ")}` : `did you mean ${near}?`;
      throw new InvalidArgumentError(`${JSON.stringify(word)} is none; ${hint}`);
    });
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text === "" || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`it is not a number from ${least} to ${most}`);
    }
    return value;
  };
}

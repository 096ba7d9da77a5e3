#!/usr/bin/env bun
import { Command, InvalidArgumentError } from "commander";
import { type Failure, Fuzzer, loadTargets } from "./fuzzer.ts";

/** Inputs tried on one target before the next has its turn. */
const TURN = 500;
const REPORT_EVERY_MS = 5000;

function number(text: string): number {
  const value = Number(text);
  if (text === "" || !(value >= 0)) throw new InvalidArgumentError("it is not a number; try 10");
  return value;
}

const options = new Command("fuzz")
  .description("Feeds random and mutated input to every decoder until one breaks a promise")
  .option("--seconds <N>", "stop after N seconds (default: not before ctrl-C)", number, Number.POSITIVE_INFINITY)
  .option("--seed <N>", "repeat the inputs of an earlier run", number, Math.floor(Math.random() * 2 ** 32))
  .option("--target <NAME>", "only this one")
  .parse()
  .opts<{ seconds: number; seed: number; target?: string }>();

const targets = await loadTargets();
const chosen = targets.filter(({ name }) => options.target === undefined || name === options.target);
if (chosen.length === 0) {
  process.stderr.write(
    `there is no target ${JSON.stringify(options.target)}; try ${targets.map(({ name }) => name).join(", ")}\n`,
  );
  process.exit(64);
}

let stopped = false;
process.once("SIGINT", () => {
  stopped = true;
});
const fuzzers = new Map(chosen.map((target) => [target.name, new Fuzzer(target, options.seed)]));
process.stdout.write(`seed ${options.seed}, targets ${[...fuzzers.keys()].join(", ")}\n`);

const started = performance.now();
let reported = started;
while (!stopped && performance.now() - started < options.seconds * 1000) {
  for (const [name, fuzzer] of fuzzers) {
    const failure = await fuzzer.run(TURN);
    if (failure) fail(name, fuzzer, failure);
  }
  // Signals are heard between turns.
  await new Promise((resolve) => setImmediate(resolve));
  if (performance.now() - reported >= REPORT_EVERY_MS) report();
}
report();

function report(): void {
  reported = performance.now();
  const counts = [...fuzzers].map(([name, { executions }]) => `${name} ${executions}`);
  process.stdout.write(`${((reported - started) / 1000).toFixed(0)} s: ${counts.join(", ")} executions\n`);
}

function fail(name: string, fuzzer: Fuzzer, { error, input }: Failure): never {
  const hex = Buffer.from(input).toString("hex");
  process.stdout.write(`${name} failed after ${fuzzer.executions} executions, seed ${options.seed}\ninput ${hex}\n`);
  process.stdout.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

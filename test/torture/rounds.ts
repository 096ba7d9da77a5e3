import { expect } from "bun:test";
import { Random, SEED } from "../support/random.ts";
import type { Side } from "../support/relay.ts";

/** One kill: what runs, who dies, and after how many bytes. */
export interface Round {
  readonly number: number;
  readonly victim: Side;
  /** Bytes that had passed when it was killed. */
  readonly offset: number;
  /** More random numbers of this round. */
  readonly random: Random;
}

/** As many rounds run at a time: most of a round is waiting for programs to start and to try again. */
const LANES = 5;

/** What the part of rounds is that must have gone on in the middle, or the kills did not hit. */
const RESUMED = 0.6;

/** `TINCAN_TEST_ROUND=17` with the seed of a failure repeats that one round. */
const ONLY = process.env["TINCAN_TEST_ROUND"];

/**
 * Runs `count` rounds that are spread over `bytes`: one at a random moment within each part of them. Client and server
 * die in turns of `each` rounds. `run` tells whether something was gone on with.
 */
export async function inRounds(
  count: number,
  bytes: number,
  each: number,
  run: (round: Round) => Promise<boolean>,
): Promise<void> {
  const rounds = Array.from({ length: count }, (_, number) => {
    const random = new Random((SEED + number * 0x9e3779b9) >>> 0);
    const offset = Math.floor(((number + random.below(1_000_000) / 1_000_000) / count) * bytes);
    const victim: Side = Math.floor(number / each) % 2 === 0 ? "server" : "client";
    return { number, victim, offset, random };
  });
  const waiting = ONLY === undefined ? rounds : rounds.filter(({ number }) => number === Number(ONLY));
  let resumed = 0;
  const lane = async () => {
    for (let round = waiting.shift(); round !== undefined; round = waiting.shift()) {
      if (await named(round, run)) resumed++;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (ONLY === undefined) expect(resumed).toBeGreaterThan(RESUMED * count);
}

/** Whatever goes wrong is told with how to have it go wrong again. */
async function named(round: Round, run: (round: Round) => Promise<boolean>): Promise<boolean> {
  try {
    return await run(round);
  } catch (cause) {
    const { number, victim, offset } = round;
    const why = cause instanceof Error ? cause.message : String(cause);
    const again = `TINCAN_TEST_SEED=${SEED} TINCAN_TEST_ROUND=${number} npm test -- torture/kills`;
    throw new Error(`${victim} killed at byte ${offset}: ${why}\nagain: ${again}`, { cause });
  }
}

import { test } from "bun:test";
import { killOnce } from "../support/mortal.ts";
import { Random, SEED } from "../support/random.ts";

const SIZE = 16 * 1024 * 1024;
const KILLS = 50;

for (let round = 0; round < KILLS; round++) {
  const random = new Random((SEED + 1000 + round) >>> 0);
  const op = random.below(2) === 0 ? "get" : "put";
  const victim = random.below(2) === 0 ? "server" : "client";
  const offset = Math.floor(((round + random.below(1000) / 1000) / KILLS) * SIZE);

  test(`${op}, the ${victim} killed at byte ${offset} of ${SIZE} (TINCAN_TEST_SEED=${SEED})`, async () => {
    await killOnce(op, victim, { size: SIZE, offset, random });
  }, 120_000);
}

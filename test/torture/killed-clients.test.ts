import { expect, test } from "bun:test";
import { resolve } from "node:path";
import { until } from "../support/deadline.ts";
import { lineClient } from "../support/line-user.ts";
import { Program } from "../support/program.ts";
import { Random, SEED } from "../support/random.ts";
import { startTincan, type Tincan } from "../support/tincan.ts";

const CLIENTS = 2_000;
const ROUNDS = 5;
/** Rounds before those, in which the heap grows to the size that this load needs (measured over 30 rounds: it stays there). */
const WARM_UP = 3;

/**
 * Memory that is no longer used but not collected yet varies by half of what is measured here (90 to 160 MB over 25
 * rounds, without growing). A collector that believes in a small machine leaves much less of it.
 */
const COLLECT_OFTEN = { BUN_JSC_forceRAMSize: String(30 * 1024 * 1024) };

test(`${CLIENTS} clients killed while they chat leave nothing behind, ${ROUNDS} times (seed ${SEED})`, async () => {
  await using tincan = await startTincan(["--doors", "line,framed"], { env: COLLECT_OFTEN });
  const seeds = new Random(SEED);
  const before = tincan.fds();
  const resident: number[] = [];
  for (let round = 1; round <= WARM_UP + ROUNDS; round++) {
    await killCrowd(tincan, seeds.below(2 ** 31));
    await tincan.waitForEvents(round * CLIENTS + (round - 1), ({ event }) => event === "closed", 30_000);
    await until(
      () => tincan.fds() === before,
      () => `${before} descriptors, not ${tincan.fds()}`,
    );
    expect(await othersIn(tincan)).toEqual([]);
    resident.push(tincan.rss());
  }
  const [, second = 0, , , fifth = 0] = resident.slice(WARM_UP);
  expect(fifth, `resident after each round: ${resident.join(", ")}`).toBeLessThanOrEqual(second * 1.1);
}, 120_000);

/** Lets a crowd chat and die; the last tenth dies with its process. */
async function killCrowd(tincan: Tincan, seed: number): Promise<void> {
  const ports = [tincan.port("line"), tincan.port("framed")];
  const script = resolve(import.meta.dir, "crowd.ts");
  await using crowd = new Program([process.execPath, script, ...[...ports, CLIENTS, seed].map(String)]);
  await crowd.stdout.readLineWith("connected", 30_000);
  await crowd.stdout.readLineWith("dying", 30_000);
  crowd.kill("SIGKILL");
  await crowd.exited();
}

/** Who is in the lobby, and which other rooms there are, as somebody sees it who comes in now. */
async function othersIn(tincan: Tincan): Promise<string[]> {
  using ann = await lineClient({ port: tincan.port("line") }, "ann");
  await ann.user.say("/rooms");
  await ann.user.say("/who");
  await ann.user.say("/nick end_of_list");
  const told = await ann.tcp.readUntil("called end_of_list");
  return told.match(/#r\d+|\b[lf]\d+\b|guest\d+/g) ?? [];
}

import { expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { Mortal, partSize } from "../support/mortal.ts";
import { Program, run } from "../support/program.ts";
import { Gate, Relay } from "../support/relay.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";
import { content } from "../support/tree.ts";
import { inRounds, type Round } from "./rounds.ts";
import { sha256, Watcher } from "./watcher.ts";

const SIZE = 3 * 1024 * 1024 + 17;
/** What passes beside the bytes of the file: greetings, headers, the end with its hash. */
const TALK = 800;
const RESUMING = /^resuming big\.bin at \d+\.\d %$/m;

test("killed with -9 at 50 moments, tincan get and put go on there and prove what arrived", async () => {
  await inRounds(50, SIZE + TALK, 2, killOnce);
}, 150_000);

async function killOnce({ number, victim, offset, random }: Round): Promise<boolean> {
  const op = number % 2 === 0 ? "get" : "put";
  /** Whether the client that is left tries again by itself, or a second one is started. */
  const patient = victim === "server" && random.below(2) === 0;
  using share = new TempFolder();
  using here = new TempFolder();
  const [from, to] = op === "get" ? [share, here] : [here, share];
  const bytes = content(SIZE, number + 1);
  writeFileSync(from.file("big.bin"), bytes);
  using watcher = new Watcher([share.path, here.path], "big.bin", SIZE, sha256(bytes));
  await using server = await Mortal.start(share.path, "framed");
  await using relay = await Relay.start(server.port);
  const gate = new Gate(op === "get" ? "server" : "client", offset);
  relay.gate = gate;
  const remote = `127.0.0.1:${relay.port}/big.bin`;
  const command = [TINCAN, ...(op === "get" ? ["get", remote] : ["put", "big.bin", remote])];
  const retries = patient ? [] : ["--retries", "0"];
  await using first = new Program([...command, ...retries], { cwd: here.path });
  await Promise.race([gate.reached, first.exited(30_000)]);
  if (victim === "client") first.kill("SIGKILL");
  else await server.kill();
  relay.gate = null;
  relay.lose(victim);
  if (victim === "client") await first.exited();
  const left = partSize(to.path);
  if (victim === "server") {
    await server.start();
    relay.to = server.port;
  }
  const resumed = patient ? await goesOn(first, left) : await isTriedAgain(first, command, here.path, left);
  expect(watcher.stop()).toEqual([]);
  expect(watcher.looks).toBeGreaterThan(10);
  for (const folder of [share, here]) expect(readdirSync(folder.path)).toEqual(["big.bin"]);
  expect(sha256(readFileSync(to.file("big.bin")))).toBe(sha256(bytes));
  return resumed;
}

/** The client that is left tries again by itself. All may have come before the kill; then there is nothing to try. */
async function goesOn(client: Program, left: number): Promise<boolean> {
  const code = await client.exited(30_000);
  const said = client.stderr.unread.toString();
  expect([code, said]).toEqual([0, expect.any(String)]);
  expect(client.stdout.unread.toString()).toContain("verified");
  if (left > 0 && said.includes("trying again")) expect(said).toMatch(RESUMING);
  return RESUMING.test(said);
}

/** The same command once more. */
async function isTriedAgain(client: Program, command: readonly string[], cwd: string, left: number): Promise<boolean> {
  await client.exited(30_000);
  const { code, stdout, stderr } = await run(command, { cwd, ms: 30_000 });
  expect([code, stdout, stderr]).toEqual([0, expect.stringContaining("verified"), expect.any(String)]);
  if (left > 0 && !stdout.includes("already there")) expect(stderr).toMatch(RESUMING);
  return RESUMING.test(stderr);
}

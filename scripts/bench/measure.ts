import { type Running, Tally } from "../../src/client/bench/load.ts";
import type { Step } from "./loads/forms.ts";
import { type Crowd, gather } from "./loads/idle.ts";
import type { Sample } from "./sample.ts";
import type { Server } from "./server.ts";
import { cpuBetween, machineCpu, ownCpu } from "./usage.ts";

/**
 * A server has settled when it uses less than this share of a core. Bun looks for garbage once a second, and where memory
 * that is not used cools down at once, as in some virtual machines, that takes up to 6 % by itself.
 */
const AT_REST = 0.1;
const REST_MS = 20_000;
/** Until a server that gives memory back when it has nothing to do has done so. */
export const LONG_REST_MS = 2_000;

/** CPU time of the server for one operation in us, while `start` keeps it busy. */
export async function measureWork(
  server: Server,
  seconds: number,
  start: (tally: Tally) => Running | Promise<Running>,
): Promise<Sample> {
  const tally = new Tally();
  const running = await start(tally);
  const foreign = watchOthers(server);
  const before = { cpu: server.cpu(), answers: tally.answers, at: performance.now() };
  await Bun.sleep(seconds * 1000);
  const cpu = cpuBetween(before.cpu, server.cpu());
  const answers = tally.answers - before.answers;
  const lasted = (performance.now() - before.at) / 1000;
  const others = foreign();
  const memory = server.memory();
  await running.stop();
  if (answers === 0) throw new Error(`nothing was answered${tally.firstError === null ? "" : `: ${tally.firstError}`}`);
  return {
    cost: cpu / 1000 / answers,
    rate: answers / lasted,
    p99Ms: (tally.latency.quantile(0.99) ?? 0) / 1000,
    memory,
    wrong: tally.errors,
    ...(tally.firstError !== null && { firstWrong: tally.firstError }),
    lost: tally.lost,
    disordered: tally.disordered,
    foreign: others,
  };
}

/** Bytes of resident memory that each of `count` connections costs, in a server nobody has used yet. */
export async function measureIdle(
  server: Server,
  count: number,
  steps: (at: number) => readonly Step[],
): Promise<Sample> {
  await rest(server);
  const memoryBefore = server.ownMemory();
  const began = performance.now();
  const crowd: Crowd = await gather(server.port, count, steps);
  const setupSeconds = (performance.now() - began) / 1000;
  await rest(server);
  const memory = server.ownMemory();
  const gone = count - crowd.present();
  crowd.leave();
  return {
    cost: (memory - memoryBefore) / count,
    memory,
    memoryBefore,
    setupSeconds,
    wrong: gone,
    ...(gone > 0 && { firstWrong: "the server closed a connection" }),
    lost: 0,
    disordered: 0,
    foreign: 0,
  };
}

/** Milliseconds from the start of a process to its first connection, and its memory at rest. */
export async function measureStart(server: Server): Promise<Sample> {
  await rest(server, LONG_REST_MS);
  return { cost: server.readyMs, memory: server.memory(), wrong: 0, lost: 0, disordered: 0, foreign: 0 };
}

/** Waits until the server has done next to nothing for so long, at most 20 s. */
export async function rest(server: Server, ms = 500): Promise<void> {
  let isQuiet = false;
  for (let waited = 0; !isQuiet && waited < REST_MS; waited += ms) {
    const before = server.cpu();
    await Bun.sleep(ms);
    isQuiet = cpuBetween(before, server.cpu()) / 1e6 / ms < AT_REST;
  }
}

/** From here to the call of the answer: cores busy with neither the server nor this process. */
function watchOthers(server: Server): () => number {
  const before = { server: server.cpu(), own: ownCpu(), machine: machineCpu(), at: performance.now() };
  return () => {
    const busy = machineCpu() - before.machine;
    const known = cpuBetween(before.server, server.cpu()) / 1e9 + ownCpu() - before.own;
    return Math.max(0, (busy - known) / ((performance.now() - before.at) / 1000));
  };
}

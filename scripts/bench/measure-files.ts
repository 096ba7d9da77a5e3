import { copyFileSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { Tally } from "../../src/client/bench/load.ts";
import { curl, ONE_CIPHER } from "./loads/curl.ts";
import type { Step } from "./loads/forms.ts";
import { startSessions } from "./loads/ftp-sessions.ts";
import { gather } from "./loads/idle.ts";
import { type Received, receiveFramed, receiveRaw } from "./loads/receive.ts";
import { rawExchange, startTalking } from "./loads/talk.ts";
import { LONG_REST_MS, measureWork, rest } from "./measure.ts";
import type { Sample } from "./sample.ts";
import type { Server } from "./server.ts";
import type { Share } from "./share.ts";
import { cpuBetween, machineCpu, ownCpu } from "./usage.ts";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const MB = 1e6;

/** What was moved, by whom, and what was wrong with it. */
interface Move {
  readonly bytes: number;
  readonly seconds: number;
  /** CPU seconds of clients that are processes of their own. */
  readonly clientCpu: number;
  readonly wrong?: string | undefined;
}

/**
 * In which a server has done all that a session leaves to do. Not until it is at rest: where memory that is not used cools
 * down at once, as in some virtual machines, Bun's looks for garbage, one a second, take 5 % of a core by themselves. Up to
 * 20 s of those counted as the transfer's, three times what it took.
 */
const CLEARING_UP_MS = 500;

/** CPU seconds of the server for a GiB, with what is left to do when the client has gone. */
async function measureMove(server: Server, move: () => Promise<Move>): Promise<Sample> {
  const before = { server: server.cpu(), own: ownCpu(), machine: machineCpu(), at: performance.now() };
  const { bytes, seconds, clientCpu, wrong } = await move();
  const lasted = (performance.now() - before.at) / 1000;
  const busy = machineCpu() - before.machine;
  const known = cpuBetween(before.server, server.cpu()) / 1e9 + ownCpu() - before.own + clientCpu;
  await Bun.sleep(CLEARING_UP_MS);
  return {
    cost: cpuBetween(before.server, server.cpu()) / 1e9 / (bytes / GIB),
    rate: bytes / MIB / seconds,
    wrong: wrong === undefined ? 0 : 1,
    ...(wrong !== undefined && { firstWrong: wrong }),
    lost: 0,
    disordered: 0,
    foreign: Math.max(0, (busy - known) / lasted),
  };
}

/** curl fetches the large file from an address: `ftp://127.0.0.1:2121/`. */
export function measureDownload(server: Server, scheme: "ftp" | "http" | "https", tls: boolean): Promise<Sample> {
  const { port, share } = server.site;
  const url = `${scheme}://127.0.0.1:${port}/${scheme === "ftp" ? "" : "files/"}${share.file}`;
  return measureMove(server, async () => {
    const moved = await curl([...(tls ? ONE_CIPHER : []), "-o", "/dev/null", url]);
    return { ...moved, wrong: miscounted(moved.bytes, share.bytes) };
  });
}

/** curl stores the large file. */
export function measureUpload(server: Server, scheme: "ftp" | "http"): Promise<Sample> {
  const { port, share } = server.site;
  const name = `${share.inbox}/file-${port}`;
  const source = join(share.root, share.file);
  touchMemory(share, source);
  return measureMove(server, async () => {
    const moved = await curl([
      "-T",
      source,
      `${scheme}://127.0.0.1:${port}/${scheme === "ftp" ? "" : "files/"}${name}`,
    ]);
    const stored = join(share.memory, name);
    const { size } = statSync(stored);
    unlinkSync(stored);
    return { ...moved, wrong: miscounted(size, share.bytes) };
  });
}

/**
 * Takes as much memory as the upload will need and gives it back, so that the kernel has it at hand. A virtual machine may
 * have returned what was free for some seconds to its host, and to get it again costs whoever writes first as much as the
 * whole upload does: 1.0 to 1.6 s/GiB were measured so, and 0.7 on other days.
 */
function touchMemory(share: Share, source: string): void {
  const scrap = join(share.memory, "scrap");
  copyFileSync(source, scrap);
  unlinkSync(scrap);
}

/** The large file over frames. */
export function measureFramed(server: Server, hash: boolean): Promise<Sample> {
  const { port, share } = server.site;
  return measureMove(server, async () =>
    checked(await receiveFramed(port, `/${share.file}`, hash), share.bytes, hash ? share.sha256 : null),
  );
}

/** The large file as it is, with its hash behind it. */
export function measureRaw(server: Server): Promise<Sample> {
  const { port, share } = server.site;
  return measureMove(server, async () => checked(await receiveRaw(port), share.bytes, share.sha256));
}

function checked({ bytes, sha256, seconds }: Received, due: number, hash: string | null): Move {
  const wrong = sha256 === hash ? miscounted(bytes, due) : `the hash is ${sha256} instead of ${hash}`;
  return { bytes, seconds, clientCpu: 0, wrong };
}

function miscounted(bytes: number, due: number): string | undefined {
  return bytes === due ? undefined : `${bytes} bytes came instead of ${due}`;
}

/** CPU time of the server for a session that logs in, lists a folder and leaves, in ms; `visitors` at a time. */
export async function measureSessions(server: Server, seconds: number, visitors: number): Promise<Sample> {
  const { port, share } = server.site;
  const errand = { port, folder: share.folder, lines: share.listed };
  const sample = await measureWork(server, seconds, (tally) => startSessions(errand, visitors, tally));
  return { ...sample, cost: sample.cost / 1000 };
}

const LOGIN: readonly Step[] = [
  { send: "", until: "220 " },
  { send: "USER anonymous\r\n", until: "331 " },
  { send: "PASS bench@\r\n", until: "230 " },
];

/** MB of all processes of a server together, with `count` sessions of FTP that do nothing. */
export async function measureIdleSessions(server: Server, count: number): Promise<Sample> {
  const crowd = await gather(server.port, count, () => LOGIN);
  await rest(server, LONG_REST_MS);
  const memory = server.memoryOfAll();
  const gone = count - crowd.present();
  crowd.leave();
  return {
    cost: memory / MB,
    wrong: gone,
    ...(gone > 0 && { firstWrong: "the server closed a connection" }),
    lost: 0,
    disordered: 0,
    foreign: 0,
  };
}

/**
 * The 99th percentile of the time that one echo takes in ms, while curl fetches the large file `downloads` times at once.
 * The downloads give way to the one who measures (nice), so that it is the server who makes an answer late.
 */
export async function measureBeside(server: Server, seconds: number, downloads: number): Promise<Sample> {
  const { port, other, share } = server.site;
  let over = false;
  let bytes = 0;
  const fetchAll = async () => {
    while (!over) bytes += (await curl(["-o", "/dev/null", `ftp://127.0.0.1:${other}/${share.file}`], 10)).bytes;
  };
  const began = performance.now();
  const fetching = Promise.all(Array.from({ length: downloads }, fetchAll));
  const tally = new Tally();
  const talking = startTalking(port, 1, rawExchange(64), tally);
  await Promise.race([Bun.sleep(seconds * 1000), fetching]);
  await talking.stop();
  over = true;
  await fetching;
  return {
    cost: (tally.latency.quantile(0.99) ?? 0) / 1000,
    rate: bytes / MIB / ((performance.now() - began) / 1000),
    wrong: tally.errors,
    ...(tally.firstError !== null && { firstWrong: tally.firstError }),
    lost: 0,
    disordered: 0,
    foreign: 0,
  };
}

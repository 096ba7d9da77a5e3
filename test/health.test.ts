import { expect, test } from "bun:test";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Status } from "../src/control/status.ts";
import { Health } from "../src/health.ts";
import type { Fields } from "../src/log.ts";
import { nextTurn } from "../src/next-turn.ts";
import { until } from "./support/deadline.ts";
import { HandClock } from "./support/hand-clock.ts";
import { run } from "./support/program.ts";
import { TempFolder } from "./support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "./support/tincan.ts";

const state = (tincan: Tincan) => tincan.folder.file("state");
const status = (tincan: Tincan) => run([TINCAN, "status", "--state-dir", state(tincan)]);
const fetchFrom = (tincan: Tincan, path: string, init?: RequestInit) =>
  fetch(`http://127.0.0.1:${tincan.port("http")}${path}`, init);

async function readiness(tincan: Tincan): Promise<readonly [number, string]> {
  const answer = await fetchFrom(tincan, "/readyz", { headers: { Accept: "application/json" } });
  if (answer.ok) return [answer.status, ""];
  const { error } = (await answer.json()) as { error: { message: string } };
  return [answer.status, error.message];
}

test("a share that is deleted is told of, and one that takes its place is served", async () => {
  using folder = new TempFolder();
  const share = folder.file("share");
  mkdirSync(share);
  writeFileSync(`${share}/old`, "old");
  await using tincan = await startTincan([
    share,
    "--doors",
    "http",
    "--allow-upload",
    "--min-free",
    "0",
    "--quota",
    "9",
  ]);
  expect((await fetchFrom(tincan, "/files/a", { method: "PUT", body: "six by" })).status).toBe(201);
  rmSync(share, { recursive: true });
  const what = "the folder that is shared";
  await tincan.waitForEvent(({ event }) => event === "gone");
  expect(tincan.events.find(({ event }) => event === "gone")).toMatchObject({ level: "error", what, path: share });
  expect(await readiness(tincan)).toEqual([503, `${what} is gone`]);
  expect((await status(tincan)).stdout).toContain(`\nnot ready: ${what} is gone\n`);
  const anew = folder.file("anew");
  mkdirSync(anew);
  writeFileSync(`${anew}/new`, "new");
  renameSync(anew, share);
  await tincan.waitForEvent(({ event }) => event === "back");
  expect(await readiness(tincan)).toEqual([200, ""]);
  expect(await (await fetchFrom(tincan, "/files/new")).text()).toBe("new");
  // As many as the quota leaves beside what is there now.
  expect((await fetchFrom(tincan, "/files/b", { method: "PUT", body: "six by" })).status).toBe(201);
  expect((await fetchFrom(tincan, "/files/c", { method: "PUT", body: "x" })).status).toBe(507);
});

test("what takes a share's place and leads elsewhere is not served", async () => {
  using folder = new TempFolder();
  const share = folder.file("share");
  for (const name of ["share", "secret"]) mkdirSync(folder.file(name));
  writeFileSync(folder.file("secret/a"), "secret");
  await using tincan = await startTincan([share, "--doors", "http"]);
  rmSync(share, { recursive: true });
  await run(["ln", "-s", "secret", share]);
  await tincan.waitForEvent(({ event }) => event === "gone");
  expect((await fetchFrom(tincan, "/files/a")).status).toBe(404);
});

test("the control socket comes back when the state folder was deleted", async () => {
  await using tincan = await startTincan(["--doors", "http"]);
  // In one step: the daemon makes the folder anew as soon as it misses it.
  renameSync(state(tincan), tincan.folder.file("moved"));
  await tincan.waitForEvent(({ event }) => event === "control-socket-deleted");
  await until(async () => (await status(tincan)).code === 0, "the new socket");
});

test("a daemon whose control socket cannot be made anew is ready, and tries until it can", async () => {
  await using tincan = await startTincan(["--doors", "http"]);
  let moved = 0;
  // The daemon may miss the folder and make it anew before anything else is in its place.
  await until(() => {
    renameSync(state(tincan), tincan.folder.file(`moved-${++moved}`));
    try {
      writeFileSync(state(tincan), "", { flag: "wx" });
      return true;
    } catch {
      return false;
    }
  }, "a file instead of the folder");
  const what = "the control socket";
  await tincan.waitForEvent(({ event }) => event === "gone");
  expect(tincan.events.find(({ event }) => event === "gone")).toMatchObject({ level: "warn", what });
  expect(await readiness(tincan)).toEqual([200, ""]);
  const { troubles, notReady } = (await (await fetchFrom(tincan, "/api/status")).json()) as Partial<Status>;
  expect({ troubles, notReady }).toEqual({ troubles: [`${what} is gone`], notReady: null });
  rmSync(state(tincan));
  await tincan.waitForEvent(({ event }) => event === "back");
  expect((await status(tincan)).code).toBe(0);
});

test("a history that is deleted is told of", async () => {
  await using tincan = await startTincan(["--doors", "http", "--history", "forever"]);
  renameSync(`${state(tincan)}/history.db`, tincan.folder.file("moved"));
  await tincan.waitForEvent(({ event }) => event === "gone");
  expect(await readiness(tincan)).toEqual([503, "the database of what was said is gone"]);
});

/** What is looked for, and what the looks find. */
class Sought {
  looks: PromiseWithResolvers<boolean>[] = [];

  isHealthy(): Promise<boolean> {
    const look = Promise.withResolvers<boolean>();
    this.looks.push(look);
    return look.promise;
  }

  async find(isHealthy: boolean): Promise<void> {
    this.looks.at(-1)?.resolve(isHealthy);
    await nextTurn();
  }
}

function watch(...kinds: readonly boolean[]) {
  const clock = new HandClock();
  const told: string[] = [];
  const at = (event: string, { what }: Fields = {}) => void told.push(`${event}: ${what}`);
  const health = new Health(clock, { debug: at, info: at, warn: at, error: at });
  const sought = kinds.map((isVital, n) => {
    const of = new Sought();
    health.add(`number ${n}`, "/", of, isVital);
    return of;
  });
  health.begin();
  return { health, told, round: () => clock.move(2_000), sought: sought as [Sought, Sought] };
}

test("a disk that hangs keeps nobody from noticing what becomes of another, and is told of after two rounds", async () => {
  const { health, told, round, sought } = watch(true, true);
  const [hung, other] = sought;
  round();
  await other.find(true);
  round();
  await other.find(false);
  expect(health.troubles).toEqual(["number 1 is gone"]);
  round();
  await other.find(true);
  expect([health.notReady, told]).toEqual([
    "number 0 does not answer",
    ["gone: number 1", "gone: number 0", "back: number 1"],
  ]);
  expect([hung.looks.length, other.looks.length]).toEqual([1, 3]);
  await hung.find(true);
  expect([health.notReady, told.at(-1)]).toEqual([null, "back: number 0"]);
  round();
  expect(hung.looks.length).toBe(2);
});

test("what the daemon can do without leaves it ready", async () => {
  const { health, round, sought } = watch(true, false);
  round();
  await sought[1].find(false);
  expect([health.notReady, health.troubles]).toEqual([null, ["number 1 is gone"]]);
  await sought[0].find(false);
  expect([health.notReady, health.troubles]).toEqual(["number 0 is gone", ["number 0 is gone", "number 1 is gone"]]);
});

test("what is closed at the end is not told of", async () => {
  const { health, told, round, sought } = watch(true);
  round();
  health.stop();
  await sought[0].find(false);
  health.begin();
  round();
  expect([told, sought[0].looks.length]).toEqual([[], 1]);
});

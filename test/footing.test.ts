import { expect, test } from "bun:test";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { until } from "./support/deadline.ts";
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
  await using tincan = await startTincan(["--doors", "echo"]);
  rmSync(state(tincan), { recursive: true });
  expect((await status(tincan)).code).toBe(69);
  await tincan.waitForEvent(({ event }) => event === "control-socket-deleted");
  await until(async () => (await status(tincan)).code === 0, "the new socket");
});

test("a history that is deleted is told of", async () => {
  await using tincan = await startTincan(["--doors", "http", "--history", "forever"]);
  rmSync(state(tincan), { recursive: true });
  await tincan.waitForEvent(({ event }) => event === "gone");
  expect(await readiness(tincan)).toEqual([503, "the database of what was said is gone"]);
});

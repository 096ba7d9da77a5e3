import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cpuBetween, cpuTimes, residentBytes } from "../../scripts/bench/usage.ts";
import { until } from "../support/deadline.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";

const BENCH = [process.execPath, join(import.meta.dir, "../../scripts/bench.ts")];

test("the help shows examples, all cases and all servers", async () => {
  const { code, stdout } = await run([...BENCH, "--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("npm run bench -- --only echo,chat-1000");
  expect(stdout).toContain("idle-chat     10,000 idle chat members");
  expect(stdout).toContain(
    "Servers: tincan, unkept, line-door, c, node, gevent, ngircd, nats, ncat, vsftpd, nginx, pyftpdlib, hashed.",
  );
});

test("a case that does not exist is refused, with the one that was meant", async () => {
  const { code, stderr } = await run([...BENCH, "--only", "echo,char-100"]);
  expect(code).not.toBe(0);
  expect(stderr).toContain('"char-100" is none; did you mean chat-100?');
});

test("a short run prints a table, writes every sample down and leaves nothing behind", async () => {
  using folder = new TempFolder();
  using scratch = new TempFolder();
  const json = folder.file("figures.json");
  const what = ["--only", "echo", "--peers", "tincan,node", "--rounds", "1", "--seconds", "0.1"];
  const { code, stdout } = await run([...BENCH, ...what, "--json", json], {
    env: { TMPDIR: scratch.path },
    ms: 80_000,
  });
  expect(stdout).toMatch(/^echo: 50 connections x 64 B\nserver +CPU us\/answer +range +x C epoll +answers\/s/m);
  expect(stdout).toMatch(/^tincan +\d\S+ +\S+\.\.\S+ +- +\S+ +\S+ +\S+ MB$/m);
  expect(stdout).toContain("goal: at most 1.20 x C epoll; not measured");
  expect(code).toBe(0);
  const [{ results }] = JSON.parse(readFileSync(json, "utf8")).cases;
  expect(results[0]).toMatchObject({ peer: "tincan", problem: null, samples: [{ wrong: 0, lost: 0 }] });
  expect(readdirSync(scratch.path)).toEqual([]);
}, 90_000);

test("ctrl-C ends every server and removes every folder", async () => {
  using scratch = new TempFolder();
  const what = ["--only", "echo", "--peers", "tincan", "--rounds", "100", "--seconds", "1"];
  await using bench = new Program([...BENCH, ...what], { env: { TMPDIR: scratch.path } });
  await bench.stdout.readUntil("medians");
  const servers = () => children(bench.pid).filter((pid) => residentBytes(pid) > 30e6);
  await until(() => servers().length === 1, "a server");
  const [server = 0] = servers();
  bench.kill("SIGINT");
  expect(await bench.exited()).toBe(130);
  await until(() => residentBytes(server) === 0, "the end of the server");
  expect(readdirSync(scratch.path)).toEqual([]);
});

test("the CPU time of a process is that of its threads and children", async () => {
  const [before, began] = [cpuTimes(process.pid), process.cpuUsage()];
  while (process.cpuUsage(began).user < 30_000) Math.sqrt(2);
  const ms = cpuBetween(before, cpuTimes(process.pid)) / 1e6;
  expect(ms).toBeGreaterThan(20);
  expect(ms).toBeLessThan(500);
  await using child = new Program([process.execPath, "-e", "process.stdin.resume()"]);
  await until(() => (cpuTimes(process.pid).get(String(child.pid)) ?? 0) > 0, "the time of the child");
  expect(cpuBetween(cpuTimes(2 ** 22 + 1), cpuTimes(2 ** 22 + 1))).toBe(0);
});

function children(pid: number): number[] {
  const read = (thread: string) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8");
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => read(thread).split(" ").filter(Boolean).map(Number));
}

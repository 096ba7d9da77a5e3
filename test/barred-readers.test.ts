import { expect } from "bun:test";
import { truncateSync } from "node:fs";
import { client } from "./support/clients.ts";
import { until } from "./support/deadline.ts";
import { Program, run } from "./support/program.ts";
import { TempFolder } from "./support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "./support/tincan.ts";

const curl = client("curl");
const PASSWORD = "correct horse";

/** A file that nobody has all of before the test is over. */
function largeFile(share: TempFolder): void {
  const path = share.file("big");
  Bun.spawnSync(["touch", path]);
  truncateSync(path, 2 ** 36);
}

/** Ann is fetching the file through every door. */
async function fetchAtAllDoors(tincan: Tincan): Promise<readonly Program[]> {
  const slowly = [curl.path, "-sS", "--limit-rate", "1M", "-u", `ann:${PASSWORD}`, "-o", "/dev/null"];
  const framed = [TINCAN, "get", `ann@127.0.0.1:${tincan.port("framed")}/big`, "-o", "/dev/null", "--retries", "0"];
  const programs = [
    new Program([...slowly, `http://127.0.0.1:${tincan.port("http")}/files/big`]),
    new Program([...slowly, `ftp://127.0.0.1:${tincan.port("ftp")}/big`]),
    new Program(framed, { env: { TINCAN_PASSWORD: PASSWORD } }),
  ];
  await until(async () => (await running(tincan)) === programs.length, "all downloads to run");
  return programs;
}

async function running(tincan: Tincan): Promise<number> {
  const { stdout } = await operate(tincan, "status", "--json");
  return JSON.parse(stdout).transfers.length;
}

function operate(tincan: Tincan, ...args: readonly string[]) {
  return run([TINCAN, ...args, "--state-dir", tincan.folder.file("state")], { input: `${PASSWORD}\n` });
}

const CASES: readonly (readonly [when: string, flags: readonly string[], command: readonly string[]])[] = [
  ["an account is removed", [], ["user", "remove", "ann"]],
  ["an account may no longer read", ["--deny-read"], ["user", "set", "ann", "--allow", "upload"]],
  ["an account is given another password", ["--deny-read"], ["user", "passwd", "ann"]],
  ["an account is given another home", [], ["user", "set", "ann", "--home", "ann"]],
  ["an account is kicked", [], ["kick", "ann"]],
];
for (const [when, flags, command] of CASES)
  curl.test(`when ${when}, its downloads end at every door`, () => endsAll(flags, command), 30_000);

async function endsAll(flags: readonly string[], command: readonly string[]): Promise<void> {
  using share = new TempFolder();
  largeFile(share);
  await using tincan = await startTincan([share.path, "--doors", "http,ftp,framed", ...flags]);
  expect((await operate(tincan, "user", "add", "ann", "--allow", "read")).code).toBe(0);
  const programs = await fetchAtAllDoors(tincan);
  try {
    expect((await operate(tincan, ...command)).code).toBe(0);
    for (const program of programs) expect(await program.exited()).toBeGreaterThan(0);
    expect(await running(tincan)).toBe(0);
  } finally {
    for (const program of programs) await program[Symbol.asyncDispose]();
  }
  curl.exchanged(2);
}

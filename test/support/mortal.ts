import { expect } from "bun:test";
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from "node:fs";
import { until } from "./deadline.ts";
import { Program, run } from "./program.ts";
import type { Random } from "./random.ts";
import { TempFolder } from "./temp.ts";
import { TINCAN } from "./tincan.ts";

/** What a daemon that files are put to is started with. */
export const FLAGS: readonly string[] = ["--doors", "framed", "--allow-upload"];

/** A file that is nowhere the same, so that bytes at a wrong place are seen. */
export function makeFile(path: string, size: number, random: Random): string {
  const hash = createHash("sha256");
  const fd = openSync(path, "w");
  const piece = Buffer.alloc(1024 * 1024);
  for (let at = 0; at < size; at += piece.length) {
    for (let i = 0; i < piece.length; i += 4) piece.writeUInt32LE(random.below(2 ** 32), i);
    writeSync(fd, piece);
    hash.update(piece);
  }
  closeSync(fd);
  return hash.digest("hex");
}

export function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** The bytes of the hidden file in a folder; 0 while there is none. */
export function partSize(folder: TempFolder): number {
  const part = readdirSync(folder.path).find((name) => name.startsWith("."));
  return part === undefined ? 0 : (statSync(folder.file(part), { throwIfNoEntry: false })?.size ?? 0);
}

/** A daemon that can be killed and started anew on its port. */
export class Mortal implements AsyncDisposable {
  private constructor(
    private readonly share: string,
    private program: Program,
    readonly port: number,
    private readonly state: TempFolder,
  ) {}

  static async start(share: string): Promise<Mortal> {
    const state = new TempFolder();
    const [program, port] = await serve(share, state.path, 0);
    return new Mortal(share, program, port, state);
  }

  async kill(): Promise<void> {
    this.program.kill("SIGKILL");
    await this.program.exited();
    [this.program] = await serve(this.share, this.state.path, this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    this.state[Symbol.dispose]();
  }
}

async function serve(share: string, state: string, port: number): Promise<[Program, number]> {
  const ports = ["--base-port", "0", "--framed-port", String(port)];
  const program = new Program([
    TINCAN,
    "serve",
    share,
    ...FLAGS,
    ...ports,
    "--log-format",
    "json",
    "--state-dir",
    state,
  ]);
  const ready = JSON.parse(await program.stdout.readLine());
  return [program, ready.doors.framed.port];
}

/**
 * Begins to get or put a file, kills one side with -9 when so many bytes have arrived, and sees to it that in the end the
 * file is there whole, proved, and nothing beside it. The client goes on by itself when the server is killed, and is run
 * again when it is killed itself.
 */
export async function killOnce(
  op: "get" | "put",
  victim: "server" | "client",
  { size, offset, random }: { readonly size: number; readonly offset: number; readonly random: Random },
): Promise<void> {
  using share = new TempFolder();
  using here = new TempFolder();
  const [from, to] = op === "get" ? [share, here] : [here, share];
  const hash = makeFile(from.file("big.bin"), size, random);
  await using server = await Mortal.start(share.path);
  const remote = `127.0.0.1:${server.port}/big.bin`;
  const command = [TINCAN, ...(op === "get" ? ["get", remote] : ["put", "big.bin", remote])];
  await using first = new Program(command, { cwd: here.path });
  await until(() => partSize(to) >= offset || !first.running, "the bytes before the kill");
  if (victim === "server") {
    await server.kill();
    expect(await first.exited(60_000)).toBe(0);
  } else {
    first.kill("SIGKILL");
    await first.exited();
    const left = partSize(to);
    const { code, stdout, stderr } = await run(command, { cwd: here.path, ms: 60_000 });
    expect([code, stdout]).toEqual([0, expect.stringContaining("verified")]);
    // All may have come before the kill, and have got its name since.
    if (left > 0 && !stdout.includes("already there")) expect(stderr).toMatch(/^resuming big\.bin at \d+\.\d %\n$/);
  }
  expect(readdirSync(to.path)).toEqual(["big.bin"]);
  expect(hashOf(to.file("big.bin"))).toBe(hash);
}

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Program } from "./program.ts";
import { TempFolder } from "./temp.ts";
import { type Ready, TINCAN } from "./tincan.ts";

/** A daemon that can be killed, and be started anew with the same share and state. */
export class Mortal implements AsyncDisposable {
  private readonly state = new TempFolder();
  private program: Program | null = null;
  private ready: Ready | null = null;

  private constructor(
    private readonly share: string,
    private readonly door: string,
  ) {}

  /** Everybody may add files. */
  static async start(share: string, door: string): Promise<Mortal> {
    const server = new Mortal(share, door);
    await server.start();
    return server;
  }

  get port(): number {
    return this.ready?.doors[this.door]?.port ?? 0;
  }

  async start(): Promise<void> {
    const flags = ["--allow-upload", "--doors", this.door, "--base-port", "0", "--min-free", "0"];
    const log = ["--log-format", "json", "--state-dir", this.stateDir];
    this.program = new Program([TINCAN, "serve", this.share, ...flags, ...log]);
    this.ready = JSON.parse(await this.program.stdout.readLine());
  }

  /** Where its accounts are. */
  get stateDir(): string {
    return this.state.file("state");
  }

  async kill(): Promise<void> {
    this.program?.kill("SIGKILL");
    await this.program?.exited();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program?.[Symbol.asyncDispose]();
    this.state[Symbol.dispose]();
  }
}

/** The bytes of the hidden file in a folder; 0 while there is none. */
export function partSize(folder: string): number {
  const part = readdirSync(folder).find((name) => name.startsWith("."));
  return part === undefined ? 0 : (statSync(join(folder, part), { throwIfNoEntry: false })?.size ?? 0);
}

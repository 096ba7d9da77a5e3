import type { Subprocess, Terminal } from "bun";
import { within } from "./deadline.ts";
import { Inbox } from "./inbox.ts";

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Run it in a terminal of 80 columns, as a person would; then stdout has all it prints. */
  readonly terminal?: boolean;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real program under test or a real client, with its output as inboxes. Killed at dispose if it still runs. */
export class Program implements AsyncDisposable {
  readonly stdout: Inbox;
  readonly stderr: Inbox;
  private readonly name: string;
  private readonly process: Subprocess;
  private readonly terminal: Terminal | undefined;
  private readonly read: Promise<unknown>;

  constructor(command: readonly string[], o: ProgramOptions = {}) {
    this.name = command.join(" ");
    this.stdout = new Inbox(`stdout of ${this.name}`);
    this.stderr = new Inbox(`stderr of ${this.name}`);
    const where = { ...(o.cwd === undefined ? {} : { cwd: o.cwd }), env: environment(o.env) };
    if (o.terminal === true) {
      const terminal = {
        cols: 80,
        rows: 24,
        data: (_: Terminal, bytes: Uint8Array) => this.stdout.push(bytes.slice()),
      };
      const child = Bun.spawn([...command], { ...where, terminal });
      this.process = child;
      this.terminal = child.terminal;
      this.read = child.exited.then(() => [this.stdout.end(), this.stderr.end()]);
    } else {
      const child = Bun.spawn([...command], { ...where, stdin: "pipe", stdout: "pipe", stderr: "pipe" });
      this.process = child;
      this.read = Promise.all([fill(this.stdout, child.stdout), fill(this.stderr, child.stderr)]);
    }
  }

  get pid(): number {
    return this.process.pid;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Types at its terminal, or writes to its stdin. */
  async write(data: string | Uint8Array): Promise<void> {
    if (this.terminal !== undefined) {
      this.terminal.write(Buffer.from(data));
      return;
    }
    const { stdin } = this.process;
    if (typeof stdin !== "object") throw new Error(`${this.name} has no stdin`);
    stdin.write(data);
    await stdin.flush();
  }

  /** The end of its input: Ctrl-D at a terminal. */
  async endInput(): Promise<void> {
    if (this.terminal !== undefined) {
      this.terminal.write("\x04");
      return;
    }
    const { stdin } = this.process;
    if (typeof stdin === "object") await stdin.end();
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    this.process.kill(signal);
  }

  /** Its exit code (128 + N for signal N, as a shell says it), once it has ended and all its output is here. */
  async exited(ms?: number): Promise<number> {
    const code = await within(this.process.exited, () => `the end of ${this.name}; ${this.said()}`, ms);
    await this.read;
    return code;
  }

  /** Closes its input and waits for its end. */
  async outcome(ms?: number): Promise<Outcome> {
    await this.endInput();
    const code = await this.exited(ms);
    return { code, stdout: this.stdout.unread.toString(), stderr: this.stderr.unread.toString() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) this.process.kill("SIGKILL");
    await this.process.exited;
    this.terminal?.close();
  }

  private said(): string {
    return `it said ${JSON.stringify(this.stdout.unread.toString())} and ${JSON.stringify(this.stderr.unread.toString())}`;
  }
}

/** Runs a program to its end with `input` on its stdin. */
export async function run(
  command: readonly string[],
  o: ProgramOptions & { readonly input?: string | Uint8Array; readonly ms?: number } = {},
): Promise<Outcome> {
  await using program = new Program(command, o);
  if (o.input !== undefined) await program.write(o.input);
  return await program.outcome(o.ms);
}

/** The surroundings without settings of tincan that happen to be in them. */
function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("TINCAN_"));
  return { ...Object.fromEntries(kept), ...extra };
}

async function fill(inbox: Inbox, stream: ReadableStream<Uint8Array>): Promise<void> {
  for await (const chunk of stream) inbox.push(chunk);
  inbox.end();
}

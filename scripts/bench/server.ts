import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server as NetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { CpuMeter } from "./cpu-meter.ts";
import type { Share } from "./share.ts";
import { type CpuTimes, ownBytes, proportionalBytes, residentBytes } from "./usage.ts";

/** How to start a server: its command line, and files it wants to find in its folder. */
export interface Launch {
  readonly command: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

/** What a command line is made for: free ports, a folder of its own, and files to serve. */
export interface Site {
  readonly port: number;
  /** For a second door. */
  readonly other: number;
  readonly folder: string;
  readonly share: Share;
}

const START_MS = 15_000;
const STOP_MS = 5_000;

/** Everything that has to be gone when this process is. */
const living = new Set<Server>();
process.on("exit", () => {
  for (const server of living) server.endNow();
});

/** A server under load: a process on a free port of the loopback, with a temporary folder. */
export class Server {
  /** From the start of the process to the first connection that it accepts (or the first answer by UDP), in ms. */
  readyMs = 0;
  private readonly meter: CpuMeter;

  private constructor(
    readonly site: Site,
    private readonly child: Subprocess,
  ) {
    living.add(this);
    this.meter = CpuMeter.of(child.pid);
  }

  /** Starts it and waits until it answers. Rejects with its last words when it does not. */
  static async start(
    launch: (site: Site) => Launch,
    { placed, share }: { readonly placed: readonly string[]; readonly share: Share },
    udp = false,
  ): Promise<Server> {
    // Readable for those who run as nobody, as ngircd does.
    const folder = mkdtempSync(join(tmpdir(), "tincan-bench-"));
    const [port = 0, other = 0] = await freePorts(2);
    const site = { port, other, folder, share };
    const { command, files = {} } = launch(site);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    Bun.spawnSync(["chmod", "755", folder]);
    const output = openSync(join(folder, "output"), "w");
    const started = performance.now();
    const server = new Server(
      site,
      Bun.spawn([...placed, ...command], { stdin: "ignore", stdout: output, stderr: output, cwd: folder }),
    );
    closeSync(output);
    try {
      await server.ready(udp ? answersUdp : accepts, started);
      server.readyMs = performance.now() - started;
      return server;
    } catch (error) {
      server.endNow();
      throw error;
    }
  }

  get pid(): number {
    return this.child.pid;
  }

  get port(): number {
    return this.site.port;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  cpu(): CpuTimes {
    return this.meter.read();
  }

  /** Resident bytes of its first process. */
  memory(): number {
    return residentBytes(this.pid);
  }

  /** Bytes of its first process without what is mapped from files. */
  ownMemory(): number {
    return ownBytes(this.pid);
  }

  /** Bytes of all its processes together, without counting twice what they share. */
  memoryOfAll(): number {
    return proportionalBytes(this.pid);
  }

  /** Ends it, with force after five seconds. */
  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    const force = setTimeout(() => this.child.kill("SIGKILL"), STOP_MS);
    await this.child.exited;
    clearTimeout(force);
    this.endNow();
  }

  /** Ends it without a word, and waits for nothing. */
  endNow(): void {
    if (!living.delete(this)) return;
    if (this.running) this.child.kill("SIGKILL");
    this.meter.close();
    rmSync(this.site.folder, { recursive: true, force: true });
  }

  private async ready(answers: (port: number) => Promise<boolean>, started: number): Promise<void> {
    while (!(await answers(this.port))) {
      const late = performance.now() - started > START_MS;
      if (this.running && !late) await Bun.sleep(1);
      else throw new Error(`it ${late ? "did not get ready" : "ended at once"}: ${this.lastWords()}`);
    }
  }

  private lastWords(): string {
    const said = readFileSync(join(this.site.folder, "output"), "utf8").trim();
    return said === "" ? "it said nothing" : said.slice(-300);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } }).catch(() => null);
  socket?.terminate();
  return socket !== null;
}

async function answersUdp(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = await Bun.udpSocket({
    connect: { hostname: "127.0.0.1", port },
    socket: { data: () => resolve(true), error: () => resolve(false) },
  });
  try {
    socket.send("ready?");
    const late = setTimeout(() => resolve(false), 20);
    return await promise.finally(() => clearTimeout(late));
  } catch {
    // The error of the datagram before: nobody listens yet.
    return false;
  } finally {
    socket.close();
  }
}

/** Ports that nobody listens on at this moment. */
async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(Array.from({ length: count }, listening));
  return await Promise.all(probes.map(closed));
}

function listening(): Promise<NetServer> {
  const { promise, resolve, reject } = Promise.withResolvers<NetServer>();
  const probe = createServer();
  probe.once("error", reject);
  probe.listen(0, "127.0.0.1", () => resolve(probe));
  return promise;
}

function closed(probe: NetServer): Promise<number> {
  const address = probe.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return new Promise((resolve) => probe.close(() => resolve(port)));
}

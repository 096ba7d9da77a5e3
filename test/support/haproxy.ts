import { readFileSync, writeFileSync } from "node:fs";
import { until } from "./deadline.ts";
import { Program } from "./program.ts";
import { TempFolder } from "./temp.ts";

/** A port of the proxy: where it leads, how it says whose connections it passes on, and its certificate with key, if any. */
export interface Frontend {
  readonly to: number;
  readonly send: "send-proxy" | "send-proxy-v2" | "send-proxy-v2-ssl" | "x-forwarded";
  readonly pem?: string;
}

/** A real haproxy in front of ports of the loopback. */
export class HaProxy implements AsyncDisposable {
  private constructor(
    private readonly program: Program,
    private readonly folder: TempFolder,
    /** Its ports, in the order of the frontends. */
    readonly ports: readonly number[],
  ) {}

  static async start(path: string, frontends: readonly Frontend[]): Promise<HaProxy> {
    const folder = new TempFolder();
    const ports = freePorts(frontends.length);
    writeFileSync(folder.file("haproxy.cfg"), configuration(frontends, ports));
    const program = new Program([path, "-db", "-f", folder.file("haproxy.cfg")]);
    const proxy = new HaProxy(program, folder, ports);
    try {
      await until(
        () => ports.every(isListenedOn),
        () => `haproxy to listen; it said ${program.stderr.unread}`,
      );
      return proxy;
    } catch (error) {
      await proxy[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

function configuration(frontends: readonly Frontend[], ports: readonly number[]): string {
  const listens = frontends.map(({ to, send, pem }, i) => [
    `listen door${i}`,
    `  bind 127.0.0.1:${ports[i]}${pem === undefined ? "" : ` ssl crt ${pem}`}`,
    ...(send === "x-forwarded" ? FORWARDED : []),
    `  server tincan 127.0.0.1:${to}${send === "x-forwarded" ? "" : ` ${send}`}`,
  ]);
  const timeouts = ["connect", "client", "server"].map((which) => `  timeout ${which} 60s`);
  return `${["global", "  maxconn 100", "defaults", "  mode tcp", ...timeouts, ...listens.flat()].join("\n")}\n`;
}

const FORWARDED = [
  "  mode http",
  "  option forwardfor",
  "  http-request set-header X-Forwarded-Proto http",
  "  http-request set-header X-Forwarded-Proto https if { ssl_fc }",
];

/** Haproxy chooses no ports. All are held until the last is chosen, so that they differ. */
function freePorts(count: number): number[] {
  const listen = () => Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const held = Array.from({ length: count }, listen);
  for (const listener of held) listener.stop(true);
  return held.map(({ port }) => port);
}

/** Looks without connecting, which would go through to the door: state 0A is LISTEN (proc(5)). */
function isListenedOn(port: number): boolean {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 0A`;
  return readFileSync("/proc/net/tcp", "utf8").includes(local);
}

import { writeFileSync } from "node:fs";
import { until } from "./deadline.ts";
import { freePorts, isListenedOn } from "./ports.ts";
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

  static start(path: string, frontends: readonly Frontend[]): Promise<HaProxy> {
    const ports = freePorts(frontends.length);
    return HaProxy.run(path, configuration(frontends, ports), ports);
  }

  /** @param text of its configuration, for the port that it is given */
  static configured(path: string, text: (port: number) => string): Promise<HaProxy> {
    const [port = 0] = freePorts(1);
    return HaProxy.run(path, text(port), [port]);
  }

  private static async run(path: string, text: string, ports: readonly number[]): Promise<HaProxy> {
    const folder = new TempFolder();
    writeFileSync(folder.file("haproxy.cfg"), text);
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

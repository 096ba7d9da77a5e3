import type { DoorOperations } from "../../../protocols/door-kind.ts";
import { httpDoor } from "../../../protocols/http/index.ts";
import { AccountGate } from "../../../src/accounts/account-gate.ts";
import type { Permission } from "../../../src/accounts/permission.ts";
import { Registry } from "../../../src/accounts/registry.ts";
import { Hub, type HubOptions } from "../../../src/chat/hub.ts";
import { MemoryLog } from "../../../src/chat/memory-log.ts";
import { type Clock, systemClock } from "../../../src/clock.ts";
import type { Vault } from "../../../src/files/vault.ts";
import { silentLog } from "../../../src/log.ts";
import type { Door } from "../../../src/net/door.ts";
import type { NetLimits } from "../../../src/net/limits.ts";
import { createRuntime, type Runtime } from "../../../src/net/runtime.ts";
import { OtherProcess } from "../../accounts/accounts.ts";
import { withoutFiles } from "../../support/door-context.ts";
import { connect, type TcpClient } from "../../support/tcp.ts";
import { TempFolder } from "../../support/temp.ts";

export interface HttpDoorOptions {
  readonly limits?: Partial<NetLimits>;
  readonly chat?: boolean;
  readonly echo?: boolean;
  readonly prefix?: string;
  readonly names?: readonly string[];
  readonly hub?: Partial<HubOptions>;
  readonly anonymous?: readonly Permission[];
  readonly clock?: Clock;
  readonly operations?: Partial<DoorOperations>;
  readonly vault?: Vault;
}

/** An http door on a free port, with accounts and without files. */
export class HttpDoor implements AsyncDisposable {
  readonly folder = new TempFolder();
  /** Changes accounts as the commands do. */
  readonly accounts = new OtherProcess(this.folder.path);
  readonly runtime: Runtime;
  readonly hub: Hub;
  private readonly registry: Registry;
  private readonly door: Door;

  private constructor(o: HttpDoorOptions) {
    const { limits = {}, chat = true, echo = true, prefix = "", hub, anonymous = ["read"], clock = systemClock } = o;
    this.runtime = createRuntime({ limits, clock });
    this.hub = new Hub({ log: new MemoryLog(), clock, rate: 0, ...hub });
    const onFault = (error: unknown) => {
      throw error;
    };
    this.registry = new Registry({ folder: this.folder.path, clock, onBans() {}, onFault });
    this.door = httpDoor.open({
      ...withoutFiles,
      vault: o.vault ?? null,
      announces: o.vault !== undefined,
      operations: { ...withoutFiles.operations, ...o.operations },
      runtime: this.runtime,
      hub: this.hub,
      gate: new AccountGate({
        ...{ registry: this.registry, clock, log: silentLog, plainPasswords: false },
        ...{ anonymous: new Set(anonymous), denied: new Set(), isBanned: () => false, mayBan: () => true },
      }),
      config: { httpName: o.names ?? [], httpIdle: 60_000, pathPrefix: prefix, site: null },
      listen: [{ host: "127.0.0.1", port: 0 }],
      allow: { chat, echo, udp: false },
      maxFrame: 1 << 20,
      server: "tincan/test",
      doorNames: () => ["framed"],
      portOf: (door, transport = "tcp") => (door === "framed" && transport === "tcp" ? 8400 : null),
    });
  }

  static async open(o: HttpDoorOptions = {}): Promise<HttpDoor> {
    const door = new HttpDoor(o);
    await door.registry.open();
    await door.door.start();
    return door;
  }

  get port(): number {
    return this.door.listeners[0]?.port ?? 0;
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`, init);
  }

  /** Sends an object as JSON. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const init = { method: "POST", body: JSON.stringify(body) };
    return this.fetch(path, { ...init, headers: { "Content-Type": "application/json", ...headers } });
  }

  connect(): Promise<TcpClient> {
    return connect({ port: this.port });
  }

  /** How many connections have ended so. */
  closed(kind: string): number {
    return this.door.stats().closed[kind] ?? 0;
  }

  /** Connections. */
  get open(): number {
    return this.door.stats().open;
  }

  /** Bytes that have come. */
  get bytesIn(): number {
    return this.door.stats().bytesIn;
  }

  /** Takes no new peers and ends those that are there. */
  async drain(): Promise<void> {
    this.door.suspend();
    await this.door.drain(this.runtime.clock.mono() + 5_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.door.suspend();
    await this.door.drain(this.runtime.clock.mono());
    this.registry.close();
    this.folder[Symbol.dispose]();
  }
}

/** The code of an answer that is an error. */
export async function codeOf(answer: Response): Promise<string> {
  const { error } = (await answer.json()) as { error: { code: string } };
  return error.code;
}

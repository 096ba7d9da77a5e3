import type { Clock } from "../../src/clock.ts";
import { parseNetwork } from "../../src/net/by-network.ts";
import type { NetLimits } from "../../src/net/limits.ts";
import type { ListenSpec } from "../../src/net/listen.ts";
import type { CloseReason, Connection, Net, Session } from "../../src/net/protocol.ts";
import { createRuntime, type Runtime } from "../../src/net/runtime.ts";
import { StreamDoor, type StreamDoorOptions } from "../../src/net/stream-door.ts";
import { TrustedProxies } from "../../src/net/trusted-proxies.ts";
import { until, within } from "../support/deadline.ts";

/** What a test's protocol is made of; `onClose` is the fixture's own. */
export type Behaviour = (conn: Connection, net: Net) => Omit<Session, "onClose">;

export interface TestDoorOptions extends Partial<Omit<StreamDoorOptions, "name" | "protocol" | "listen">> {
  readonly clock?: Clock;
  readonly limits?: Partial<NetLimits>;
  readonly busy?: string;
  readonly banned?: string;
  /** Networks of trusted proxies. */
  readonly proxies?: readonly string[];
  /** Gets the level of every log event. */
  readonly levels?: string[];
  readonly listen?: readonly ListenSpec[];
}

/** A real door on a port of its own, which remembers every ending, and leaves nothing behind. */
export class TestDoor implements AsyncDisposable {
  readonly runtime: Runtime;
  readonly door: StreamDoor;
  readonly connections: Connection[] = [];
  readonly endings: CloseReason[] = [];
  readonly log: { event: string; fields: object }[] = [];

  private constructor(behaviour: Behaviour, o: TestDoorOptions) {
    const { levels } = o;
    const tellAt =
      (level: string) =>
      (event: string, fields: object = {}) => {
        levels?.push(level);
        this.log.push({ event, fields });
      };
    const log = { debug: tellAt("debug"), info: tellAt("info"), warn: tellAt("warn"), error: tellAt("error") };
    const { clock, limits = {}, busy, banned, proxies = [], levels: _, ...rest } = o;
    const { listen = [{ host: "127.0.0.1", port: 0 }], ...door } = rest;
    const trusted = new TrustedProxies(proxies.flatMap((text) => parseNetwork(text) ?? []));
    this.runtime = createRuntime({ log, limits, proxies: trusted, ...(clock ? { clock } : {}) });
    this.door = new StreamDoor(this.runtime, {
      ...door,
      name: "test",
      listen,
      protocol: {
        name: "test",
        ...(busy === undefined ? {} : { busy: Buffer.from(busy) }),
        ...(banned === undefined ? {} : { banned: Buffer.from(banned) }),
        open: (conn, net) => {
          this.connections.push(conn);
          const session: Session = behaviour(conn, net);
          session.onClose = (why) => void this.endings.push(why);
          return session;
        },
      },
    });
  }

  static async open(behaviour: Behaviour, o: TestDoorOptions = {}): Promise<TestDoor> {
    const test = new TestDoor(behaviour, o);
    await test.door.start();
    return test;
  }

  get port(): number {
    return this.door.listeners[0]?.port ?? 0;
  }

  /** The reason of the n-th ending, once it has come. */
  async ending(n = 0): Promise<CloseReason> {
    await until(() => this.endings.length > n, `ending ${n}`);
    return this.endings[n] as CloseReason;
  }

  /** The n-th connection, once it has come. */
  async connection(n = 0): Promise<Connection> {
    await until(() => this.connections.length > n, `connection ${n}`);
    return this.connections[n] as Connection;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.door.suspend();
    await within(this.door.drain(this.runtime.clock.mono()), "the door to drain");
    const { admission, outboxBudget, inputBudget, groups } = this.runtime;
    const left = { open: admission.count, outbox: outboxBudget.used, input: inputBudget.used, groups: groups.size };
    const clean = { open: 0, outbox: 0, input: 0, groups: 0 };
    if (!Bun.deepEquals(left, clean)) throw new Error(`the door left something behind: ${JSON.stringify(left)}`);
  }
}

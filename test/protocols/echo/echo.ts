import { echoDoor } from "../../../protocols/echo/index.ts";
import { Hub } from "../../../src/chat/hub.ts";
import { MemoryLog } from "../../../src/chat/memory-log.ts";
import { type Clock, systemClock } from "../../../src/clock.ts";
import type { Values } from "../../../src/config/option.ts";
import type { Door } from "../../../src/net/door.ts";
import type { NetLimits } from "../../../src/net/limits.ts";
import type { ListenSpec } from "../../../src/net/listen.ts";
import { createRuntime, type Runtime } from "../../../src/net/runtime.ts";
import { within } from "../../support/deadline.ts";
import { withoutFiles } from "../../support/door-context.ts";
import { connect, type TcpClient } from "../../support/tcp.ts";
import { UdpClient } from "../../support/udp.ts";

export interface EchoOptions extends Partial<Values<typeof echoDoor.options>> {
  readonly clock?: Clock;
  readonly limits?: Partial<NetLimits>;
  readonly listen?: readonly ListenSpec[];
  readonly denied?: boolean;
}

/** An echo door on ports of its own. */
export class Echo implements AsyncDisposable {
  private constructor(
    readonly runtime: Runtime,
    readonly door: Door,
  ) {}

  static async open(o: EchoOptions = {}): Promise<Echo> {
    const { clock = systemClock, limits = {}, listen = [{ host: "127.0.0.1", port: 0 }], denied, ...config } = o;
    const runtime = createRuntime({ clock, limits });
    const door = echoDoor.open({
      ...withoutFiles,
      runtime,
      hub: new Hub({ log: new MemoryLog(), clock }),
      config: { echoGreeting: null, echoReply: null, echoIdle: 600_000, ...config },
      listen,
      allow: { chat: true, echo: !denied, udp: false },
      maxFrame: 1 << 20,
      server: "tincan/test",
      portOf: () => null,
    });
    await door.start();
    return new Echo(runtime, door);
  }

  get port(): number {
    return this.door.listeners[0]?.port ?? 0;
  }

  tcp(): Promise<TcpClient> {
    return connect({ port: this.port });
  }

  udp(): Promise<UdpClient> {
    return UdpClient.open(this.door.listeners.find(({ transport }) => transport === "udp")?.port ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.door.suspend();
    await within(this.door.drain(this.runtime.clock.mono()), "the door to drain");
  }
}

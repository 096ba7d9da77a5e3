import { framedDoor } from "../../../../protocols/framed/index.ts";
import type { Gate } from "../../../../src/accounts/gate.ts";
import { parseHeaderFormat } from "../../../../src/bytes/header.ts";
import { Hub } from "../../../../src/chat/hub.ts";
import { MemoryLog } from "../../../../src/chat/memory-log.ts";
import { type Clock, systemClock } from "../../../../src/clock.ts";
import type { Values } from "../../../../src/config/option.ts";
import type { Door } from "../../../../src/net/door.ts";
import type { NetLimits } from "../../../../src/net/limits.ts";
import { createRuntime, type Runtime } from "../../../../src/net/runtime.ts";
import type { TlsContext } from "../../../../src/net/tls.ts";
import type { Share } from "../../../files/share.ts";
import { until, within } from "../../../support/deadline.ts";
import { withoutFiles } from "../../../support/door-context.ts";
import { FilesClient } from "../../../support/files-client.ts";
import { FramedClient, type Message } from "../../../support/frames.ts";
import { OpenGate } from "../../../support/open-gate.ts";
import { connect, type TcpClient } from "../../../support/tcp.ts";

type Config = Values<typeof framedDoor.options>;

const options = Object.entries(framedDoor.options).map(([key, option]) => [key, option.default]);
const defaults: Config = Object.fromEntries(options);

export interface FramedOptions {
  readonly config?: Partial<Config>;
  /** Instead of `config.frameHeader`: `"<H"`. */
  readonly header?: string;
  readonly clock?: Clock;
  readonly limits?: Partial<NetLimits>;
  readonly maxFrame?: number;
  readonly deny?: "chat" | "echo";
  /** Commands a second; 0: no limit. */
  readonly rate?: number;
  readonly ports?: Readonly<Record<string, number>>;
  /** What is shared; nothing without it. */
  readonly share?: Share;
  readonly gate?: Gate;
  /** Listen for TLS too, with this certificate. */
  readonly tls?: TlsContext;
}

/** A framed door on a port of its own, with a chat behind it. */
export class Framed implements AsyncDisposable {
  private constructor(
    readonly runtime: Runtime,
    readonly hub: Hub,
    readonly door: Door,
  ) {}

  static async open(o: FramedOptions = {}): Promise<Framed> {
    const { clock = systemClock, limits = {}, maxFrame = 1 << 20, deny, rate = 0, ports = {} } = o;
    const runtime = createRuntime({ clock, limits });
    const hub = new Hub({ log: new MemoryLog(), clock, rate });
    const door = framedDoor.open({
      ...withoutFiles,
      gate: o.gate ?? new OpenGate(new Set(["read", "upload", "write"])),
      vault: o.share?.vault ?? null,
      tls: o.tls ?? null,
      listenTls: o.tls === undefined ? [] : [{ host: "127.0.0.1", port: 0 }],
      runtime,
      hub,
      config: {
        ...defaults,
        ...(o.header === undefined ? {} : { frameHeader: parseHeaderFormat(o.header) }),
        ...o.config,
      },
      listen: [{ host: "127.0.0.1", port: 0 }],
      allow: { chat: deny !== "chat", echo: deny !== "echo", udp: false },
      maxFrame,
      server: "tincan/test",
      pageFor: (host) => (ports["http"] === undefined ? null : `http://${host}:${ports["http"]}/`),
      portOf: (name, transport) => ports[transport === "tls" ? `${name}-tls` : name] ?? null,
    });
    await door.start();
    return new Framed(runtime, hub, door);
  }

  get port(): number {
    return this.door.listeners[0]?.port ?? 0;
  }

  get tlsPort(): number {
    return this.door.listeners.find(({ transport }) => transport === "tls")?.port ?? 0;
  }

  /** A program that said hello for files. */
  async files(fields: Message = {}): Promise<FilesClient> {
    const client = new FilesClient(await this.tcp());
    await client.ask({ op: "hello", v: 1, service: "files", id: 0, ...fields });
    return client;
  }

  tcp(): Promise<TcpClient> {
    return connect({ port: this.port });
  }

  /** A program that has not said anything yet. */
  program(): Promise<FramedClient> {
    return FramedClient.connect({ port: this.port });
  }

  /** A member of the chat. */
  member(name: string, fields: Message = {}): Promise<FramedClient> {
    return FramedClient.chat({ port: this.port }, { name, ...fields });
  }

  /** Sends pieces so that the door gets each as a chunk of its own. */
  async feed(client: TcpClient, pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) {
      const before = this.door.stats().bytesIn;
      await client.write(piece);
      await until(() => this.door.stats().bytesIn >= before + piece.length, `${piece.length} bytes to arrive`);
    }
  }

  /** Waits until `count` connections have ended for this kind of reason. */
  closed(kind: string, count = 1): Promise<void> {
    const { door } = this;
    return until(
      () => (door.stats().closed[kind] ?? 0) >= count,
      () => `${count} closed as ${kind}; ${JSON.stringify(door.stats().closed)}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.door.suspend();
    await within(this.door.drain(this.runtime.clock.mono()), "the door to drain");
    const { admission, outboxBudget, inputBudget } = this.runtime;
    const left = {
      open: admission.count,
      outbox: outboxBudget.used,
      input: inputBudget.used,
      members: this.hub.stats().members,
    };
    if (!Bun.deepEquals(left, { open: 0, outbox: 0, input: 0, members: 0 })) {
      throw new Error(`the door left something behind: ${JSON.stringify(left)}`);
    }
  }
}

/** Both halves of some bytes, for every position between two of them. */
export function* splits(bytes: Uint8Array): Generator<readonly [Buffer, Buffer]> {
  for (let at = 1; at < bytes.length; at++) yield [Buffer.from(bytes.slice(0, at)), Buffer.from(bytes.slice(at))];
}

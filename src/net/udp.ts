import { codeOf } from "../thrown.ts";
import type { Door, DoorStats, Listener } from "./door.ts";
import { DropLog } from "./drop-log.ts";
import { ListenError, type ListenSpec } from "./listen.ts";
import type { DatagramProtocol } from "./protocol.ts";
import type { Runtime } from "./runtime.ts";
import { DatagramGuard } from "./udp-guard.ts";
import { type DatagramCounters, DatagramSocket } from "./udp-socket.ts";

/** Where to listen. */
export interface DatagramListen {
  readonly host: string;
  /** 0 takes any free port, … */
  readonly port: number;
  /** … and this one, or else that of the first socket, if it is free. */
  readonly preferred?: number | undefined;
}

export interface DatagramDoorOptions {
  readonly name: string;
  readonly protocol: DatagramProtocol;
  /** Read at `start`, so that it may be the ports that a TCP door was given. */
  listen(): readonly DatagramListen[];
  /** All answers to a datagram together are at most as long as it: longer ones are cut. */
  readonly noLargerAnswer: boolean;
  /** Answer nobody off the loopback. */
  readonly loopbackOnly: boolean;
}

/** Answers a second for each source off the loopback. */
const ANSWERS_PER_SECOND = 1000;

/** A door over UDP: one socket for each host. What is answered at all, {@link DatagramGuard} decides. */
export class DatagramDoor implements Door {
  readonly name: string;
  private readonly counters: DatagramCounters = { datagramsIn: 0, datagramsOut: 0, bytesIn: 0, bytesOut: 0 };
  private readonly drops: DropLog;
  private readonly guard: DatagramGuard;
  private readonly ownPorts = new Set<number>();
  private opened: { readonly host: string; readonly socket: DatagramSocket }[] = [];

  constructor(
    private readonly runtime: Runtime,
    private readonly options: DatagramDoorOptions,
  ) {
    this.name = options.name;
    this.drops = new DropLog(options.name, runtime.clock, runtime.log);
    const { loopbackOnly } = options;
    this.guard = new DatagramGuard({
      loopbackOnly,
      ownPorts: this.ownPorts,
      perSecond: ANSWERS_PER_SECOND,
      refuses: (host) => runtime.blocklist.refuses(host),
    });
  }

  get listeners(): readonly Listener[] {
    return this.opened.map(({ host, socket }) => ({ transport: "udp", host, port: socket.port }));
  }

  async start(): Promise<void> {
    try {
      for (const { host, port, preferred } of this.options.listen()) {
        const socket = this.createSocket();
        const wanted = port === 0 ? (preferred ?? this.opened[0]?.socket.port ?? 0) : port;
        await socket.open(host, wanted).catch((error: unknown) => {
          if (wanted === port) throw toListenError(error, host, port);
          return socket.open(host, port);
        });
        this.opened.push({ host, socket });
        this.ownPorts.add(socket.port);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  suspend(): void {
    for (const { socket } of this.opened) socket.suspend();
  }

  /** Sends what is queued and closes; nothing is ever killed. */
  async drain(): Promise<{ killed: number }> {
    this.close();
    return { killed: 0 };
  }

  stats(): DoorStats {
    const { datagramsIn, datagramsOut, bytesIn, bytesOut } = this.counters;
    const datagrams = { in: datagramsIn, out: datagramsOut, dropped: { ...this.drops.counts } };
    return { open: 0, waiting: 0, accepted: 0, refused: 0, closed: {}, bytesIn, bytesOut, datagrams };
  }

  private close(): void {
    for (const { socket } of this.opened) socket.close();
    this.opened = [];
    this.ownPorts.clear();
  }

  private createSocket(): DatagramSocket {
    const { guard, counters, drops } = this;
    const { clock, log } = this.runtime;
    const { name, protocol, noLargerAnswer } = this.options;
    return new DatagramSocket({
      clock,
      protocol,
      guard,
      counters,
      noLargerAnswer,
      onDrop: (reason, host, port) => drops.add(reason, host, port),
      onError: (error) => log.debug("datagram-error", { door: name, error: error.message }),
      onThrow: (error) => log.error("datagram-failed", { door: name, error: String(error) }),
    });
  }
}

/**
 * The UDP addresses that go with a door's TCP ones, on the same port numbers. A TCP port that was chosen freely may be
 * taken for UDP; then any other will do, as it is announced.
 */
export function sameAddresses(specs: readonly ListenSpec[], tcp: readonly Listener[]): DatagramListen[] {
  return specs.flatMap((spec, at) =>
    "unix" in spec ? [] : { ...spec, preferred: spec.port === 0 ? tcp[at]?.port : undefined },
  );
}

function toListenError(error: unknown, host: string, port: number): ListenError {
  const where = `${host} UDP port ${port}`;
  const code = codeOf(error);
  if (code === "EADDRINUSE") return new ListenError(`${where} is taken already`, "in-use");
  if (code === "EACCES" || code === "EPERM")
    return new ListenError(`no permission to listen on ${where}`, "permission");
  return new ListenError(`cannot listen on ${where}: it is not an address of this machine`, "address");
}

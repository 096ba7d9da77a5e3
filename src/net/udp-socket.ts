import type { udp } from "bun";
import type { Clock } from "../clock.ts";
import type { Address } from "./address.ts";
import type { DatagramProtocol } from "./protocol.ts";
import type { DatagramDrop, DatagramGuard } from "./udp-guard.ts";
import { DatagramQueue } from "./udp-queue.ts";

/** What the sockets of a door count together. */
export interface DatagramCounters {
  datagramsIn: number;
  datagramsOut: number;
  bytesIn: number;
  bytesOut: number;
}

export interface DatagramSocketOptions {
  readonly clock: Clock;
  readonly protocol: DatagramProtocol;
  readonly guard: DatagramGuard;
  readonly counters: DatagramCounters;
  /** All answers to a question together are at most as long as it: they are cut, and left out when nothing is left. */
  readonly noLargerAnswer: boolean;
  onDrop(why: DatagramDrop, host: string, port: number): void;
  /** An ICMP error for an earlier answer. */
  onError(error: Error): void;
  /** The protocol threw; the datagram stays without an answer. */
  onThrow(error: unknown): void;
}

/** A datagram that is being answered. */
class Question implements Address {
  answered = false;
  /** Hash of what it was, for answers that come later. */
  print: number | null = null;

  constructor(
    readonly family: "ipv4" | "ipv6",
    readonly host: string,
    readonly port: number,
    readonly size: number,
    /** What is left of the bytes that its answers may have. */
    public left: number,
  ) {}
}

/** One UDP socket: guards what comes in, hands it to the protocol, and sends the answers of a loop turn together. */
export class DatagramSocket {
  private readonly queue = new DatagramQueue(({ why, size, host, port }) => {
    this.options.counters.datagramsOut--;
    this.options.counters.bytesOut -= size;
    this.options.onDrop(why, host, port);
  });
  private socket: udp.Socket<"buffer"> | null = null;
  private suspended = false;
  private inTurn = false;
  /** Number of the batch that is being gathered. */
  private turn = 0;
  private now = 0;
  /** The question that the protocol has in hands at this moment; what it was is in `original`. */
  private asked: Question | null = null;

  constructor(private readonly options: DatagramSocketOptions) {}

  /** The port it has; 0 when it is not open. */
  get port(): number {
    return this.socket?.port ?? 0;
  }

  /** Rejects as `Bun.udpSocket` does. */
  async open(hostname: string, port: number): Promise<void> {
    this.socket = await Bun.udpSocket({
      hostname,
      port,
      socket: {
        data: (_, bytes, from, host) => this.receive(bytes, host, from),
        // Without a handler one ICMP port-unreachable ends the process. The types know two arguments; there is one.
        error: (...args: unknown[]) => this.options.onError(args[0] as Error),
      },
    });
  }

  /** Ignores whatever comes from now on. */
  suspend(): void {
    this.suspended = true;
  }

  /** Sends what is queued, then closes; later answers are forgotten. */
  close(): void {
    this.suspend();
    if (this.socket) this.queue.flush(this.socket);
    this.socket?.close();
    this.socket = null;
  }

  private receive(bytes: Uint8Array, host: string, port: number): void {
    const { guard, counters } = this.options;
    counters.datagramsIn++;
    counters.bytesIn += bytes.length;
    if (!this.inTurn) this.beginTurn();
    const why = this.suspended ? "draining" : guard.refuse(host, port, this.now);
    if (why !== null) {
      this.options.onDrop(why, host, port);
      return;
    }
    const limit = this.options.noLargerAnswer ? bytes.length : Number.POSITIVE_INFINITY;
    this.ask(new Question(guard.source.family, host, port, bytes.length, limit), bytes);
  }

  private ask(question: Question, bytes: Uint8Array): void {
    // The protocol may change the bytes in place; a copy costs less than a hash.
    original.set(bytes);
    this.asked = question;
    try {
      this.options.protocol.onDatagram(bytes, question, (answer) => this.answer(question, answer));
    } catch (error) {
      this.options.onThrow(error);
    }
    this.asked = null;
    if (!question.answered) question.print = Bun.hash.xxHash32(original.subarray(0, question.size));
  }

  private answer(question: Question, answer: Uint8Array): void {
    if (!this.socket) return;
    if (!this.inTurn) this.beginTurn();
    const { host, port, left } = question;
    const bytes = answer.length > left ? answer.subarray(0, left) : answer;
    const why = this.queueOrRefuse(question, bytes);
    if (why !== null) {
      this.options.onDrop(why, host, port);
      return;
    }
    question.left -= bytes.length;
    this.options.counters.datagramsOut++;
    this.options.counters.bytesOut += bytes.length;
  }

  /** Null: the answer is queued; otherwise why it is not. */
  private queueOrRefuse(question: Question, answer: Uint8Array): DatagramDrop | null {
    const { guard } = this.options;
    const { host, port, answered } = question;
    question.answered = true;
    if (answered && question.left === 0) return "size";
    if (answered && guard.exceeds(host, this.now)) return "rate";
    if (this.equals(question, answer) && guard.bounces(answer, host, port, this.turn, this.now)) return "loop";
    return this.queue.add(answer, port, host) ? null : "full";
  }

  private equals(question: Question, answer: Uint8Array): boolean {
    if (answer.length !== question.size) return false;
    if (this.asked === question) return isOriginal(answer);
    return question.print !== null && question.print === Bun.hash.xxHash32(answer);
  }

  private beginTurn(): void {
    this.inTurn = true;
    this.now = this.options.clock.mono();
    setImmediate(this.endTurn);
  }

  private readonly endTurn = (): void => {
    this.inTurn = false;
    this.turn++;
    if (this.socket) this.queue.flush(this.socket);
  };
}

/** A copy of the datagram that a protocol has in hands; the largest there is fits. */
const original = Buffer.alloc(64 * 1024);

function isOriginal(bytes: Uint8Array): boolean {
  // Text that was changed to upper case differs early: most are told apart without a call.
  const head = Math.min(bytes.length, 16);
  for (let i = 0; i < head; i++) {
    if (bytes[i] !== original[i]) return false;
  }
  return original.subarray(0, bytes.length).equals(bytes);
}

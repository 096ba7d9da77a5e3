import { messageOf } from "../../src/thrown.ts";
import type { Case } from "./case.ts";
import { DISTURBED, type Patience } from "./patience.ts";
import { type Peer, type PeerName, peers } from "./peers.ts";
import type { Sample } from "./sample.ts";
import { Server } from "./server.ts";
import type { Share } from "./share.ts";

/** How a run is done. */
export interface Plan {
  /** Who may take part. */
  readonly peers: readonly PeerName[];
  readonly rounds: number;
  /** How long one sample of work lasts. */
  readonly seconds: number;
  /** What a server's command line begins with. */
  readonly placed: readonly string[];
  /** What file servers serve. */
  readonly share: Share;
  readonly patience: Patience;
  /** Hears what is being done. */
  readonly progress: (words: string) => void;
}

/** What one server gave in a case. */
export interface Result {
  readonly peer: PeerName;
  /** By round; a second failure ends the peer's part in the case. */
  readonly samples: readonly Sample[];
  /** Why there are no samples, or no more. */
  readonly problem: string | null;
}

const MOST_TRIES = 3;
const MOST_MS = 100_000;
const WARM_UP_SECONDS = 0.3;

/** Measures the peers of a case in turns (A B C, C B A, ...), so that a ratio compares neighbours in time. */
export async function takeTurns(subject: Case, plan: Plan): Promise<Result[]> {
  const stands = Object.keys(subject.contenders)
    .filter(isPeer)
    .filter((peer) => plan.peers.includes(peer))
    .map((peer) => new Stand(subject, peer, plan));
  try {
    for (const stand of stands) await stand.warmUp();
    for (let round = 0; round < (subject.rounds ?? plan.rounds); round++) {
      for (const stand of round % 2 === 0 ? stands : stands.toReversed()) await stand.turn(round);
    }
  } finally {
    await Promise.all(stands.map((stand) => stand.close()));
  }
  return stands.map(({ peer, samples, problem }) => ({ peer, samples, problem }));
}

function isPeer(name: string): name is PeerName {
  return Object.hasOwn(peers, name);
}

/** A server that is not there will not be there the next time. */
class Missing extends Error {}

/** One peer's part in a case. */
class Stand implements Result {
  readonly samples: Sample[] = [];
  problem: string | null = null;
  readonly #peer: Peer;
  private server: Server | null = null;
  private failed = false;

  constructor(
    private readonly subject: Case,
    readonly peer: PeerName,
    private readonly plan: Plan,
  ) {
    this.#peer = peers[peer];
  }

  /** Lets compilers at run time, in the server and here, do their work before anything is measured. */
  async warmUp(): Promise<void> {
    if (this.subject.fresh) return;
    await this.attempt("warming up", async () => {
      await this.sample(Math.min(this.plan.seconds, WARM_UP_SECONDS));
    });
  }

  /** Takes the sample of a round; the quietest of at most three. */
  async turn(round: number): Promise<void> {
    await this.attempt(`round ${round + 1}`, async () => {
      let best: Sample | null = null;
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        await this.plan.patience.untilQuiet();
        const began = performance.now();
        const sample = await this.sample(this.plan.seconds);
        if (best === null || sample.foreign < best.foreign) best = sample;
        if (best.foreign <= DISTURBED || !this.plan.patience.spend(performance.now() - began)) break;
      }
      if (best !== null) this.samples.push(best);
    });
  }

  async close(): Promise<void> {
    await this.server?.stop();
    this.server = null;
  }

  /** Does `work`, with a new server if it failed with the first. */
  private async attempt(what: string, work: () => Promise<void>): Promise<void> {
    if (this.problem !== null) return;
    this.plan.progress(`${this.subject.name}: ${this.#peer.title}, ${what}`);
    try {
      await work();
    } catch (error) {
      await this.close();
      if (error instanceof Missing || this.failed) this.problem = messageOf(error);
      this.failed = true;
      await this.attempt(what, work);
    }
  }

  private async sample(seconds: number): Promise<Sample> {
    this.server ??= await this.start();
    try {
      return await this.bounded(this.subject.measure(this.server, this.#peer, seconds));
    } finally {
      if (this.subject.fresh) await this.close();
    }
  }

  private async start(): Promise<Server> {
    const service = this.subject.contenders[this.peer];
    const launch = service && this.#peer.serves[service];
    if (launch === undefined) throw new Error(`it has no ${service}`);
    const program = this.#peer.find();
    if (program === null) throw new Missing(`not installed (${this.#peer.from})`);
    const flags = this.subject.flags ?? [];
    return await Server.start((site) => launch(program, site, flags), this.plan, service === "udp");
  }

  /** Nothing may take for ever: without its server every load ends. */
  private async bounded(measured: Promise<Sample>): Promise<Sample> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.server?.endNow();
      reject(new Error(`a sample took over ${MOST_MS / 1000} s`));
    }, MOST_MS);
    try {
      return await Promise.race([measured, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

import { readdirSync } from "node:fs";

/** One thing to fuzz: `run` throws, or rejects, when an invariant breaks. Lives in `test/fuzz/`, exported as `target`. */
export interface Target {
  readonly name: string;
  /** Inputs worth starting from. */
  readonly corpus?: readonly Uint8Array[];
  run(input: Uint8Array): void | Promise<void>;
}

export interface Failure {
  readonly error: unknown;
  /** The smallest input found that fails. */
  readonly input: Uint8Array;
}

const LONGEST_INPUT = 512;
const MOST_SHRINKS = 5000;

/** Every target in `test/fuzz/`. */
export async function loadTargets(): Promise<Target[]> {
  const folder = new URL("../test/fuzz/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return Promise.all(
    files.sort().map(async (name) => ((await import(new URL(name, folder).href)) as { target: Target }).target),
  );
}

/** An endless stream of random and mutated inputs; the same seed makes the same inputs in the same order. */
export class Fuzzer {
  executions = 0;
  private readonly corpus: Uint8Array[];
  private readonly random: (below: number) => number;

  constructor(
    private readonly target: Target,
    seed: number,
  ) {
    this.corpus = [new Uint8Array(0), ...(target.corpus ?? [])];
    this.random = generator(seed);
  }

  /** Tries `times` inputs and stops at the first that fails. */
  async run(times: number): Promise<Failure | null> {
    for (let i = 0; i < times; i++) {
      const input = this.input();
      this.executions++;
      const looked = fails(this.target, input);
      if (looked instanceof Promise ? await looked : looked) return await shrink(this.target, input);
    }
    return null;
  }

  private input(): Uint8Array {
    if (this.random(4) === 0) return this.bytes(this.random(this.random(8) === 0 ? LONGEST_INPUT : 24));
    let input = this.pick();
    for (let n = this.random(6); n >= 0; n--) input = this.mutate(input);
    const kept = input.slice(0, LONGEST_INPUT);
    if (this.corpus.length < 500) this.corpus.push(kept);
    else this.corpus[this.random(500)] = kept;
    return kept;
  }

  private mutate(input: Uint8Array): Uint8Array {
    const at = this.random(input.length + 1);
    const end = at + this.random(Math.min(16, input.length - at) + 1);
    const other = this.pick();
    const start = this.random(other.length + 1);
    const middles = [
      () => input.slice(at, end).map((byte) => byte ^ (1 << this.random(8))),
      () => input.slice(at, end).map((byte) => byte + this.random(3) - 1),
      () => Uint8Array.of(...input.slice(at, end), ...input.slice(at, end)),
      () => new Uint8Array(0),
      () => this.bytes(1 + this.random(4)),
      () => new Uint8Array(this.random(20)).fill(INTERESTING[this.random(INTERESTING.length)] ?? 0),
      () => other.slice(start, start + this.random(16)),
    ];
    const middle = middles[this.random(middles.length)]?.() ?? input;
    return Uint8Array.of(...input.slice(0, at), ...middle, ...input.slice(end));
  }

  private bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () =>
      this.random(2) === 0 ? this.random(256) : (INTERESTING[this.random(INTERESTING.length)] ?? 0),
    );
  }

  private pick(): Uint8Array {
    return this.corpus[this.random(this.corpus.length)] ?? new Uint8Array(0);
  }
}

/** Ends of ranges and the bytes that mean something to the decoders here. */
const INTERESTING = [0, 1, 2, 3, 4, 8, 10, 13, 21, 32, 47, 60, 62, 64, 97, 120, 127, 128, 195, 240, 250, 251, 253, 255];

type Broken = { readonly error: unknown } | null;

/** At once where the target works at once: a promise for each of a million inputs would be felt. */
function fails(target: Target, input: Uint8Array): Broken | Promise<Broken> {
  try {
    return (
      target.run(input.slice())?.then(
        () => null,
        (error: unknown) => ({ error }),
      ) ?? null
    );
  } catch (error) {
    return { error };
  }
}

/** Leaves out pieces, then zeroes bytes, as long as it still fails. */
async function shrink(target: Target, failing: Uint8Array): Promise<Failure> {
  let input = failing;
  let tries = 0;
  const smaller = async (candidate: Uint8Array): Promise<boolean> => {
    const still = ++tries <= MOST_SHRINKS && (await fails(target, candidate)) !== null;
    if (still) input = candidate;
    return still;
  };
  for (let size = input.length >> 1; size >= 1; size = size === 1 ? 0 : size >> 1) {
    for (let at = 0; at < input.length; ) {
      if (!(await smaller(Uint8Array.of(...input.slice(0, at), ...input.slice(at + size))))) at += size;
    }
  }
  for (let at = 0; at < input.length; at++) if (input[at] !== 0) await smaller(input.with(at, 0));
  return { error: (await fails(target, input))?.error, input };
}

/** Mulberry32: small, seedable, and random enough to pick bytes. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

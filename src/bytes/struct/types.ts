/** Whatever a format can hold, for formats that are known only when the program runs. */
export type StructValue = number | bigint | boolean | Uint8Array;

/**
 * What `unpack` gives for a format: a tuple read off the format's text, `"!IH"` is `[number, number]`. Integers of 64 bits
 * are always `bigint`, however small the value. A format that is no literal gives `StructValue[]`, a bad one `never`.
 */
export type Unpacked<F extends string> = string extends F
  ? StructValue[]
  : F extends `${"=" | "<" | ">" | "!"}${infer Rest}`
    ? Scan<Rest, Standard>
    : F extends `@${infer Rest}`
      ? Scan<Rest, Native>
      : Scan<F, Native>;

/** What `pack` takes: the same, but any number may be given as `number` or as `bigint`. */
export type Packable<F extends string> = Widened<Unpacked<F>>;

type Widened<V extends readonly StructValue[]> = {
  [K in keyof V]: V[K] extends number | bigint ? number | bigint : V[K];
};

interface Standard {
  c: Uint8Array;
  b: number;
  B: number;
  "?": boolean;
  h: number;
  H: number;
  i: number;
  I: number;
  l: number;
  L: number;
  q: bigint;
  Q: bigint;
  e: number;
  f: number;
  d: number;
}

/** On x86-64 a long has eight bytes. */
interface Native extends Omit<Standard, "l" | "L"> {
  l: bigint;
  L: bigint;
  n: bigint;
  N: bigint;
}

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
type Space = " " | "\t" | "\n" | "\v" | "\f" | "\r";

type Scan<
  F extends string,
  Codes,
  Count extends string = "",
  Found extends StructValue[] = [],
> = F extends `${infer Char}${infer Rest}`
  ? Char extends Digit
    ? Scan<Rest, Codes, `${Count}${Char}`, Found>
    : Char extends "x"
      ? Scan<Rest, Codes, "", Found>
      : Char extends "s" | "p"
        ? Scan<Rest, Codes, "", [...Found, Uint8Array]>
        : Char extends keyof Codes
          ? Scan<Rest, Codes, "", [...Found, ...Repeated<Extract<Codes[Char], StructValue>, Count>]>
          : Char extends Space
            ? Count extends ""
              ? Scan<Rest, Codes, "", Found>
              : never
            : never
  : Count extends ""
    ? Found
    : never;

/** A count of up to three digits makes a tuple; compilers give up on longer ones, so those make an array. */
type Repeated<V, Count extends string> = Count extends ""
  ? [V]
  : Count extends `${Digit}${Digit}${Digit}${Digit}${string}`
    ? V[]
    : Times<V, Count>;

type Times<V, Count extends string, Made extends V[] = []> = Count extends `${infer D extends Digit}${infer Rest}`
  ? Times<V, Rest, [...Tenfold<Made>, ...Few<V>[D]]>
  : Made;

type Tenfold<T extends unknown[]> = [...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T];

interface Few<V> {
  "0": [];
  "1": [V];
  "2": [V, V];
  "3": [V, V, V];
  "4": [V, V, V, V];
  "5": [V, V, V, V, V];
  "6": [V, V, V, V, V, V];
  "7": [V, V, V, V, V, V, V];
  "8": [V, V, V, V, V, V, V, V];
  "9": [V, V, V, V, V, V, V, V, V];
}

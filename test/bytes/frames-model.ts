/** Every format a header may have, with what Python's documentation says of it; made without the code under test. */
export interface HeaderCase {
  readonly format: string;
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  readonly little: boolean;
}

export const HEADERS: readonly HeaderCase[] = ["", "@", "=", "<", ">", "!"].flatMap((mark) =>
  [..."bBhHiIlLqQ"].map((letter) => {
    const long = mark === "" || mark === "@" ? 8 : 4;
    const size = { b: 1, h: 2, i: 4, l: long, q: 8 }[letter.toLowerCase()] as HeaderCase["size"];
    return { format: mark + letter, size, signed: /[a-z]/.test(letter), little: mark !== ">" && mark !== "!" };
  }),
);

export function encodeHeader({ size, little }: HeaderCase, length: bigint): Uint8Array<ArrayBuffer> {
  const digits = BigInt.asUintN(size * 8, length)
    .toString(16)
    .padStart(size * 2, "0");
  const bytes = Uint8Array.fromHex(digits);
  return little ? bytes.reverse() : bytes;
}

function decodeHeader({ signed, little }: HeaderCase, bytes: Uint8Array): bigint {
  const digits = (little ? bytes.toReversed() : bytes).toHex();
  const length = BigInt(`0x${digits}`);
  return signed ? BigInt.asIntN(bytes.length * 8, length) : length;
}

/** What frames a stream holds, and how it ends: at a bad header, or with some bytes of a frame that is not whole. */
export interface Reading {
  readonly frames: readonly { readonly bytes: string; readonly body: string }[];
  readonly bad: bigint | null;
  readonly held: number;
}

export function framesModel(header: HeaderCase, max: number, data: Uint8Array): Reading {
  const frames: { bytes: string; body: string }[] = [];
  let at = 0;
  while (at + header.size <= data.length) {
    const body = at + header.size;
    const length = decodeHeader(header, data.slice(at, body));
    if (length < 0n || length > BigInt(max)) return { frames, bad: length, held: 0 };
    const end = body + Number(length);
    if (end > data.length) break;
    frames.push({ bytes: data.slice(at, end).toHex(), body: data.slice(body, end).toHex() });
    at = end;
  }
  return { frames, bad: null, held: data.length - at };
}

/**
 * A way to write text as bytes. In every one of them ASCII is ASCII, and no byte of a longer character is LF, CR, NUL or
 * `/`, so that lines and paths can be told apart before they are decoded.
 */
export interface Charset {
  /** As the Encoding Standard spells it: `utf-8`, `gbk`. */
  readonly name: string;
  /** The text; null when the bytes are not valid in it, or are of a character that could not be written in it again. */
  decode(bytes: Uint8Array): string | null;
  /** The bytes, which {@link decode} makes the same text of; null when it has not all of the characters. */
  encode(text: string): Uint8Array | null;
  /** For people to read: what is not valid becomes U+FFFD. */
  decodeLossy(bytes: Uint8Array): string;
  /** For people to read: a character that it has not becomes `?`, or one that looks like it. */
  encodeLossy(text: string): Uint8Array;
}

const UTF8 = "utf-8";

/** Those that can be chosen, by the Encoding Standard's name, with the name that iconv-lite has for them. */
const ICONV_NAMES: ReadonlyMap<string, string> = new Map([
  ["gbk", "gbk"],
  ["gb18030", "gb18030"],
  ["big5", "big5"],
  ["shift_jis", "shiftjis"],
  ["euc-jp", "eucjp"],
  ["euc-kr", "euckr"],
  ["windows-1250", "win1250"],
  ["windows-1251", "win1251"],
  ["windows-1252", "win1252"],
  ["windows-1253", "win1253"],
  ["windows-1254", "win1254"],
  ["windows-1256", "win1256"],
  ["windows-1257", "win1257"],
  ["windows-874", "win874"],
  ["iso-8859-2", "iso88592"],
  ["iso-8859-15", "iso885915"],
  ["koi8-r", "koi8r"],
  ["ibm866", "cp866"],
]);

/** Microsoft's numbers, which people know and the Encoding Standard does not. */
const CODE_PAGES: ReadonlyMap<string, string> = new Map([
  ["cp932", "shift_jis"],
  ["cp936", "gbk"],
  ["cp949", "euc-kr"],
  ["cp950", "big5"],
  ["cp65001", UTF8],
]);

/** Every one that {@link charsetOf} knows. */
export const CHARSET_NAMES: readonly string[] = [UTF8, ...ICONV_NAMES.keys()];

const made = new Map<string, Charset>();

/**
 * The charset of that name, always the same object; null when there is none. Names are the labels of the Encoding
 * Standard (section 4.2: `gb2312` is GBK, `latin1` is windows-1252) and the usual code pages, in any case.
 */
export function charsetOf(label: string): Charset | null {
  const name = nameOf(label.trim().toLowerCase());
  if (name === null) return null;
  let charset = made.get(name);
  if (charset === undefined) {
    const iconvName = ICONV_NAMES.get(name);
    charset = iconvName === undefined ? utf8 : new LegacyCharset(name, iconvName);
    made.set(name, charset);
  }
  return charset;
}

function nameOf(label: string): string | null {
  const name = CODE_PAGES.get(label) ?? standardName(label);
  return name === UTF8 || ICONV_NAMES.has(name) ? name : null;
}

function standardName(label: string): string {
  try {
    return new TextDecoder(label as Bun.Encoding).encoding;
  } catch {
    return "";
  }
}

class Utf8 implements Charset {
  readonly name = UTF8;
  private readonly encoder = new TextEncoder();
  private readonly strict = new TextDecoder(UTF8, { fatal: true, ignoreBOM: true });

  decode(bytes: Uint8Array): string | null {
    return decodeOrNull(this.strict, bytes);
  }

  encode(text: string): Uint8Array | null {
    return text.isWellFormed() ? this.encoder.encode(text) : null;
  }

  decodeLossy(bytes: Uint8Array): string {
    return Buffer.prototype.toString.call(bytes, "utf8");
  }

  encodeLossy(text: string): Uint8Array {
    return this.encoder.encode(text);
  }
}

/** What everything is written in that is not told otherwise. */
export const utf8: Charset = new Utf8();

/** A charset from before Unicode. Bun decodes it, and iconv-lite encodes, because Bun cannot. */
class LegacyCharset implements Charset {
  private readonly strict: TextDecoder;
  private readonly lossy: TextDecoder;

  constructor(
    readonly name: string,
    private readonly iconvName: string,
  ) {
    this.strict = new TextDecoder(name as Bun.Encoding, { fatal: true });
    this.lossy = new TextDecoder(name as Bun.Encoding);
  }

  decode(bytes: Uint8Array): string | null {
    const text = decodeOrNull(this.strict, bytes);
    // The tables differ in a few characters that each has in a place of its own: 18 of GBK, the private ones of Shift_JIS.
    return text === null || this.encode(text) === null ? null : text;
  }

  encode(text: string): Uint8Array | null {
    const bytes = this.encodeLossy(text);
    return decodeOrNull(this.strict, bytes) === text ? bytes : null;
  }

  decodeLossy(bytes: Uint8Array): string {
    return this.lossy.decode(bytes);
  }

  encodeLossy(text: string): Uint8Array {
    return iconv().encode(text, this.iconvName);
  }
}

function decodeOrNull(decoder: TextDecoder, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Its tables are loaded by the first who needs them. */
function iconv(): typeof import("iconv-lite") {
  return require("iconv-lite");
}

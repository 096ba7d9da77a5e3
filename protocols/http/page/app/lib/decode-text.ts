/** Where a text is not UTF-8, it is what was usual before: in China GB 18030, elsewhere Windows-1252. */
const BEFORE: Readonly<Record<string, string>> = { zh: "gb18030" };

/** The text in the first bytes of a file, whose last character may be cut off. @param language of the reader */
export function decodeText(bytes: Uint8Array, language: string): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    // Types of Bun's know fewer labels than browsers, and Bun itself, do.
    return new TextDecoder((BEFORE[language] ?? "windows-1252") as "utf-8").decode(bytes);
  }
}

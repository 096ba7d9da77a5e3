/** What `Lines` must yield, said as plainly as possible: the whole input at once, a byte at a time, nothing clever. */
export function linesModel(input: Uint8Array, max: number): (string | null)[] {
  const lines: (string | null)[] = [];
  let line: number[] = [];
  const finish = () => {
    lines.push(line.length > max ? null : new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(line)));
    line = [];
  };
  for (const byte of input) {
    const afterCr = line.at(-1) === 0x0d;
    if (byte === 0x0a || (byte === 0x00 && afterCr)) {
      if (afterCr) line.pop();
      finish();
    } else line.push(byte);
  }
  if (line.length === 0) return lines;
  // A CR at the very end is half a line end.
  if (line.at(-1) === 0x0d && line.length <= max + 1) line.pop();
  finish();
  return lines;
}

import { encode } from "uqr";

/** Light modules around a code, by which scanners tell it from what is beside it (ISO/IEC 18004, section 9.1). */
const QUIET = 4;
/** Codes so large leave no room for that in 24 rows; scanners of phones are content with half of it. */
const LARGE = 37;
const LESS_QUIET = 2;
/** Upper and lower half, and whether they are light. */
const HALVES = { both: "█", upper: "▀", lower: "▄", none: " " } as const;
/** SGR: bright white on black in the 256 colours that no theme changes. */
const COLOURS = "\x1b[38;5;231;48;5;16m";
const PLAIN = "\x1b[0m";

/**
 * A text as a QR code in half blocks, two modules a row: 17 rows of 33 columns for the address of a page. What is light is
 * ink, as on the dark terminals that most people have; with `colour` it is light on a light one as well.
 */
export function qrCode(text: string, colour: boolean): string {
  const { data, size } = encode(text, { ecc: "L", boostEcc: true, border: 0 });
  const quiet = size < LARGE ? QUIET : LESS_QUIET;
  const isLight = (x: number, y: number) => data[y - quiet]?.[x - quiet] !== true;
  const side = size + 2 * quiet;
  const rows = [];
  for (let y = 0; y < side; y += 2) {
    let row = "";
    for (let x = 0; x < side; x++) row += half(isLight(x, y), y + 1 < side && isLight(x, y + 1));
    rows.push(colour ? `${COLOURS}${row}${PLAIN}\n` : `${row}\n`);
  }
  return rows.join("");
}

function half(upper: boolean, lower: boolean): string {
  if (upper) return lower ? HALVES.both : HALVES.upper;
  return lower ? HALVES.lower : HALVES.none;
}

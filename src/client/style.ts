/** How text is set off on a terminal. The text given must be safe already. */
export interface Style {
  /** Somebody's name. */
  name(text: string): string;
  /** What the program itself says. */
  quiet(text: string): string;
}

/** No colour at all: for pipes, and for people who set NO_COLOR (no-color.org). */
export const plain: Style = { name: (text) => text, quiet: (text) => text };

/** Cyan, magenta, blue, green, red: the basic colours that can be read on black and on white alike. */
const NAME_COLOURS = [36, 35, 34, 32, 31] as const;

/** Names lightly coloured, each always the same; notices dim. */
export const coloured: Style = {
  name: (text) => `\x1b[${NAME_COLOURS[Number(Bun.hash(text) % BigInt(NAME_COLOURS.length))] ?? 36}m${text}\x1b[39m`,
  quiet: (text) => `\x1b[2m${text}\x1b[22m`,
};

/** Colours only on a terminal that can show them, and not against the user's wish. */
export function styleFor(output: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Style {
  const wanted = output.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  return wanted ? coloured : plain;
}

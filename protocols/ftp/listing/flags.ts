/**
 * The path of `LIST -al`, `LIST -la path` or `LIST -- -odd`: clients pass on what their user would tell `ls`, and servers
 * are expected to look over it. Only what is behind `--`, or does not look like letters behind a dash, is a path.
 */
export function withoutFlags(argument: string): string {
  let rest = argument;
  for (;;) {
    const [whole, word] = /^(-[A-Za-z0-9]+|--)(?: |$)/.exec(rest) ?? [];
    if (whole === undefined) return rest;
    rest = rest.slice(whole.length);
    if (word === "--") return rest;
  }
}

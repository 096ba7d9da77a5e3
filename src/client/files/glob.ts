import { Glob } from "bun";

const MAGIC = /[*?[{]/;
/** No name has a backslash, so it can take the meaning from what is behind it. */
const ESCAPED = /\\(.)/gu;

/** Whether a path may mean several files: whether it has wildcards that no backslash stands before. */
export function hasGlob(path: string): boolean {
  return MAGIC.test(path.replace(ESCAPED, ""));
}

/**
 * What a part of a path with `*`, `?`, `[a-z]` or `{a,b}` fits: names as they are, and those that begin with a dot only
 * if the pattern does, as in a shell. Case counts.
 */
export function nameMatcher(pattern: string): (name: string) => boolean {
  if (!hasGlob(pattern)) {
    const plain = pattern.replace(ESCAPED, "$1");
    return (name) => name === plain;
  }
  // A leading ! would turn the meaning round.
  const glob = new Glob(pattern.replace(/(?<!\\)\*+/g, "*").replace(/^!/, "\\!"));
  const dots = pattern.startsWith(".");
  return (name) => (dots || !name.startsWith(".")) && glob.match(name);
}

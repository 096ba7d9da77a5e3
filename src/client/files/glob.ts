import { Glob } from "bun";

const MAGIC = /[*?[{]/;

/** Whether a path may mean several files. A file that has the very name is meant first. */
export function hasGlob(path: string): boolean {
  return MAGIC.test(path);
}

/**
 * What a part of a path with `*`, `?`, `[a-z]` or `{a,b}` fits: names as they are, and those that begin with a dot only
 * if the pattern does, as in a shell. Case counts.
 */
export function nameMatcher(pattern: string): (name: string) => boolean {
  if (!hasGlob(pattern)) return (name) => name === pattern;
  // A leading ! would turn the meaning round.
  const glob = new Glob(pattern.replace(/\*+/g, "*").replace(/^!/, "\\!"));
  const dots = pattern.startsWith(".");
  return (name) => (dots || !name.startsWith(".")) && glob.match(name);
}

import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";

/**
 * Says in one sentence what a user's file threw, and where in it: `TypeError: x is not a function (shout.ts:7:13)`. The
 * place is the first of the stack that lies in the file's own folder, or at least in some file that there is: what tincan
 * is compiled from is none.
 */
export function describeFault(error: unknown, file: string): string {
  if (!(error instanceof Error)) return `${String(error)} was thrown (${shown(file)})`;
  const places = Array.from((error.stack ?? "").matchAll(/(\/[^()\n]*?):(\d+):(\d+)\)?$/gm));
  const folder = `${dirname(file)}/`;
  const own = places.find(([, path]) => path?.startsWith(folder)) ?? places.find(([, path]) => existsSync(path ?? ""));
  const where = own?.[1] === undefined ? shown(file) : `${shown(own[1])}:${own[2]}:${own[3]}`;
  return `${error.name}: ${error.message} (${where})`;
}

/** What stopped a file from being loaded: the first error of the compiler, or what the file itself threw. */
export function describeLoadError(error: unknown, file: string): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  if (first instanceof BuildMessage && first.position !== null) {
    const { file: path, line, column } = first.position;
    return `${shown(path)}:${line}:${column}: ${first.message}`;
  }
  if (first instanceof ResolveMessage || first instanceof SyntaxError) return `${shown(file)}: ${first.message}`;
  return `${shown(file)} failed when it was loaded: ${describeFault(first, file)}`;
}

function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}

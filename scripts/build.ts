import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..");
export const BINARY = join(ROOT, "dist", "tincan");

/**
 * Compiled ahead, and in pieces of which a command loads those that it imports: `tincan version` takes 10 ms where it took
 * 40, and a daemon at rest has 1.7 MB less, because it neither parses nor maps what only clients need.
 */
const READY_TO_RUN = ["--bytecode", "--splitting", "--format", "esm"];

/** Whatever the binary is made of; folders count too, because a file that was removed leaves its trace only there. */
const INPUTS = ["src", "protocols", "package.json", "package-lock.json", "tsconfig.json", "scripts/build.ts"];

/**
 * Makes `dist/tincan` unless it is newer than all it is made of. Tells whether there was anything to do. Ends the script
 * with the compiler's words when it fails.
 */
export async function build(): Promise<boolean> {
  if (isFresh()) return false;
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  // Made beside and renamed, so that a running tincan keeps its file and nobody ever starts half a binary. The map that
  // Bun leaves there is not needed: traces name the source by the one inside the binary.
  const begun = new Date();
  const workshop = mkdtempSync(join(ROOT, "dist", ".build-"));
  const made = join(workshop, "tincan");
  const failure = await compile(made);
  if (failure === null) {
    // What was edited meanwhile may not be in it.
    utimesSync(made, begun, begun);
    renameSync(made, BINARY);
  }
  rmSync(workshop, { recursive: true });
  if (failure === null) return true;
  process.stderr.write(`dist/tincan could not be built:\n${failure}`);
  process.exit(1);
}

/** Null, or what the compiler said against it. */
async function compile(outfile: string): Promise<string | null> {
  // Threads are programs of their own inside the binary (src/files/hashing.ts, src/history/thread.ts).
  const entries = ["src/main.ts", "src/files/hash-worker.ts", "src/history/worker.ts"];
  const command = ["build", "--compile", "--minify", "--sourcemap", ...READY_TO_RUN, ...entries, "--outfile", outfile];
  const bun = Bun.spawn([process.execPath, ...command], { cwd: ROOT, stdout: "pipe", stderr: "pipe" });
  const output = await Promise.all([new Response(bun.stdout).text(), new Response(bun.stderr).text()]);
  return (await bun.exited) === 0 ? null : output.join("");
}

function isFresh(): boolean {
  const made = statSync(BINARY, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && INPUTS.every((input) => newest(input) < made);
}

function newest(input: string): number {
  const top = statSync(join(ROOT, input));
  if (!top.isDirectory()) return top.mtimeMs;
  const below = new Bun.Glob("**").scanSync({ cwd: join(ROOT, input), onlyFiles: false, absolute: true });
  return Math.max(top.mtimeMs, ...Array.from(below, (path) => statSync(path).mtimeMs));
}

if (import.meta.main) {
  const started = performance.now();
  const built = await build();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(built ? `dist/tincan built in ${seconds} s\n` : "dist/tincan is up to date\n");
}

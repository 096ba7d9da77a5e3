import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..");
export const BINARY = join(ROOT, "dist", "tincan");

/** Whatever the binary is made of; folders count too, because a file that was removed leaves its trace only there. */
const INPUTS = ["src", "protocols", "package.json", "package-lock.json", "tsconfig.json", "scripts/build.ts"];

/** Makes `dist/tincan` unless it is newer than all it is made of. Tells whether there was anything to do. */
export async function build(): Promise<boolean> {
  if (isFresh()) return false;
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  // Made beside and renamed, so that a running tincan keeps its file and nobody ever starts half a binary.
  const fresh = `${BINARY}.${process.pid}`;
  const command = ["build", "--compile", "--minify", "--sourcemap", "src/main.ts", "--outfile", fresh];
  const bun = Bun.spawn([process.execPath, ...command], { cwd: ROOT, stdout: "pipe", stderr: "pipe" });
  const [output, errors, code] = await Promise.all([
    new Response(bun.stdout).text(),
    new Response(bun.stderr).text(),
    bun.exited,
  ]);
  if (code !== 0) {
    rmSync(fresh, { force: true });
    throw new Error(`the build failed:\n${output}${errors}`);
  }
  renameSync(fresh, BINARY);
  return true;
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

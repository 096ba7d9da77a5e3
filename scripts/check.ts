import { join } from "node:path";
import { strays } from "./layers.ts";

const ROOT = join(import.meta.dir, "..");
const MAX_LINES = 300;
const MAX_MEDIAN = 120;

interface Verdict {
  readonly ok: boolean;
  readonly output: string;
}

/** What must hold before anything is merged; every line is one tool. */
const checks: Readonly<Record<string, () => Promise<Verdict>>> = {
  types: () => tool("tsc", "--noEmit"),
  // The page runs in browsers, so it is checked against another library.
  "types of the page": () => tool("tsc", "--noEmit", "--project", "protocols/http/page"),
  "lint, format, cycles": () => tool("biome", "check", "--error-on-warnings", "--max-diagnostics=50"),
  "dead code": () => tool("knip", "--no-progress"),
  layers: importsPointDown,
  "file sizes": fileSizes,
};

async function tool(name: string, ...args: string[]): Promise<Verdict> {
  const command = [process.execPath, "run", "--bun", join(ROOT, "node_modules", ".bin", name), ...args];
  const child = Bun.spawn(command, { cwd: ROOT, stdout: "pipe", stderr: "pipe" });
  const output = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { ok: (await child.exited) === 0, output: output.join("") };
}

async function importsPointDown(): Promise<Verdict> {
  const files = sources("{src,protocols}");
  const found = await Promise.all(files.map(async (file) => strays(file, await Bun.file(join(ROOT, file)).text())));
  const lines = found.flat().map((line) => `${line}\n`);
  return { ok: lines.length === 0, output: lines.join("") };
}

/** Small files with one concept each: none over 300 lines, half of them at most 120. */
async function fileSizes(): Promise<Verdict> {
  const files = sources("{src,protocols,scripts}");
  const sizes = await Promise.all(files.map(async (file) => ({ file, lines: await countLines(file) })));
  const tooLong = sizes.filter(({ lines }) => lines > MAX_LINES).map(({ file, lines }) => `${file} has ${lines} lines`);
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  if (median > MAX_MEDIAN) tooLong.push(`the median file has ${median} lines; at most ${MAX_MEDIAN}`);
  return { ok: tooLong.length === 0, output: tooLong.map((line) => `${line}\n`).join("") };
}

function sources(folders: string): string[] {
  return [...new Bun.Glob(`${folders}/**/*.{ts,tsx}`).scanSync(ROOT)];
}

async function countLines(file: string): Promise<number> {
  return (await Bun.file(join(ROOT, file)).text()).split("\n").length - 1;
}

async function report(name: string, check: () => Promise<Verdict>): Promise<boolean> {
  const started = performance.now();
  const { ok, output } = await check();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${ok ? "ok    " : "FAILED"} ${name} (${seconds} s)\n${ok ? "" : output}`);
  return ok;
}

const results = await Promise.all(Object.entries(checks).map(([name, check]) => report(name, check)));
process.exitCode = results.every(Boolean) ? 0 : 1;

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.ts";

const ROOT = join(import.meta.dir, "..");

/** Tests that measure memory or load the machine run one after the other, when all others are done. */
const ALONE = "test/torture/";

/** Letters of an error that are said at the end. */
const MOST_SHOWN = 2000;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed and why: said again at the end, where nobody has to look for it. */
  readonly causes: readonly string[];
}

const given = process.argv.slice(2);
const all = [...new Bun.Glob("test/**/*.test.ts").scanSync(ROOT)].sort();
/** Words before the first flag choose files by a part of their path; the rest is for `bun test`. */
const firstFlag = given.findIndex((arg) => arg.startsWith("-"));
const patterns = firstFlag === -1 ? given : given.slice(0, firstFlag);
const flags = given.slice(patterns.length);
const chosen = all.filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)));

if (process.env["TINCAN_BIN"] === undefined) await build();
const scratch = mkdtempSync(join(tmpdir(), "tincan-tests-"));
const ledger = join(scratch, "ledger");
const started = performance.now();
const results = [
  await run(
    chosen.filter((file) => !file.startsWith(ALONE)),
    ["--parallel=2"],
  ),
  await run(
    chosen.filter((file) => file.startsWith(ALONE)),
    [],
  ),
];
const { exchanges, missing } = readLedger();
rmSync(scratch, { recursive: true, force: true });

const sum = (of: "passed" | "failed" | "skipped") => results.reduce((total, counts) => total + counts[of], 0);
const seconds = Math.round((performance.now() - started) / 1000);
print(`${chosen.length} files in ${seconds} s, ${sum("skipped")} tests skipped`);
if (missing.length > 0) print(`skipped for want of a client: ${missing.join(", ")}`);
for (const cause of results.flatMap(({ causes }) => causes)) print(`${cause}\n`);
print(`${exchanges} exchanges with real clients`);
print(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") > 0 || chosen.length === 0 ? 1 : 0;

/** Runs some files in one `bun test` and counts by its JUnit report. */
async function run(files: readonly string[], how: readonly string[]): Promise<Counts> {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0, causes: [] };
  const report = join(scratch, `${files.length}-${how.length}.xml`);
  const reporter = ["--timeout=30000", "--reporter=junit", `--reporter-outfile=${report}`];
  const paths = files.map((file) => `./${file}`);
  const bun = Bun.spawn([process.execPath, "test", ...how, ...reporter, ...flags, ...paths], {
    cwd: ROOT,
    env: { ...process.env, TINCAN_TEST_LEDGER: ledger },
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
  });
  const code = await bun.exited;
  return count(existsSync(report) ? readFileSync(report, "utf8") : "", code, files);
}

/**
 * The report leaves out files that threw before their first test, and errors outside of tests: with an exit code other
 * than 0, every file that is missing counts as one failure, and there is at least one.
 */
function count(xml: string, code: number, files: readonly string[]): Counts {
  const total = (name: string) => Number(new RegExp(`<testsuites [^>]*\\b${name}="(\\d+)"`).exec(xml)?.[1] ?? 0);
  const skipped = total("skipped");
  const failures = total("failures");
  const lost = files.filter((file) => !xml.includes(`file="${file}"`));
  const passed = total("tests") - failures - skipped;
  if (code === 0) return { passed, failed: failures, skipped, causes: [] };
  const causes = [...failed(xml), ...lost.map((file) => `${file} did not run`)];
  return { passed, failed: Math.max(1, failures + lost.length), skipped, causes };
}

/** The failures of a report: the test's name and file, and what was thrown. */
function* failed(xml: string): Generator<string> {
  const failure = /<testcase name="([^"]*)"[^>]* file="([^"]*)"[^>]*>\s*<failure type="([^"]*)"[^>]*>([^<]*)</g;
  for (const [, ...texts] of xml.matchAll(failure)) {
    const [name, file, type, thrown = ""] = texts.map(plainText);
    // A test that ran out of time has thrown nothing.
    yield `FAILED ${file}: ${name}\n${thrown.trim().slice(0, MOST_SHOWN) || type}`;
  }
}

/** A text of XML, as it was before it stood there. */
function plainText(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (whole, code?: string, name?: string) =>
    code === undefined ? (ENTITIES[name ?? ""] ?? whole) : String.fromCodePoint(Number(code)),
  );
}

/** What `test/support/clients.ts` wrote down: `exchange NAME COUNT` and `missing NAME`. */
function readLedger(): { readonly exchanges: number; readonly missing: readonly string[] } {
  const lines = existsSync(ledger) ? readFileSync(ledger, "utf8").split("\n") : [];
  const words = lines.map((line) => line.split(" "));
  const exchanges = words.filter(([kind]) => kind === "exchange").reduce((total, [, , n]) => total + Number(n), 0);
  const missing = words.flatMap(([kind, name]) => (kind === "missing" && name !== undefined ? [name] : []));
  return { exchanges, missing: [...new Set(missing)].sort() };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

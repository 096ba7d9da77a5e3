import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SOURCE = join(import.meta.dir, "peers", "server.c");

let built: string | null = null;

/** Compiles the server in C, once, into a temporary folder. Null without a compiler; throws with what it says. */
export function buildC(): string | null {
  built ??= compile();
  return built;
}

function compile(): string | null {
  const compiler = Bun.which("gcc") ?? Bun.which("cc");
  if (compiler === null) return null;
  const folder = mkdtempSync(join(tmpdir(), "tincan-bench-c-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "server");
  const { status, stderr } = spawnSync(compiler, ["-O2", "-o", program, SOURCE], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${compiler} cannot compile ${SOURCE}: ${stderr}`);
  return program;
}

import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BINARY, build } from "./build.ts";

/** One Ctrl-C reaches this process twice: from the terminal, and from npm, which passes it on. */
const SAME_SIGNAL_MS = 250;

const root = join(import.meta.dir, "..");
mkdirSync(join(root, "share"), { recursive: true });
await build();

// In a session of its own, so that the terminal's signals reach the daemon through here alone, once each.
const daemon = spawn(BINARY, ["serve", "share", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  detached: true,
});
let last = Number.NEGATIVE_INFINITY;

function passOn(signal: NodeJS.Signals): void {
  if (performance.now() - last < SAME_SIGNAL_MS) return;
  last = performance.now();
  daemon.kill(signal);
}

process.on("SIGINT", passOn);
process.on("SIGTERM", passOn);
process.on("SIGHUP", () => passOn("SIGTERM"));
daemon.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));

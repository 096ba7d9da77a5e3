import type { Command } from "commander";
import { VERSION } from "../version.ts";

/** `tincan version`: what to say in a bug report. */
export function register(program: Command): void {
  program
    .command("version")
    .description("Print the version, and what it was built with.")
    .summary("print the version")
    .option("--json", "print one line of JSON")
    .addHelpText("after", "\nExamples:\n  tincan version\n  tincan version --json\n")
    .action(({ json }: { json?: true }) => {
      const facts = { version: VERSION, bun: Bun.version, platform: process.platform, arch: process.arch };
      const text = `tincan ${VERSION} (Bun ${facts.bun}, ${facts.platform} ${facts.arch})`;
      process.stdout.write(`${json ? JSON.stringify(facts) : text}\n`);
    });
}

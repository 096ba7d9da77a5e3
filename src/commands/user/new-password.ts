import { refusesPassword } from "../../accounts/password.ts";
import { quote } from "../../bytes/text.ts";
import { stdinLines } from "../../client/input.ts";
import { SecretPrompt } from "../../client/secret-prompt.ts";
import { CommandError, Exit } from "../../exit.ts";

/** What is typed wrong on a terminal is asked for again. */
const ATTEMPTS = 3;
/** Of a line that cannot be a password, no more than this is read. */
const LONGEST_LINE = 4096;

/**
 * A password that is taken: asked for twice without echo on a terminal, up to three times, else one line of stdin. It
 * is nowhere shown.
 * @throws CommandError (64) for one that is too short, too long or not the same twice
 */
export async function newPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) return checked(await firstLine());
  using prompt = new SecretPrompt();
  for (let attempt = 1; ; attempt++) {
    const password = await prompt.ask(`Password for ${quote(name)}: `);
    const wrong = refusesPassword(password) ?? (await mistyped(prompt, password));
    if (wrong === null) return password;
    if (attempt === ATTEMPTS) throw refused(wrong);
    process.stderr.write(`${wrong}; try again\n`);
  }
}

async function mistyped(prompt: SecretPrompt, password: string): Promise<string | null> {
  return (await prompt.ask("The same password again: ")) === password ? null : "the two passwords are not the same";
}

async function firstLine(): Promise<string> {
  for await (const line of stdinLines(LONGEST_LINE)) return line ?? "x".repeat(LONGEST_LINE);
  throw new CommandError(Exit.usage, "there is no password on stdin; write it there as one line, or use a terminal");
}

function checked(password: string): string {
  const refusal = refusesPassword(password);
  if (refusal === null) return password;
  throw refused(refusal);
}

function refused(why: string): CommandError {
  return new CommandError(Exit.usage, `${why}; nothing was changed`);
}

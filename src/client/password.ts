import { quote } from "../bytes/text.ts";
import { CommandError, Exit } from "../exit.ts";
import { whyUnread } from "../unread.ts";
import { SecretPrompt } from "./secret-prompt.ts";
import { type Keys, TerminalKeys } from "./terminal-keys.ts";

/** Where a password may come from, beside a person at the terminal. Never from the arguments, which everybody sees. */
export interface PasswordSources {
  /** Its first line is the password. */
  readonly file: string | null;
  readonly environment: string | undefined;
}

/** The password for a login: from the file, from the environment, or asked for. @throws CommandError in one sentence */
export async function passwordFor(login: string, { file, environment }: PasswordSources): Promise<string> {
  // No account has an empty one: a server would only count a login that has failed.
  if (file !== null) return filled(await firstLine(file), `the first line of --password-file ${quote(file)}`);
  if (environment !== undefined) return filled(environment, "TINCAN_PASSWORD");
  return await ask(`Password of ${login}: `);
}

function filled(password: string, where: string): string {
  if (password !== "") return password;
  throw new CommandError(Exit.usage, `${where} is empty; put the password there`);
}

async function firstLine(path: string): Promise<string> {
  try {
    const text = await Bun.file(path).text();
    return text.split(/\r?\n/)[0] ?? "";
  } catch (cause) {
    const why = whyUnread(cause);
    throw new CommandError(Exit.usage, `--password-file ${quote(path)} cannot be read: ${why}`, { cause });
  }
}

/** Asks at the terminal and shows nothing of what is typed. Stdin may be a pipe whose bytes are meant for a file. */
async function ask(question: string): Promise<string> {
  if (process.stdin.isTTY) return await answerAt(process.stdin, question);
  const keys = await openTerminal();
  try {
    return await answerAt(keys, question);
  } finally {
    keys.close();
  }
}

async function answerAt(terminal: Keys, question: string): Promise<string> {
  using prompt = new SecretPrompt(terminal);
  return await prompt.ask(question);
}

async function openTerminal(): Promise<TerminalKeys> {
  try {
    return await TerminalKeys.open();
  } catch (cause) {
    const how = "give --password-file FILE or set TINCAN_PASSWORD";
    throw new CommandError(Exit.usage, `a password is needed, and there is no terminal to ask at; ${how}`, { cause });
  }
}

import { closeSync, openSync } from "node:fs";
import { quote } from "../bytes/text.ts";
import { CommandError, Exit } from "../exit.ts";

const ENDS: readonly string[] = ["\r", "\n"];
const [INTERRUPT, END, BACKSPACE, DELETE, ERASE_LINE] = ["\x03", "\x04", "\b", "\x7f", "\x15"];

/** Where a password may come from, beside a person at the terminal. Never from the arguments, which everybody sees. */
export interface PasswordSources {
  /** Its first line is the password. */
  readonly file: string | null;
  readonly environment: string | undefined;
}

/** The password for a login: from the file, from the environment, or asked for. @throws CommandError in one sentence */
export async function passwordFor(login: string, { file, environment }: PasswordSources): Promise<string> {
  if (file !== null) return await firstLine(file);
  if (environment !== undefined) return environment;
  return await ask(`Password of ${login}: `);
}

async function firstLine(path: string): Promise<string> {
  try {
    const text = await Bun.file(path).text();
    return text.split(/\r?\n/)[0] ?? "";
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(Exit.usage, `--password-file ${quote(path)} cannot be read: ${quote(why, 200)}`, { cause });
  }
}

/** Asks at the terminal itself, whatever stdin and stdout are, and shows nothing of what is typed. */
async function ask(prompt: string): Promise<string> {
  let terminal: number;
  try {
    terminal = openSync("/dev/tty", "r+");
  } catch (cause) {
    const how = "give --password-file FILE or set TINCAN_PASSWORD";
    throw new CommandError(Exit.usage, `a password is needed, and there is no terminal to ask at; ${how}`, { cause });
  }
  const { ReadStream } = await import("node:tty");
  const input = new ReadStream(terminal);
  try {
    process.stderr.write(prompt);
    input.setRawMode(true);
    return await typed(input);
  } finally {
    input.setRawMode(false);
    input.destroy();
    process.stderr.write("\n");
    closeQuietly(terminal);
  }
}

async function typed(input: AsyncIterable<Buffer>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of input) {
    for (const key of decoder.decode(bytes, { stream: true })) {
      if (ENDS.includes(key)) return text;
      if (key === INTERRUPT || (key === END && text === ""))
        throw new CommandError(Exit.failed, "no password was given");
      if (key === BACKSPACE || key === DELETE) text = [...text].slice(0, -1).join("");
      else if (key === ERASE_LINE) text = "";
      else if (key >= " ") text += key;
    }
  }
  return text;
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // The stream has closed it already.
  }
}

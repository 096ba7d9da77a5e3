import { escapeText } from "../../bytes/text.ts";
import type { Delivered } from "../../client/chat/delivered.ts";
import { stdinLines } from "../../client/input.ts";
import { CommandError, Exit } from "../../exit.ts";
import { Conversation } from "./conversation.ts";
import { jsonLine } from "./json-line.ts";
import { type ChatSettings, openSession } from "./settings.ts";
import { obey } from "./table.ts";

/** Far more than a message may have; the server refuses in its own words what is over its limit. */
const LONGEST_LINE = 64 * 1024;
/** After the end of the input, nobody is there to give up: attempts to come back, about a minute and a half. */
const LAST_ATTEMPTS = 6;

/**
 * Chat for programs: every line of stdin is said, each after the one before was answered, and what others say goes to
 * stdout. At the end of stdin it leaves. What the program itself has to say goes to stderr.
 */
export async function chatInPipe(settings: ChatSettings): Promise<void> {
  const write = (text: string) => void process.stdout.write(`${text}\n`);
  const chat = new Conversation(write, (text) => void process.stderr.write(`${text}\n`));
  const show = (delivered: Delivered) => {
    if (delivered.own) return;
    if (settings.json) write(jsonLine(delivered));
    else chat.show(delivered);
  };
  const session = await openSession(
    settings,
    {
      event: show,
      lost: (_, retryMs, attempt) => chat.lost(retryMs, attempt),
      back: (absence) => chat.back(absence),
      notice: (text) => chat.notice(text),
    },
    0,
  );
  // Whoever read the output has gone: nobody is left to talk to.
  process.stdout.once("error", () => session.leave());
  chat.begin(session);
  process.stdin.once("end", () => {
    session.attempts = LAST_ATTEMPTS;
  });
  const said = sayInput(chat, settings.commands || process.stdin.isTTY === true).then(() => session.leave());
  const why = await Promise.race([session.ended, said.then(() => session.ended)]);
  process.stdin.destroy();
  if (why) throw new CommandError(Exit.failed, `the chat ended: ${escapeText(why.message)}`, { cause: why });
  if (chat.failures > 0) throw new CommandError(Exit.failed, failureText(chat.failures));
}

async function sayInput(chat: Conversation, commands: boolean): Promise<void> {
  for await (const line of stdinLines(LONGEST_LINE)) {
    if (chat.session?.left) return;
    await sayLine(chat, line, commands);
  }
}

async function sayLine(chat: Conversation, line: string | null, commands: boolean): Promise<void> {
  if (line === null) chat.failed(new Error(`a line of more than ${LONGEST_LINE} bytes was left out`));
  else if (line.trim() === "") return;
  else if (commands) await obey(chat, line);
  else await chat.say("say", line);
}

function failureText(failures: number): string {
  return failures === 1 ? "one line was not taken" : `${failures} lines were not taken`;
}

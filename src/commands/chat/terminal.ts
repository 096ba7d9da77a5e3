import { escapeText } from "../../bytes/text.ts";
import { LineEditor } from "../../client/line-editor.ts";
import { styleFor } from "../../client/style.ts";
import { CommandError, Exit } from "../../exit.ts";
import { complete } from "./completion.ts";
import { Conversation } from "./conversation.ts";
import { type ChatSettings, openSession } from "./settings.ts";
import { obey } from "./table.ts";

/** How much of what was said before is shown at first, as at the line door. */
const RECENT = 10;

/** Chat for a person: what is said scrolls above the line being typed. Ends when they leave. */
export async function chatOnTerminal(settings: ChatSettings): Promise<void> {
  let editor: LineEditor | null = null;
  const print = (text: string) => {
    if (editor) editor.print(text);
    else process.stdout.write(`${text}\n`);
  };
  const chat = new Conversation(print, print, styleFor(process.stdout));
  const session = await openSession(
    settings,
    {
      event: (delivered) => chat.show(delivered),
      lost: (_, retryMs, attempt) => chat.lost(retryMs, attempt),
      back: (absence) => chat.back(absence),
      notice: (text) => chat.notice(text),
    },
    RECENT,
  );
  chat.begin(session);
  const where = chat.room === null ? "" : ` in ${chat.room}`;
  chat.notice(`you are ${session.name}${where}; /help lists the commands, Ctrl-D leaves`);
  const close = () => editor?.close();
  process.stdout.on("error", close);
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT", "exit"]) process.once(signal, close);
  const typed = async (line: string) => {
    await obey(chat, line);
    if (editor) editor.prompt = promptOf(chat);
  };
  editor = await LineEditor.open(process.stdin, process.stdout, promptOf(chat), {
    line: (line) => void typed(line),
    ended: () => session.leave(),
    complete: (before) => complete(chat, before),
  });
  const why = await session.ended;
  close();
  if (why) throw new CommandError(Exit.failed, `the chat ended: ${escapeText(why.message)}`, { cause: why });
}

function promptOf({ room }: Conversation): string {
  return `${escapeText(room ?? "")}> `;
}

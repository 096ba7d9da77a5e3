import { quote } from "../../src/bytes/text.ts";
import { declined } from "./declined.ts";
import type { Reply } from "./reply.ts";
import { strangerByVerb } from "./stranger.ts";

/** Lines in a row that are no commands, with the last of which the connection ends. */
const MOST_UNKNOWN = 10;

/** What is answered to a verb that is no command. */
interface Unknown {
  readonly reply: Reply;
  /** For the log, when the connection ends with that reply; else null. */
  readonly violation: string | null;
}

/**
 * @param inARow how many such lines came without a command in between, this one included
 * @param page where a browser is better served; null: nowhere
 */
export function unknownCommand(verb: string, inARow: number, page: () => string | null): Unknown {
  const why = declined.get(verb);
  if (why !== undefined) return { reply: { code: 502, text: `${verb} is not done here: ${why}` }, violation: null };
  const stranger = strangerByVerb(verb, page);
  if (stranger !== null) return { reply: stranger.reply, violation: stranger.detail };
  if (inARow < MOST_UNKNOWN) {
    return { reply: { code: 500, text: `there is no command ${quote(verb)}; HELP lists them` }, violation: null };
  }
  const text = `${MOST_UNKNOWN} lines in a row that are no commands; good-bye`;
  return { reply: { code: 421, text }, violation: text };
}

import { quote } from "../bytes/text.ts";
import type { Refusal, RefusalCode } from "./command.ts";
import { chatLimits } from "./limits.ts";
import { refuse } from "./refusal.ts";

/** What a text may be: how it is called in a refusal, how long it may be in UTF-8 bytes, and what must not be in it. */
interface TextRule {
  readonly what: string;
  readonly most: number;
  readonly over: RefusalCode;
  /** Finds a character that is not allowed. */
  readonly banned: RegExp;
  readonly allowed: string;
}

/** A message, an action or a private message: LF is allowed, other control characters (C0, DEL, C1) are not. */
export const messageText: TextRule = {
  what: "a message",
  most: chatLimits.message,
  over: "text-too-long",
  banned: /[\0-\x09\x0b-\x1f\x7f-\x9f]/,
  allowed: "line breaks are the only control characters that are allowed",
};

/** A topic is one line, because it is shown beside the room's name. */
export const topicText: TextRule = {
  what: "a topic",
  most: chatLimits.topic,
  over: "topic-too-long",
  banned: /[\0-\x1f\x7f-\x9f\u2028\u2029]/,
  allowed: "it is one line without control characters",
};

/** Words to look for. */
export const searchText: TextRule = {
  what: "a search",
  most: chatLimits.search,
  over: "text-too-long",
  banned: messageText.banned,
  allowed: messageText.allowed,
};

const visible = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/** Why a text is refused, or null when it is fine. A blank text is refused too. */
export function refuseText(text: string, rule: TextRule): Refusal | null {
  if (isOver(text, rule.most)) {
    const bytes = Buffer.byteLength(text);
    return refuse(rule.over, `${rule.what} of ${bytes} bytes is too long; the limit is ${rule.most} bytes of UTF-8`);
  }
  if (!text.isWellFormed()) {
    return refuse("bad-text", `${rule.what} cannot hold half of a surrogate pair; send it as UTF-8`);
  }
  const found = rule.banned.exec(text);
  if (found !== null) return refuse("bad-text", `${rule.what} cannot hold ${quote(found[0])}; ${rule.allowed}`);
  if (!visible.test(text)) return refuse("bad-text", `${rule.what} cannot be blank; write something`);
  return null;
}

/** Whether a text has more than `most` bytes of UTF-8. A UTF-16 unit is one to three of them, so most texts need no count. */
export function isOver(text: string, most: number): boolean {
  if (text.length * 3 <= most) return false;
  return text.length > most || Buffer.byteLength(text) > most;
}

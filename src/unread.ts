import { escapeText } from "./bytes/text.ts";
import { codeOf, messageOf } from "./thrown.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of its path is no folder",
  EISDIR: "it is a folder",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  ELOOP: "its links lead in a circle",
};

/** Why a file that somebody named cannot be read, for people: what follows `FILE cannot be read: `. */
export function whyUnread(error: unknown): string {
  return REASONS[codeOf(error)] ?? escapeText(messageOf(error));
}

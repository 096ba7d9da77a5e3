import type { ChatSession } from "../../client/chat/session.ts";
import { type Fields, listOf, textOf, textsOf } from "../../client/messages.ts";

/** More pages than any honest server has of anything. */
const MOST_PAGES = 100;

/** All items of a list that comes in pages: the names of who, or the rooms. */
export function allPages(session: ChatSession, op: "who", key: "members", fields: Fields): Promise<readonly string[]>;
export function allPages(session: ChatSession, op: "rooms", key: "rooms"): Promise<readonly Fields[]>;
export async function allPages(
  session: ChatSession,
  op: string,
  key: string,
  fields: Fields = {},
): Promise<readonly string[] | readonly Fields[]> {
  const texts: string[] = [];
  const objects: Fields[] = [];
  for (let after = "", page = 0; page < MOST_PAGES; page++) {
    const answer = await session.ask(op, { ...fields, ...(after !== "" && { after }) });
    texts.push(...textsOf(answer, key));
    objects.push(...listOf(answer, key));
    after = textOf(answer, "next");
    if (after === "") break;
  }
  return op === "who" ? texts : objects;
}

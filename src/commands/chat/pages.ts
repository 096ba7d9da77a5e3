import type { ChatSession } from "../../client/chat/session.ts";
import { type Fields, textOf } from "../../client/messages.ts";

/** More pages than any honest server has of anything. */
const MOST_PAGES = 100;

/** All items of a list that comes in pages. @param read the items of one page */
export async function allPages<T>(
  session: ChatSession,
  op: "who" | "rooms",
  read: (answer: Fields) => readonly T[],
  fields: Fields = {},
): Promise<readonly T[]> {
  const items: T[] = [];
  for (let after = "", page = 0; page < MOST_PAGES; page++) {
    const answer = await session.ask(op, { ...fields, ...(after !== "" && { after }) });
    items.push(...read(answer));
    after = textOf(answer, "next");
    if (after === "") break;
  }
  return items;
}

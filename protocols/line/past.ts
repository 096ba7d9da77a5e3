import { quote } from "../../src/bytes/text.ts";
import type { Reply } from "../../src/chat/command.ts";
import type { RoomEvent } from "../../src/chat/event.ts";
import { eventLines } from "./render.ts";
import { roomOr } from "./talking.ts";
import type { Typist } from "./typist.ts";

const USUAL_HISTORY = 20;
const MOST_HISTORY = 200;
const MOST_FOUND = 20;
/** Where much is kept, one question looks through a part of it. */
const MOST_QUESTIONS = 5;

/** Shows what was said last in the room. */
export async function history(typist: Typist, count: string): Promise<void> {
  const limit = count === "" ? USUAL_HISTORY : Number(count);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_HISTORY) {
    return typist.tell(`${quote(count)} is not a number of messages; try /history 50, at most ${MOST_HISTORY}`);
  }
  const room = roomOr(typist, "");
  if (room === null) return;
  const reply = await typist.seat.submit({ op: "history", room, limit });
  if (!reply.ok) return typist.tell(reply.error.message);
  const events = reply.events.filter((event) => !typist.ignored?.hides(event));
  if (events.length === 0) return typist.tell(`nothing was said in ${room} yet`);
  typist.show(dated(events));
}

/** Shows the last messages of the room that have all these words in them. */
export async function search(typist: Typist, text: string): Promise<void> {
  const room = roomOr(typist, "");
  if (room === null) return;
  const found: RoomEvent[] = [];
  let more: number | null = null;
  for (let asked = 0; asked < MOST_QUESTIONS; asked++) {
    const limit = MOST_FOUND - found.length;
    const reply: Reply<"search"> = await typist.seat.submit({
      ...{ op: "search", room, text, limit },
      ...(more !== null && { before: more }),
    });
    if (!reply.ok) return typist.tell(reply.error.message);
    found.unshift(...reply.events.toReversed());
    more = reply.next;
    if (more === null || found.length >= MOST_FOUND) break;
  }
  const events = found.filter((event) => !typist.ignored?.hides(event));
  const further = more === null ? "" : "; there may be older ones";
  if (events.length === 0) return typist.tell(`nothing that was said in ${room} has ${quote(text)} in it${further}`);
  typist.show(dated(events));
  typist.tell(events.length === 1 ? `1 message was found${further}` : `${events.length} messages were found${further}`);
}

/** Events with the time of each, and the date before those of each day. */
function dated(events: readonly RoomEvent[]): string {
  let day = "";
  let lines = "";
  for (const event of events) {
    const [date = "", time = ""] = event.time.split("T");
    if (date !== day) lines += `-- ${date}, times in UTC\r\n`;
    day = date;
    lines += eventLines(event, `${time.slice(0, 5)} `);
  }
  return lines;
}

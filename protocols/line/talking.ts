import { quote } from "../../src/bytes/text.ts";
import { Ignored } from "../../src/chat/ignored.ts";
import { listing } from "./render.ts";
import type { Typist } from "./typist.ts";

const NO_ROOM = "you are in no room; /join #lobby, or another";

/** Says a line where the member talks. A promise when the flood limit delays it. */
export function say(typist: Typist, op: "say" | "act", text: string): void | Promise<void> {
  if (typist.room === null) return typist.tell(NO_ROOM);
  const reply = typist.seat.submit({ op, room: typist.room, text });
  if (reply instanceof Promise) return reply.then((late) => (late.ok ? undefined : typist.tell(late.error.message)));
  if (!reply.ok) typist.tell(reply.error.message);
}

export async function nick(typist: Typist, name: string): Promise<void> {
  const reply = await typist.seat.submit({ op: "name", name });
  typist.tell(reply.ok ? `you are now called ${reply.name}` : reply.error.message);
}

export async function msg(typist: Typist, args: string): Promise<void> {
  const [, to = "", text = ""] = /^(\S+)\s+(.*)$/s.exec(args) ?? [];
  const reply = await typist.seat.submit({ op: "tell", to, text });
  if (!reply.ok) typist.tell(reply.error.message);
}

export function me(typist: Typist, text: string): void | Promise<void> {
  return say(typist, "act", text);
}

/** Ignores somebody, or hears them again; without a name lists whom one ignores. */
export function ignore(typist: Typist, name: string): void {
  typist.ignored ??= new Ignored();
  const { ignored } = typist;
  if (name === "") typist.show(listing("you ignore", ignored.names.length === 0 ? ["nobody"] : ignored.names));
  else if (ignored.delete(name)) typist.tell(`you hear ${name} again`);
  else if (ignored.add(name)) {
    const absent = typist.seat.meets(name) ? "" : ", though nobody of that name is here";
    typist.tell(`you hear no more of ${name}${absent}; /ignore ${name} undoes it`);
  } else typist.tell(`${quote(name)} cannot be ignored: the name is too long, or your list is full`);
}

/** Where a command without a room's name is about; tells the member when that is nowhere. */
export function roomOr(typist: Typist, name: string): string | null {
  if (name !== "") return name.startsWith("#") ? name : `#${name}`;
  if (typist.room === null) typist.tell(NO_ROOM);
  return typist.room;
}

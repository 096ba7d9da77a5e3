import type { Ignored } from "../../src/chat/ignored.ts";
import type { Seat } from "../../src/chat/member.ts";
import type { Access } from "../../src/files/access.ts";
import type { Reach } from "../../src/files/ways.ts";

/** The member who types, as a command sees it. */
export interface Typist {
  readonly seat: Seat;
  /** Where plain lines are said; null for a member who is in no room. */
  room: string | null;
  /** Whom this member does not want to hear; null while it is nobody. */
  ignored: Ignored | null;
  /** Where this member can fetch files from. */
  readonly reach: Reach;
  /** The files as this member sees them, until it leaves them; null when none are shared. */
  enterFiles(): Access | null;
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Says something as the server: `-- ` before each line. The text is escaped. */
  tell(text: string): void;
  /** Shows lines made by `render.ts`. */
  show(lines: string): void;
  /** Ends this member's visit; the others are told its words. */
  quit(words: string): void;
}

import type { Seat } from "../../src/chat/member.ts";
import type { Ignored } from "./ignored.ts";

/** The member who types, as a command sees it. */
export interface Typist {
  readonly seat: Seat;
  /** Where plain lines are said; null for a member who is in no room. */
  room: string | null;
  /** Whom this member does not want to hear; null while it is nobody. */
  ignored: Ignored | null;
  /** Says something as the server: `-- ` before each line. The text is escaped. */
  tell(text: string): void;
  /** Shows lines made by `render.ts`. */
  show(lines: string): void;
  /** Ends this member's visit; the others are told its words. */
  quit(words: string): void;
}

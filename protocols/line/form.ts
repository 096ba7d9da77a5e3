import { type Charset, utf8 } from "../../src/bytes/charset.ts";
import type { ChatEvent, Codec } from "../../src/chat/event.ts";
import { eventLines, noticeLines } from "./render.ts";

class LineCodec implements Codec {
  constructor(
    private readonly charset: Charset,
    private readonly showRoom: boolean,
  ) {}

  encode(event: ChatEvent): Uint8Array {
    const room = this.showRoom && "room" in event && event.room !== undefined ? `${event.room} ` : "";
    return this.charset.encodeLossy(eventLines(event, room));
  }
}

/**
 * How lines are written to the members of one charset. Lines of the room a member talks in are bare, so there are two
 * codecs: every member of #lobby who talks there shares the bytes of one, and those who only listen share the other's.
 */
export class LineForm {
  private readonly bare: Codec;
  private readonly withRoom: Codec;
  /** Byte 255 is not a letter, so that it can begin telnet's commands. */
  readonly telnet: boolean;

  constructor(readonly charset: Charset) {
    this.bare = new LineCodec(charset, false);
    this.withRoom = new LineCodec(charset, true);
    this.telnet = charset.decode(Uint8Array.of(255)) === null;
  }

  /** The form in which a member who talks in `room` sees an event. */
  codecFor(event: ChatEvent, room: string | null): Codec {
    return "room" in event && event.room !== room ? this.withRoom : this.bare;
  }

  /** What the server itself says. */
  notice(text: string): Uint8Array {
    return this.encode(noticeLines(text));
  }

  /** Lines made by `render.ts`. */
  encode(lines: string): Uint8Array {
    return this.charset.encodeLossy(lines);
  }
}

export const utf8Form = new LineForm(utf8);
const forms = new Map<Charset, LineForm>([[utf8, utf8Form]]);

/** The form of a charset, always the same object, because deliveries are shared by it; UTF-8 for null. */
export function formOf(charset: Charset | null): LineForm {
  if (charset === null) return utf8Form;
  let form = forms.get(charset);
  if (form === undefined) {
    form = new LineForm(charset);
    forms.set(charset, form);
  }
  return form;
}

import { quote } from "../bytes/text.ts";
import type { Refusal, RefusalCode } from "./command.ts";

/** A refusal; `message` is one sentence for the person who asked. */
export function refuse(code: RefusalCode, message: string): Refusal {
  return { ok: false, error: { code, message } };
}

export function noSuchRoom(name: string): Refusal {
  return refuse("no-such-room", `there is no room ${quote(name)}; join it to open it`);
}

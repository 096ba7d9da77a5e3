import { quote } from "../bytes/text.ts";
import { chatLimits } from "./limits.ts";
import { skeleton } from "./look-alikes.ts";
import { mixesScripts } from "./scripts.ts";
import { isOver } from "./text.ts";

const printable = /^[\x21-\x7e]*$/;

/** Upper case first, because it also folds the letters that have no single lower case: `ß`, `ı`, final sigma. */
function fold(text: string): string {
  if (printable.test(text)) return text.toLowerCase();
  return text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** Names that are their own keys. */
const plain = /^[a-ln-z2-9_[\]{}^-]*$/;
/** Guests' names are their own keys too, for their memory's sake; what looks like one is reserved. */
const guest = /^guest[0-9]+$/i;

/** Whether this is one of the names that are given to those who bring none. */
export function isGuestName(name: string): boolean {
  return guest.test(name);
}

/**
 * What a name is compared by: two names of which any key is the same are the same name, at every door. The first key is
 * NFKC, case folded and look-alikes mapped. A second one is there when the capitals look like something else than their
 * small letters do: `Irma` like `lrma`, a Greek `ΑΝΝΑ` like `anna`.
 */
export function nameKeys(name: string): readonly [string, ...string[]] {
  if (plain.test(name)) return [name];
  if (guest.test(name)) return [name.toLowerCase()];
  const key = skeleton(fold(name));
  const shape = skeleton(name.normalize("NFKC"));
  return shape === key ? [key] : [key, shape];
}

/**
 * What a room is compared by: NFKC and case folded. Look-alikes are different rooms, because programs number theirs:
 * `#10` is not `#lo`.
 */
export function roomKey(room: string): string {
  return fold(room);
}

const ignorable = "\\p{Default_Ignorable_Code_Point}";
/** Without the modifier letters that look like punctuation, such as `ː` and `ʼ`; the long mark of kana is a real one. */
const letter = `[[\\p{L}--[\\p{Lm}&&[\\p{sc=Common}\\p{sc=Latin}\\p{sc=Greek}]]--${ignorable}]ーｰ]`;
const nameShape = new RegExp(`^(?:${letter}[\\p{M}--${ignorable}]{0,2}|[\\p{Nd}_\\-\\[\\]\\{\\}\\|\\^])+$`, "v");
const badStart = /^[\p{Nd}-]/u;

/** Why `name` (in NFC) cannot be anybody's, as a sentence; null when it can. */
export function nameProblem(name: string): string | null {
  if (isOver(name, chatLimits.name) || characters(name) > chatLimits.nameCharacters) {
    const { name: bytes, nameCharacters } = chatLimits;
    return `${quote(name)} is too long for a name; take at most ${nameCharacters} characters and ${bytes} bytes of UTF-8`;
  }
  if (badStart.test(name)) return `${quote(name)} is not a name; start with a letter or one of _[]{}|^`;
  if (!nameShape.test(name)) return `${quote(name)} is not a name; use letters, digits and _-[]{}|^`;
  if (mixesScripts(name)) return `${quote(name)} mixes alphabets whose letters look alike; use letters of one`;
  return null;
}

const roomShape = /^#[^\s,\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]+$/u;

/** Why `room` (in NFC) cannot be a room, as a sentence; null when it can. */
export function roomProblem(room: string): string | null {
  if (isOver(room, chatLimits.room)) {
    return `${quote(room)} is too long for a room; take at most ${chatLimits.room} bytes of UTF-8`;
  }
  if (roomShape.test(room)) return null;
  const marked = `#${room}`;
  if (!room.startsWith("#") && roomShape.test(marked)) return `${quote(room)} is not a room; try ${marked}`;
  return `${quote(room)} is not a room; write # and then no space, comma or invisible character`;
}

/** Code points. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** C0, DEL and C1. Searched for first: a search costs a fifth of a replacement that finds nothing. */
const CONTROL = /[\x00-\x1f\x7f-\x9f]/;
const EVERY_CONTROL = new RegExp(CONTROL.source, "g");

/**
 * A name as a line of a listing can have it: a control character, which the name of a file that came by other ways than
 * tincan may hold, becomes `?`, as `ls` shows it. Otherwise it could end the line and forge the next.
 */
export function listedName(name: string): string {
  return CONTROL.test(name) ? name.replace(EVERY_CONTROL, "?") : name;
}

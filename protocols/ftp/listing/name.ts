const CONTROL = /\p{Cc}/gu;

/**
 * A name as a line of a listing can have it: a control character, which the name of a file that came by other ways than
 * tincan may hold, becomes `?`, as `ls` shows it. Otherwise it could end the line and forge the next.
 */
export function listedName(name: string): string {
  return name.replace(CONTROL, "?");
}

import { nameKeys } from "./names.ts";

/** Names that would speak for the server, for its operators, or for everybody. */
const words = [
  ...["admin", "administrator", "root", "server", "tincan", "system", "sysop", "operator", "op", "oper", "owner"],
  ...["moderator", "mod", "staff", "support", "security", "official", "console", "daemon", "host", "localhost"],
  ...["service", "services", "nickserv", "chanserv", "memoserv", "operserv", "notice", "error", "warning"],
  ...["everyone", "everybody", "all", "here", "channel", "room", "lobby", "you", "me", "nobody", "anonymous"],
];

let known: ReadonlySet<string> | null = null;

/** In capitals too, where an `I` looks like an `l`: `ADMlN`. Made for the first who asks: it is 3 MB at start. */
function keys(): ReadonlySet<string> {
  known ??= new Set([...words, ...words.map((word) => word.toUpperCase())].flatMap(nameKeys));
  return known;
}

/** In keys `1` is `l` and `0` is `o`, so `guestl` is kept with `guest1`. */
const guest = /^guest[\p{Nd}lo]+$/u;

/** Whether nobody may choose a name with one of these keys. */
export function isReserved(keysOfName: readonly string[]): boolean {
  return keysOfName.some((key) => keys().has(key) || guest.test(key));
}

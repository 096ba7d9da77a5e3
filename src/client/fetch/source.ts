import { escapeText, quote } from "../../bytes/text.ts";
import { CommandError, Exit } from "../../exit.ts";

/** Something that a URL names. */
export interface Source {
  readonly url: URL;
  /** The URL as it was given, escaped; a password in it is shown as `***`. */
  readonly shown: string;
}

const FETCHED = /^(https?|ftp):\/\//i;
const ANY = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Whether an argument is a URL, of whatever kind, and not `HOST/PATH`. */
export function isUrl(text: string): boolean {
  return ANY.test(text);
}

/** @throws CommandError (usage) for what is not a URL of http, https or ftp */
export function parseSource(text: string): Source {
  const shown = escapeText(text.replace(/^([^/]*:\/\/[^/?#]*?:)[^/?#]*@/, "$1***@"));
  if (!FETCHED.test(text)) {
    throw new CommandError(
      Exit.usage,
      `${quote(shown, 200)} is not a URL that can be fetched; http, https and ftp are`,
    );
  }
  try {
    return { url: new URL(text), shown };
  } catch (cause) {
    throw new CommandError(Exit.usage, `${quote(shown, 200)} is not a complete URL; write http://HOST/PATH`, { cause });
  }
}

/** User and password of a URL, percent-decoded; null when it names nobody. */
export function credentials(url: URL): { readonly user: string; readonly password: string } | null {
  if (url.username === "" && url.password === "") return null;
  return { user: decodePercent(url.username), password: decodePercent(url.password) };
}

/** Percent-decoded as UTF-8; what is not that stays as it is. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

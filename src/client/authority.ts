import { quote } from "../bytes/text.ts";
import { CommandError, Exit } from "../exit.ts";
import { parseTarget, type Target } from "../net/address.ts";
import { messageOf } from "../thrown.ts";
import { FRAMED_PORT } from "./wire.ts";

/** The framed door's port over TLS with the usual base. */
export const FRAMED_TLS_PORT = 8401;

/** A server and who comes there, as somebody typed it. */
export interface Authority {
  readonly target: Target;
  /** Asked for by `--tls` or `tincans://`. */
  readonly tls: boolean;
  readonly user: string | null;
}

/** Whether somebody asked for TLS, and whom it shall trust. */
export interface TlsFlags {
  readonly tls?: true | undefined;
  readonly ca?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly insecure?: boolean | undefined;
}

/** The flags that mean nothing in the clear, where who gave them would believe to be safe. */
const NEEDS_TLS = ["fingerprint", "ca", "insecure"] as const;

/** How an argument is to be written, for those who wrote it in another way. */
export interface Form {
  /** "write HOST/PATH" */
  readonly hint: string;
  /** What follows the hint of a wrong host: " and then a path" */
  readonly after: string;
}

/** `[USER@]HOST[:PORT]` and what follows it, of a URL or not. */
export interface Split extends Authority {
  readonly url: boolean;
  /** The path with the slash before it, as it was typed; "" for none. */
  readonly rest: string;
}

const HOST_ALONE: Form = { hint: "write HOST, HOST:PORT or USER@HOST", after: "" };

/**
 * Reads `[USER@]HOST[:PORT]` or a `tincan://` or `tincans://` URL without a path.
 * @throws CommandError (usage) in one sentence
 */
export function parseAuthority(text: string, flags: TlsFlags): Authority {
  if (/^(?!tincans?:)\w+:\/\//i.test(text))
    throw new CommandError(Exit.usage, `${quote(text)} is for a browser; ${HOST_ALONE.hint}`);
  const { rest, target, tls: secure, user } = splitAuthority(text, flags, HOST_ALONE);
  if (rest.length > 1) throw new CommandError(Exit.usage, `there is a path in ${quote(text)}; ${HOST_ALONE.hint}`);
  return { target, tls: secure, user };
}

/**
 * Tells the server from the path behind it.
 * @throws CommandError (usage) in one sentence, also for flags that need TLS where there is none
 */
export function splitAuthority(text: string, flags: TlsFlags, form: Form): Split {
  const [, scheme = "", whole = ""] = /^(tincans?:\/\/)?(.*)$/is.exec(text) ?? [];
  const slash = whole.indexOf("/");
  const authority = slash < 0 ? whole : whole.slice(0, slash);
  const secure = flags.tls === true || scheme.toLowerCase() === "tincans://";
  if (!secure) refuseInClear(flags, authority);
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? null : readUser(authority.slice(0, at), scheme !== "", text, form);
  const target = readTarget(authority.slice(at + 1), secure ? FRAMED_TLS_PORT : FRAMED_PORT, text, form);
  return { target, tls: secure, user, url: scheme !== "", rest: slash < 0 ? "" : whole.slice(slash) };
}

/** @throws CommandError (usage) for what would not be heeded */
function refuseInClear(flags: TlsFlags, authority: string): void {
  const given = NEEDS_TLS.find((flag) => flags[flag] !== undefined);
  if (given === undefined) return;
  const where = quote(authority, 200);
  throw new CommandError(Exit.usage, `--${given} needs --tls, without which ${where} is spoken to in the clear`);
}

/** A part of a URL. A slash that was encoded belongs to a name, which cannot have one. @throws CommandError (usage) */
export function decodeUrl(text: string, whole: string): string {
  try {
    if (/%2f/i.test(text)) throw new URIError("a slash");
    return decodeURIComponent(text);
  } catch {
    throw new CommandError(Exit.usage, `${quote(whole)} is not percent-encoded as a URL must be; a % itself is %25`);
  }
}

/** A password among a program's arguments is seen by everybody on the machine (`ps`), so there is no place for one. */
function readUser(text: string, url: boolean, whole: string, { hint }: Form): string {
  if (text.includes(":")) {
    const how = "leave it out and it is asked for, or taken from TINCAN_PASSWORD or --password-file";
    throw new CommandError(Exit.usage, `a password does not belong into a command line, where others see it; ${how}`);
  }
  const user = url ? decodeUrl(text, whole) : text;
  if (user === "") throw new CommandError(Exit.usage, `there is no name before the @ in ${quote(whole)}; ${hint}`);
  return user;
}

function readTarget(text: string, port: number, whole: string, { hint, after }: Form): Target {
  if (text === "") throw new CommandError(Exit.usage, `there is no host in ${quote(whole)}; ${hint}`);
  try {
    return parseTarget(text, port);
  } catch (error) {
    throw new CommandError(Exit.usage, `${messageOf(error)}${after}`);
  }
}

import { charsetOf, utf8 } from "../../src/bytes/charset.ts";
import { quote } from "../../src/bytes/text.ts";
import type { Result } from "./command.ts";
import { HASHES, hashLabel, hashNames } from "./hashes.ts";
import { featureFacts, listFacts, selectFacts } from "./listing/facts.ts";
import { Refusal } from "./refusal.ts";
import type { FtpSession } from "./session.ts";

/** RFC 2389, section 3. */
export function feat({ parameters }: FtpSession): Result {
  const lines = [
    "AUTH TLS",
    "EPRT",
    "EPSV",
    `HASH ${hashNames(parameters.hash)}`,
    "MDTM",
    "MFMT",
    `MLST ${featureFacts(parameters.facts)}`,
    "PBSZ",
    "PROT",
    "REST STREAM",
    "SIZE",
    "TVFS",
    "UTF8",
  ];
  return { code: 211, text: "Features:", lines };
}

/** What OPTS can set, by the command that it is for (RFC 2389, section 4). */
const OPTIONS: ReadonlyMap<string, (session: FtpSession, argument: string) => Result> = new Map([
  ["UTF8", charset],
  ["UTF-8", charset],
  ["MLST", facts],
  ["HASH", hashAlgorithm],
]);

export function opts(session: FtpSession, argument: string): Result {
  const [, name = "", rest = ""] = /^(\S+) *(.*)$/.exec(argument.trim()) ?? [];
  const option = OPTIONS.get(name.toUpperCase());
  if (option === undefined) throw new Refusal(501, `${quote(name)} has no options; UTF8, MLST and HASH have`);
  return option(session, rest);
}

/**
 * RFC 2640 has names in UTF-8; OFF is for who writes them otherwise: as `--ftp-charset` says, and where it says nothing as
 * old Chinese clients do, which are those that send this.
 */
function charset(session: FtpSession, argument: string): Result {
  const { parameters } = session;
  const asked = argument.toUpperCase();
  if (asked !== "ON" && asked !== "OFF" && asked !== "") throw new Refusal(501, "OPTS UTF8 is ON or OFF");
  const usual = session.usualCharset;
  const other = usual === utf8 ? (charsetOf("gbk") ?? utf8) : usual;
  parameters.charset = asked === "OFF" ? other : utf8;
  return { code: 200, text: `names are in ${parameters.charset.name}` };
}

/** RFC 3659, section 7.9. */
function facts({ parameters }: FtpSession, argument: string): Result {
  parameters.facts = selectFacts(argument);
  return { code: 200, text: `MLST OPTS ${listFacts(parameters.facts)}`.trimEnd() };
}

/** draft-bryan-ftp-hash, section 3.2. */
function hashAlgorithm({ parameters }: FtpSession, argument: string): Result {
  if (argument !== "") {
    const hash = HASHES.get(argument.toUpperCase());
    if (hash === undefined) throw new Refusal(501, `there is no hash ${quote(argument)}; FEAT lists them`);
    parameters.hash = hash;
  }
  return { code: 200, text: hashLabel(parameters.hash) };
}

export function syst(): Result {
  return { code: 215, text: "UNIX Type: L8" };
}

export function noop(): Result {
  return { code: 200, text: "nothing done" };
}

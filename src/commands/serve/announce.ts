import { basename } from "node:path";
import { shellWord } from "../../bytes/shell.ts";
import type { Certificate } from "../../certificate/certificate.ts";
import { othersReach } from "../../net/host.ts";
import type { OpenDoor } from "../../open-door.ts";
import { type PageAddress, pageAddress } from "../../page-address.ts";
import { reachForOthers } from "../../reach.ts";
import { VERSION } from "../../version.ts";
import { openDoorWarning, type Sharing, sharingText } from "./announce-files.ts";
import { hostOf, type Pasting, pasteTls, tlsText } from "./announce-tls.ts";

/** What is announced beside the doors. */
export interface Announced {
  readonly certificate: Certificate | null;
  /** What is shared; null: no files. */
  readonly sharing: Sharing | null;
}

/**
 * The announcement for programs: one JSON line. A door that is not open is absent, and so is a missing certificate; the
 * door that has the page tells its address.
 */
export function readyJson(doors: readonly OpenDoor[], { certificate }: Announced): string {
  const page = pageAddress(doors);
  const open = doors.map(({ kind, door, pages }) => [
    kind.name,
    {
      port: door.listeners.find(({ transport }) => transport === "tcp")?.port ?? door.listeners[0]?.port ?? 0,
      listeners: door.listeners.map(({ transport, host, port }) => ({ transport, host, port })),
      ...(pages !== null && page !== null ? { page: page.url } : {}),
    },
  ]);
  const ready = { event: "ready", version: VERSION, pid: process.pid, doors: Object.fromEntries(open) };
  const proof = certificate === null ? {} : { certificate: { sha256: certificate.fingerprint } };
  return `${JSON.stringify({ ...ready, ...proof })}\n`;
}

/**
 * The announcement for people: the page's address, what else is open, a command to paste for each door, what speaks
 * TLS, who can reach it, and how to stop.
 */
export function readyText(doors: readonly OpenDoor[], { certificate, sharing }: Announced): string {
  const others = othersReach(doors.flatMap(({ door }) => door.listeners));
  const client = `${ownName()} ${sharing?.rights.has("read") === true ? "ls" : "chat"}`;
  const pasting = { others, certificate, client };
  const page = pageAddress(doors);
  const pasted = doors.filter(({ pages, closed }) => !closed && (pages === null || page === null));
  const rows = pasted.map((open) => [open.kind.name, open.kind.summary, paste(open, pasting)] as const);
  const name = width(rows.map((row) => row[0]));
  const summary = width(rows.map((row) => row[1]));
  return [
    `tincan ${VERSION} is open ${others.length === 0 ? "on this machine" : "to others"}. `,
    page === null ? "" : pageText(page),
    rows.length === 0 ? "" : `${page === null ? "" : "\n"}Paste into another terminal:\n\n`,
    ...rows.map((row) => `  ${row[0].padEnd(name)}  ${row[1].padEnd(summary)}  ${row[2]}\n`),
    tlsText(doors, pasting),
    others.length === 0 ? "\n" : `\nOthers can reach this machine at ${others.join(" ")}\n`,
    ...(sharing === null ? [] : filesLines(doors, others, sharing)),
    `Help: ${ownName()} serve --help    Stop: Ctrl-C\n`,
  ].join("");
}

/** Where the page is, and the operator's own site. */
function pageText({ url, site }: PageAddress): string {
  return `Open in a browser:\n\n  ${url}\n${site === null ? "" : `\nYour own site is at ${site}\n`}`;
}

function paste(open: OpenDoor, pasting: Pasting): string {
  const { door, paste, pages } = open;
  const [listener] = door.listeners;
  if (listener === undefined) return "";
  if (listener.transport === "unix") {
    const path = shellWord(listener.host);
    return pages === null ? `nc -U ${path}` : `curl --unix-socket ${path} http://localhost${pages.page}`;
  }
  if (listener.transport === "tls") return pasteTls(open, listener, pasting);
  return paste(hostOf(listener.host, pasting.others), listener.port).replace(/^tincan /, `${ownName()} `);
}

/** What is shared and how to get it, with a warning where anyone may change it. */
function filesLines(doors: readonly OpenDoor[], others: readonly string[], sharing: Sharing): readonly string[] {
  const warning = openDoorWarning(sharing, others);
  const text = sharingText(sharing, reachForOthers(doors), ownName());
  return warning === null ? [text] : [text, warning];
}

/** What another terminal must call this program: its path, unless it is installed where shells look. */
function ownName(): string {
  const compiled = basename(process.execPath) === "tincan";
  return compiled && Bun.which("tincan") === null ? shellWord(process.execPath) : "tincan";
}

function width(words: readonly string[]): number {
  return Math.max(0, ...words.map((word) => word.length));
}

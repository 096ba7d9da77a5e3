import { create as contentDisposition } from "content-disposition";

/** How a file is served: its type, and whether a browser may show it or must save it. */
export interface Content {
  readonly type: string;
  readonly shown: boolean;
  /** What a browser keeps it from: scripts, forms, this origin. */
  readonly policy: string;
}

const TEXT = "text/plain; charset=utf-8";
/** Names of texts that Bun knows under another type, or none. */
const TEXTS =
  /(?:^|\.)(?:bat|c|cfg|cjs|conf|cpp|cs|css|csv|cts|diff|env|go|gradle|h|hpp|ini|java|js|jsonl|jsx|kt|lic|license|log|lua|makefile|md|mjs|mts|patch|php|pl|properties|ps1|py|r|rb|readme|rs|rst|scala|sh|sql|srt|swift|tex|toml|ts|tsv|tsx|txt|vue|yaml|yml|zig)$/i;
const SHOWN = /^(?:image|audio|video)\/|^application\/(?:json|pdf)$/;
/** These can hold scripts: they are saved, never shown. */
const ACTIVE = /^image\/svg|xml\b|^text\/html|^text\/cache-manifest/;

/**
 * A file of others is neither run nor shown with this server's rights: `sandbox` takes its origin from it. Media in a tab of
 * their own are loaded by the page that the browser puts around them.
 */
const SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";
/** Browsers show no PDF in a sandbox; what scripts it has run in the viewer, not in this origin. */
const PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'";

/** Whether a file of this name is read as text, whatever its type is called. */
export function isText(name: string): boolean {
  return TEXTS.test(name);
}

/** By the name alone: nobody looks into files, and no browser shall (`nosniff`). */
export function contentOf(name: string): Content {
  const [given = "application/octet-stream"] = Bun.file(name).type.split(";");
  // Scripts and styles too, so that no page can be brought to use a file of others as its own.
  if (isText(name) || /^text\/plain$|javascript/.test(given)) return { type: TEXT, shown: true, policy: SANDBOX };
  const type = given.startsWith("text/") || given === "application/json" ? `${given}; charset=utf-8` : given;
  const shown = SHOWN.test(given) && !ACTIVE.test(given);
  return { type, shown, policy: given === "application/pdf" ? PDF : SANDBOX };
}

/** `Content-Disposition` with a name in any script (RFC 6266, RFC 8187). */
export function dispositionOf(name: string, type: "inline" | "attachment"): string {
  return contentDisposition(name, { type });
}

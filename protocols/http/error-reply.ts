import { ownStyle } from "./own-style.ts";
import type { HttpError } from "./wire/http-error.ts";
import { json, type Reply } from "./wire/reply.ts";

const STYLE = ownStyle(`body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:18vh auto 0;padding:1rem}
h1{margin:0;font-size:2.5rem;opacity:.6}
p{overflow-wrap:anywhere}`);

/** A page with nothing but text, for people whose request was refused; `home` is where else they can go, if it is known. */
function page(status: number, message: string, home: string | null): string {
  const link = home === null ? "" : `<p><a href="${Bun.escapeHTML(home)}">To the first page</a>\n`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${status}</title>
${STYLE.element}
<main>
<h1>${status}</h1>
<p>${Bun.escapeHTML(message)}.
${link}</main>
</html>
`;
}

/** An error as JSON for programs, and as a plain page for people. Nothing runs in either, nor frames it. */
export function errorReply(
  { status, code, message, fields }: HttpError,
  wantsPage: boolean,
  home: string | null = null,
): Reply {
  if (!wantsPage) {
    const policy = "default-src 'none'; frame-ancestors 'none'";
    return json({ error: { code, message } }, status, { "Content-Security-Policy": policy, ...fields });
  }
  const type = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
  const body = Buffer.from(page(status, message, home));
  return { status, fields: { ...type, "Content-Security-Policy": STYLE.policy, ...fields }, body };
}

import type { HttpError } from "./wire/http-error.ts";
import { json, type Reply } from "./wire/reply.ts";

/** A page with nothing but text, for people whose request was refused. */
const PAGE = (status: number, message: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${status}</title>
<h1>${status}</h1>
<p>${Bun.escapeHTML(message)}.</p>
</html>
`;

/** Nothing may run in, be loaded by, or be framed around what is not the page itself. */
export const NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'";

/** An error as JSON for programs, and as a plain page for people. */
export function errorReply({ status, code, message, fields }: HttpError, wantsPage: boolean): Reply {
  if (!wantsPage)
    return json({ error: { code, message } }, status, { "Content-Security-Policy": NOTHING_RUNS, ...fields });
  const type = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
  const body = Buffer.from(PAGE(status, message));
  return { status, fields: { ...type, "Content-Security-Policy": NOTHING_RUNS, ...fields }, body };
}

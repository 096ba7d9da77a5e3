import { ownStyle } from "../own-style.ts";
import { rows, type Where } from "./document.ts";
import type { Body, Parameter, Row, Tag } from "./row.ts";
import { TAGS } from "./row.ts";
import { schemas } from "./schemas.ts";

export const STYLE = ownStyle(`:root{font:16px/1.5 system-ui,sans-serif}
body{max-width:52rem;margin:0 auto;padding:1rem}
h3{margin:2rem 0 .25rem;overflow-wrap:anywhere}
h3 b{display:inline-block;min-width:4.5rem}
code,pre{font:.875rem/1.5 ui-monospace,monospace}
pre{padding:.5rem .75rem;border-radius:.375rem;background:#8882;overflow-x:auto}
pre.paste{user-select:all;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;display:block;overflow-x:auto}
td{padding:.125rem .75rem .125rem 0;vertical-align:top}
summary{cursor:pointer}`);

/** The description as a page for people, without a script. */
export function apiPage({ version, prefix, base }: Where): string {
  const parts = (Object.keys(TAGS) as Tag[]).map((tag) => part(tag, base));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>tincan: data over HTTP</title>
${STYLE.element}
<h1>tincan ${safe(version)}: data over HTTP</h1>
<p>For programs: <a href="${safe(prefix)}/api/openapi.json">openapi.json</a> (OpenAPI 3.1). A click on a command selects all of it.
Every error is <code>{"error":{"code","message"}}</code>; the message says what to do.</p>
${parts.join("\n")}
<h2>Bodies</h2>
${Object.entries(schemas).map(schemaPart).join("\n")}
</html>
`;
}

function part(tag: Tag, base: string): string {
  const own = rows.filter((row) => row.tag === tag);
  return `<h2>${safe(tag)}</h2>\n<p>${words(TAGS[tag])}</p>\n${own.map((row) => rowPart(row, base)).join("\n")}`;
}

function rowPart(
  { id, method, path, does, more, parameters = [], body, answers, errors = {}, curl }: Row,
  base: string,
): string {
  const lines = [
    ...parameters.map(parameterLine),
    ...(body === undefined ? [] : [line("body", bodyWords(body))]),
    ...Object.entries(answers).map(([status, answer]) =>
      line(status, words(answer.says) + (answer.body === undefined ? "" : `: ${bodyWords(answer.body)}`)),
    ),
    ...Object.entries(errors).map(([status, codes]) =>
      line(status, codes.map((code) => `<code>${code}</code>`).join(" ")),
    ),
  ];
  return `<section id="${id}">
<h3><b>${method}</b> <code>${safe(path)}</code></h3>
<p>${words(does)}.${more === undefined ? "" : ` ${words(more)}`}</p>
<pre class="paste">${safe(curl.replace("BASE", base))}</pre>
<table>
${lines.join("\n")}
</table>
</section>`;
}

function parameterLine({ name, in: where, says, example }: Parameter): string {
  const sample = example === undefined ? "" : `, as in <code>${safe(String(example))}</code>`;
  return line(where === "query" ? `?${name}` : name, words(says) + sample);
}

function line(name: string, told: string): string {
  return `<tr><td><code>${safe(name)}</code><td>${told}`;
}

function bodyWords(body: Body | readonly Body[]): string {
  const words = [body].flat().map(({ type, schema }) => {
    const name = `<code>${safe(type)}</code>`;
    return typeof schema === "string" ? `<a href="#${schema}">${schema}</a> as ${name}` : name;
  });
  return words.join(", ");
}

function schemaPart([name, schema]: readonly [string, object]): string {
  return `<details id="${name}"><summary>${name}</summary><pre>${safe(JSON.stringify(schema, null, 2))}</pre></details>`;
}

/** Text with code between backticks. */
function words(text: string): string {
  return safe(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function safe(text: string): string {
  return Bun.escapeHTML(text);
}

import { expect, test } from "bun:test";
import { wantsJson, wantsPage } from "../../../../protocols/http/wire/accept.ts";

for (const [accept, due] of [
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "page"],
  ["text/html", "page"],
  ["TEXT/HTML;charset=utf-8", "page"],
  ["application/json, text/html", "page"],
  ["application/json;q=0.1, text/html", "page"],
  ["application/json", "JSON"],
  ["application/json, text/plain, */*", "JSON"],
  ["application/json, text/html;q=0.9", "JSON"],
  ["text/html; q=0, application/json;q=0.5", "JSON"],
  ["application/*", "JSON"],
  ["application/json;q=0", "neither"],
  ["application/*, application/json;q=0.0", "neither"],
  ["text/html;q=0", "neither"],
  ["application/jsonlines", "neither"],
  ["*/*", "neither"],
  ["", "neither"],
] as const)
  test(`Accept: ${accept}`, () => {
    const fields = new Map([["accept", accept]]);
    expect([wantsPage(fields), wantsJson(fields)]).toEqual([due === "page", due === "JSON"]);
  });

import { describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { routesOf } from "../../../protocols/http/all-routes.ts";
import { Authenticator } from "../../../protocols/http/auth/authenticator.ts";
import type { HttpHost } from "../../../protocols/http/host.ts";
import { openApi, rows } from "../../../protocols/http/openapi/document.ts";
import { apiPage, STYLE } from "../../../protocols/http/openapi/page.ts";
import type { Vault } from "../../../src/files/vault.ts";
import { openHub } from "../../chat/members.ts";
import { Share } from "../../files/share.ts";
import { withoutFiles } from "../../support/door-context.ts";
import { HttpDoor } from "./door.ts";

const WHERE = { version: "1.2.3", prefix: "/chat", base: "https://chat.example/chat", cookie: "tincan-session-8480" };
const README = readFileSync(join(import.meta.dir, "../../../protocols/http/README.md"), "utf8");
/** The page itself is for browsers, and described nowhere. */
const PAGE = /^\/(?:favicon\.svg|assets\/:name)?$/;

function hostWith(vault: Vault): HttpHost {
  const { hub, clock } = openHub();
  const { gate, operations } = withoutFiles;
  return {
    ...{ hub, gate, vault, site: null, clock, operations, authenticator: new Authenticator(gate, clock) },
    ...{
      server: "tincan/1.2.3",
      prefix: "",
      pagePath: "/",
      allow: { chat: true, echo: true },
      announces: false,
      doorNames: () => [],
      portOf: () => null,
      reachFor: (host) => ({ host, framed: null, ftp: null, http: null }),
      rootsForOthers: () => ["http://box/"],
    },
    ...{ maxFrame: 1 << 20, messageMs: 60_000, stallMs: 60_000 },
  };
}

/** Every object below a value. */
function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== "object" || value === null) return;
  yield value as Readonly<Record<string, unknown>>;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}

describe("the description", () => {
  test("has every address and method of the door, and no other", async () => {
    await using share = new Share();
    const routes = routesOf(hostWith(share.vault)).filter(({ path }) => !PAGE.test(path));
    const there = routes.flatMap(({ path, methods }) =>
      Object.keys(methods).map((method) => `${method} ${path.replace("*", ":path").replace(/:(\w+)/g, "{$1}")}`),
    );
    expect(rows.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(there.sort());
  });

  test("says of the operators' addresses that they are refused to others", async () => {
    await using share = new Share();
    const operators = routesOf(hostWith(share.vault)).flatMap(({ path, operator }) => (operator ? [path] : []));
    const refused = rows.filter(({ tag, errors }) => tag === "Operations" && errors?.[403]?.includes("denied"));
    expect(refused.map(({ path }) => path).sort()).toEqual(operators.sort());
  });

  test("names parameters of its paths, operations once, and schemas that are there", () => {
    for (const { path, parameters = [] } of rows) {
      const named = parameters.flatMap((parameter) => (parameter.in === "path" ? [parameter.name] : []));
      expect(named).toEqual(Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => name));
    }
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    const document = openApi(WHERE) as { components: { schemas: object } };
    const refs = [...objectsIn(document)].flatMap(({ $ref }) => (typeof $ref === "string" ? [$ref] : []));
    const names = new Set(refs.map((ref) => ref.replace("#/components/schemas/", "")));
    expect([...names].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  test("has every type that a file or a folder comes as, and a form for each error", async () => {
    await using share = new Share();
    writeFileSync(join(share.folder.path, "a.txt"), "hello");
    await using door = await HttpDoor.open({ vault: share.vault });
    const document = openApi(WHERE) as {
      paths: Record<string, Record<string, { responses: Record<string, { content?: object }> }>>;
    };
    const told = document.paths["/files/{path}"]?.["get"]?.responses;
    const types = (status: number) => Object.keys(told?.[status]?.content ?? {});
    for (const query of ["?archive=tar", ""]) {
      const { status, headers } = await door.fetch(`/files/${query}`, { headers: { Accept: "text/html" } });
      const [type = ""] = headers.get("content-type")?.split(";") ?? [];
      expect(types(status)).toContain(type);
    }
    expect((await door.fetch("/files/a.txt")).headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(types(200)).toContain("*/*");
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    const without = operations.filter(({ responses }) => responses && !("default" in responses));
    expect(without).toEqual([]);
  });

  test("requires what nothing is done without, and nothing else", async () => {
    await using share = new Share();
    mkdirSync(join(share.folder.path, "photos"));
    writeFileSync(join(share.folder.path, "photos/a.jpg"), "hello");
    await using door = await HttpDoor.open({ vault: share.vault });
    for (const { path, method, parameters = [], body } of rows.filter(({ answers }) => answers[101] === undefined)) {
      if (body !== undefined) continue;
      const required = parameters.filter((parameter) => parameter.required);
      for (const missing of [null, ...required]) {
        const given = required.filter((parameter) => parameter !== missing);
        const told = (place: "query" | "header") =>
          Object.fromEntries(
            given.filter((one) => one.in === place).map(({ name, example }) => [name, String(example)]),
          );
        const address = path.replace("{path}", "photos/a.jpg").replace("{room}", "lobby");
        const url = `${address}?${new URLSearchParams(told("query"))}`;
        const { status } = await door.fetch(url, { method, headers: told("header"), redirect: "manual" });
        expect([method, url, missing?.name, status === 400]).toEqual([method, url, missing?.name, missing !== null]);
      }
    }
  });

  test("has no code of an error that the contract has not, with the same status", () => {
    const listed = new Set<string>();
    for (const [, statuses = "", codes = ""] of README.matchAll(/^\| ((?:\d{3} ?)+)\| (`.*) \|$/gm))
      for (const status of statuses.trim().split(" "))
        for (const [, code] of codes.matchAll(/`([a-z-]+)`/g)) listed.add(`${status} ${code}`);
    const used = rows.flatMap(({ errors = {} }) =>
      Object.entries(errors).flatMap(([status, codes]) => codes.map((code) => `${status} ${code}`)),
    );
    expect([...new Set(used)].filter((one) => !listed.has(one))).toEqual([]);
  });

  test("is a document of OpenAPI 3.1 with WebDAV's methods by an extension", async () => {
    await using door = await HttpDoor.open();
    const answer = await door.fetch("/api/openapi.json");
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    const document = (await answer.json()) as { paths: Record<string, Record<string, object>> };
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "tincan", version: "test" } });
    const files = document.paths["/files/{path}"] ?? {};
    expect(Object.keys(files).sort()).toEqual(["delete", "get", "put", "x-additionalOperations"]);
    expect(Object.keys(files["x-additionalOperations"] ?? {})).toEqual(["MKCOL", "MOVE"]);
    expect(JSON.stringify(document)).toContain(`curl http://127.0.0.1:${door.port}/api/rooms`);
  });
});

describe("its page", () => {
  test("loads nothing, runs nothing, and says so", async () => {
    await using door = await HttpDoor.open();
    const answer = await door.fetch("/api");
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("content-security-policy")).toBe(STYLE.policy);
    const page = await answer.text();
    expect(page).not.toMatch(/<script|<img|<link|<iframe|\ssrc=|\son\w+=|style="|url\(|@import/);
    const links = Array.from(page.matchAll(/href="([^"]*)"/g), ([, href = ""]) => href);
    expect(links.filter((href) => !/^(?:\/api\/openapi\.json|#\w+)$/.test(href))).toEqual([]);
    const ids = new Set(Array.from(page.matchAll(/ id="([^"]*)"/g), ([, id]) => `#${id}`));
    expect(links.filter((href) => href.startsWith("#") && !ids.has(href))).toEqual([]);
  });

  test("has a command to paste for each address", () => {
    const page = apiPage(WHERE);
    for (const { curl } of rows)
      expect(page).toContain(`<pre class="paste">${Bun.escapeHTML(curl.replace("BASE", WHERE.base))}</pre>`);
    expect(page).toContain('href="/chat/api/openapi.json"');
  });

  test("escapes what it is told", () => {
    const page = apiPage({ ...WHERE, base: 'http://a"><script>alert(1)</script>' });
    expect(page).not.toContain("<script>");
  });
});

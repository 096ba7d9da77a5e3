import { describe, expect, test } from "bun:test";
import { rows } from "../../../protocols/http/openapi/document.ts";
import { Share } from "../../files/share.ts";
import { HttpDoor } from "./door.ts";

const paths = [...new Set(rows.map(({ path }) => path))];
const address = (path: string) => path.replace("{room}", "lobby").replace("{path}", "a.txt");
const methodsOf = (path: string) => rows.flatMap((row) => (row.path === path ? [row.method] : []));

async function open() {
  const share = new Share();
  share.put("a.txt", "hello");
  const door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload", "write"] });
  return {
    door,
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await share[Symbol.asyncDispose]();
    },
  };
}

for (const path of paths)
  describe(path, () => {
    test("refuses other methods, with those that there are and in the one form of errors", async () => {
      await using place = await open();
      const answer = await place.door.fetch(address(path), { method: "PATCH" });
      expect(answer.status).toBe(405);
      const allowed = (answer.headers.get("allow") ?? "").split(", ").sort();
      const get = methodsOf(path).includes("GET");
      expect(allowed).toEqual([...methodsOf(path), ...(get ? ["HEAD"] : [])].sort());
      expect(await answer.json()).toEqual({ error: { code: "bad-method", message: expect.stringContaining("PATCH") } });
    });

    test("shows errors to people as a page in which nothing runs", async () => {
      await using place = await open();
      const headers = { Accept: "text/html" };
      const answer = await place.door.fetch(address(path), { method: "PATCH", headers });
      expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(await answer.text()).toContain("<h1>405</h1>");
    });

    if (methodsOf(path).includes("GET") && path !== "/ws")
      test("answers HEAD as GET, without the body", async () => {
        await using place = await open();
        const get = async (method: string) => {
          const leaving = new AbortController();
          const { signal } = leaving;
          const answer = await place.door.fetch(`${address(path)}?text=a`, { method, redirect: "manual", signal });
          const fields = Object.fromEntries(answer.headers);
          const body = method === "HEAD" ? await answer.text() : "";
          leaving.abort();
          return { status: answer.status, fields: { ...fields, date: "" }, body };
        };
        expect(await get("HEAD")).toEqual(await get("GET"));
      });

    for (const method of methodsOf(path).filter((name) => !["GET", "OPTIONS"].includes(name)))
      test(`takes no ${method} from pages of others`, async () => {
        await using place = await open();
        for (const headers of [
          { Origin: "https://evil.example" },
          { Origin: "null" },
          { "Sec-Fetch-Site": "cross-site" },
          { "Sec-Fetch-Site": "same-site" },
        ] as Record<string, string>[]) {
          const answer = await place.door.fetch(address(path), { method, headers });
          expect(answer.status).toBe(403);
          expect(await answer.json()).toMatchObject({ error: { code: "foreign-origin" } });
        }
      });
  });

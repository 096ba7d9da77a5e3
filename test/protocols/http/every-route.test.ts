import { describe, expect, test } from "bun:test";
import { rows } from "../../../protocols/http/openapi/document.ts";
import { PASSWORD } from "../../accounts/accounts.ts";
import { Share } from "../../files/share.ts";
import { until } from "../../support/deadline.ts";
import { HttpDoor } from "./door.ts";

const paths = [...new Set(rows.map(({ path }) => path))];
const address = (path: string) => path.replace("{room}", "lobby").replace("{path}", "a.txt");
const methodsOf = (path: string) => rows.flatMap((row) => (row.path === path ? [row.method] : []));

/** Behind a `?`, and in fields that are read. */
const JUNK = [
  "=",
  "&&&",
  "%",
  "%ff%00",
  "limit=-1&after=%&before=1e9",
  "text=&path=%2e%2e%2f&download&archive=x",
  "a".repeat(4_000),
];
const READ = [
  "Range",
  "If-Range",
  "If-Match",
  "If-Modified-Since",
  "Cookie",
  "Last-Event-ID",
  "Destination",
  "Content-Range",
];
const FIELDS = (junk: string) => READ.map((name) => `${name}: ${junk.slice(0, 100)}\r\n`).join("");

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
      expect(allowed).toEqual([...new Set(["OPTIONS", ...methodsOf(path), ...(get ? ["HEAD"] : [])])].sort());
      expect(await answer.json()).toEqual({ error: { code: "bad-method", message: expect.stringContaining("PATCH") } });
    });

    test("tells its methods to who asks for them", async () => {
      await using place = await open();
      const ask = (method: string) => place.door.fetch(address(path), { method });
      const answer = await ask("OPTIONS");
      expect([answer.status, await answer.text()]).toEqual([204, ""]);
      expect(answer.headers.get("allow")).toBe((await ask("PATCH")).headers.get("allow"));
    });

    test("shows errors to people as a page in which nothing runs", async () => {
      await using place = await open();
      const headers = { Accept: "text/html" };
      const answer = await place.door.fetch(address(path), { method: "PATCH", headers });
      expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
      const policy = answer.headers.get("content-security-policy")?.split("; ") ?? [];
      expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "frame-ancestors 'none'"]));
      expect(policy.join()).not.toContain("script");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      const page = await answer.text();
      expect(page).toContain("<h1>405</h1>");
      const style = page.match(/<style>(.*?)<\/style>/s)?.[1] ?? "";
      expect(policy).toContain(`style-src 'sha256-${new Bun.CryptoHasher("sha256").update(style).digest("base64")}'`);
      expect(page).toContain('<a href="/">');
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

    for (const method of methodsOf(path)) {
      test(`knows what to do with any query and any field: ${method}`, async () => {
        await using place = await open();
        for (const junk of JUNK) {
          using client = await place.door.connect();
          await client.write(`${method} ${address(path)}?${junk} HTTP/1.1\r\nHost: localhost\r\n${FIELDS(junk)}\r\n`);
          const status = Number((await client.readUntil("\r\n")).split(" ")[1]);
          expect([junk, status >= 200 && status < 500]).toEqual([junk, true]);
        }
      });

      test(`takes a body in chunks of one byte as it takes it whole: ${method}`, async () => {
        const body = '{"text":"hi","user":"ann","password":"x"}';
        const tiny = [...body].map((char) => `1\r\n${char}\r\n`).join("");
        const statusOf = async (rest: string) => {
          await using place = await open();
          using client = await place.door.connect();
          const head = `${method} ${address(path)} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
          await client.write(head + rest);
          return (await client.readUntil("\r\n")).split(" ")[1];
        };
        const whole = await statusOf(`Content-Length: ${body.length}\r\n\r\n${body}`);
        expect(await statusOf(`Transfer-Encoding: chunked\r\n\r\n${tiny}0\r\n\r\n`)).toBe(whole);
      });
    }

    test("holds nothing of a peer that goes while its login is looked at", async () => {
      await using place = await open();
      place.door.accounts.add("ann");
      const Authorization = `Basic ${btoa(`ann:${PASSWORD}`)}`;
      const fields = `Host: localhost\r\nAuthorization: ${Authorization}\r\nContent-Length: 0`;
      for (const method of methodsOf(path)) {
        const client = await place.door.connect();
        await client.write(`${method} ${address(path)} HTTP/1.1\r\n${fields}\r\n\r\n`);
        client.reset();
      }
      await until(() => place.door.open === 0, "the end of the connections");
      // The next login of the same address is looked at behind those.
      const said = await place.door.post("/api/rooms/lobby/messages", { text: "hi" }, { Authorization });
      expect(said.status).toBe(201);
      expect(place.door.hub.told.deliveries).toBe(0);
    });

    for (const method of methodsOf(path).filter((name) => !["GET", "OPTIONS"].includes(name)))
      test(`takes no ${method} from pages of others (CWE-352)`, async () => {
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

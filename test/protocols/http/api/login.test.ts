import { describe, expect, test } from "bun:test";
import { hashPassword } from "../../../../src/accounts/password.ts";
import { PASSWORD } from "../../../accounts/accounts.ts";
import { codeOf, HttpDoor } from "../door.ts";

const ANN = { user: "ann", password: PASSWORD };
const BASIC = `Basic ${btoa(`ann:${PASSWORD}`)}`;

interface Me {
  readonly account: string | null;
  readonly may: readonly string[];
}

async function open(): Promise<HttpDoor> {
  const door = await HttpDoor.open();
  door.accounts.add("ann", { permissions: new Set(["upload", "admin"]) });
  return door;
}

async function me(door: HttpDoor, headers: Record<string, string> = {}): Promise<Me> {
  return (await (await door.fetch("/api/me", { headers })).json()) as Me;
}

/** The cookie of a login, as it is sent back. */
async function login(door: HttpDoor): Promise<string> {
  const answer = await door.post("/api/login", ANN);
  expect(answer.status).toBe(200);
  const [cookie = ""] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^tincan-session-\d+=[\w-]{22}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
  return cookie.split(";")[0] ?? "";
}

describe("who somebody is", () => {
  test("is told with what the server offers", async () => {
    await using door = await open();
    const answer = await door.fetch("/api/me");
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toEqual({
      account: null,
      may: ["chat", "echo", "read"],
      login: true,
      server: "tincan/test",
      files: false,
      home: "/",
      open: true,
      announce: false,
      history: false,
      limits: { frame: 1 << 20, json: 65_536, message: 4_000, topic: 390, name: 64, nameCharacters: 32, room: 64 },
      doors: { framed: { port: 8400, tls: null } },
      commands: null,
      addresses: [],
    });
  });

  test("tells who comes by a proxy of this machine no other addresses of it", async () => {
    await using door = await open();
    expect(await me(door, { "X-Forwarded-For": "203.0.113.9" })).toMatchObject({ addresses: null });
    expect(await me(door)).toMatchObject({ addresses: [] });
  });

  test("names nothing that is denied", async () => {
    await using door = await HttpDoor.open({ chat: false, echo: false, anonymous: [] });
    expect((await me(door)).may).toEqual([]);
  });

  test("is said by Basic too", async () => {
    await using door = await open();
    expect(await me(door, { Authorization: BASIC })).toMatchObject({
      account: "ann",
      may: ["chat", "echo", "read", "upload", "admin"],
    });
  });
});

describe("a login", () => {
  test("is remembered by its cookie until the logout", async () => {
    await using door = await open();
    const Cookie = await login(door);
    expect(await me(door, { Cookie })).toMatchObject({ account: "ann" });
    const out = await door.fetch("/api/logout", { method: "POST", headers: { Cookie } });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()[0]).toContain(`tincan-session-${door.port}=; Path=/; Max-Age=0;`);
    expect(await me(door, { Cookie })).toMatchObject({ account: null });
  });

  test("takes the place of the one before", async () => {
    await using door = await open();
    const Cookie = await login(door);
    await door.post("/api/login", ANN, { Cookie });
    expect(await me(door, { Cookie })).toMatchObject({ account: null });
  });

  test("below a prefix has its cookie sent there alone", async () => {
    await using door = await HttpDoor.open({ prefix: "/chat" });
    door.accounts.add("ann");
    const answer = await door.post("/chat/api/login", ANN);
    expect(answer.headers.getSetCookie()[0]).toContain("; Path=/chat; ");
    const document = (await (await door.fetch("/chat/api/openapi.json")).json()) as { servers: object };
    expect(document.servers).toEqual([{ url: "/chat" }]);
  });

  test("is refused in the same words for a wrong name and a wrong password", async () => {
    await using door = await open();
    const answers = await Promise.all(
      [
        { ...ANN, password: "x" },
        { ...ANN, user: "bob" },
      ].map((body) => door.post("/api/login", body)),
    );
    const [a, b] = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(a).toBe(b ?? "");
    expect(a).toContain('"bad-login"');
    expect(answers.flatMap(({ headers }) => headers.getSetCookie())).toEqual([]);
  });

  test.each(["cookie", "Basic"])("by %s is void once the account is gone, or has another password", async (by) => {
    await using door = await open();
    const withLogin = async () => (by === "Basic" ? { Authorization: BASIC } : { Cookie: await login(door) });
    const first = await withLogin();
    expect(await me(door, first)).toMatchObject({ account: "ann" });
    door.accounts.change("ann", { hash: await hashPassword("another one") });
    const after = await door.fetch("/api/me", { headers: first });
    expect(after.status).toBe(by === "Basic" ? 401 : 200);
    if (by === "cookie") expect(await after.json()).toMatchObject({ account: null });
    door.accounts.remove("ann");
    door.accounts.add("ann");
    const second = await withLogin();
    door.accounts.remove("ann");
    const gone = await door.fetch("/api/me", { headers: second });
    expect(gone.status).toBe(by === "Basic" ? 401 : 200);
    if (by === "cookie") expect(await gone.json()).toMatchObject({ account: null });
  });

  test("counts a permission that was taken away at once", async () => {
    await using door = await open();
    const Cookie = await login(door);
    door.accounts.change("ann", { permissions: new Set(["upload"]) });
    expect((await me(door, { Cookie })).may).toEqual(["chat", "echo", "read", "upload"]);
  });
});

describe("what pages of other sites may try (CWE-352)", () => {
  const post = (door: HttpDoor, headers: Record<string, string>, body = JSON.stringify(ANN)) =>
    door.fetch("/api/login", { method: "POST", headers, body });
  const JSON_TYPE = "application/json";

  test("a foreign origin", async () => {
    await using door = await open();
    const answer = await post(door, { "Content-Type": JSON_TYPE, Origin: "https://evil.example" });
    expect([answer.status, await codeOf(answer)]).toEqual([403, "foreign-origin"]);
    const own = await post(door, { "Content-Type": JSON_TYPE, Origin: `http://127.0.0.1:${door.port}` });
    expect(own.status).toBe(200);
  });

  test.each([["text/plain"], ["application/x-www-form-urlencoded"], ["multipart/form-data; boundary=x"]])(
    "a form as %s",
    async (type) => {
      await using door = await open();
      const answer = await post(door, { "Content-Type": type });
      expect([answer.status, await codeOf(answer)]).toEqual([415, "bad-type"]);
    },
  );
});

describe("a body", () => {
  const refused: readonly [string, RequestInit, number, string][] = [
    ["that is no JSON", { body: "{" }, 400, "bad-json"],
    ["that is no object", { body: "[]" }, 400, "bad-json"],
    ["that is nested too deep", { body: `{"a":${"[".repeat(8)}${"]".repeat(8)}}` }, 400, "bad-json"],
    ["that is too large", { body: `{"user":"${"a".repeat(65_536)}"}` }, 413, "too-large"],
    ["without a field", { body: '{"user":"ann"}' }, 400, "bad-request"],
    ["with a field of another type", { body: '{"user":"ann","password":7}' }, 400, "bad-request"],
  ];
  test.each(refused)("%s is refused", async (_, init, status, code) => {
    await using door = await open();
    const headers = { "Content-Type": "application/json" };
    const answer = await door.fetch("/api/login", { method: "POST", headers, ...init });
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
  });

  test("that is packed is not unpacked", async () => {
    await using door = await open();
    const headers = { "Content-Type": "application/json", "Content-Encoding": "gzip" };
    const bomb = Bun.gzipSync(Buffer.alloc(8 << 20, " "));
    const answer = await door.fetch("/api/login", { method: "POST", headers, body: bomb });
    expect([answer.status, await codeOf(answer)]).toEqual([415, "bad-type"]);
  });
});

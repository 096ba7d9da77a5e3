import { expect, test } from "bun:test";
import { PASSWORD } from "../../accounts/accounts.ts";
import { Share } from "../../files/share.ts";
import { codeOf, HttpDoor } from "./door.ts";

/** A door where everybody may do everything, and the cookie of a login that has ended. */
async function open() {
  const share = new Share();
  const door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload", "write"] });
  door.accounts.add("ann");
  const answer = await door.post("/api/login", { user: "ann", password: PASSWORD });
  const [cookie = ""] = answer.headers.getSetCookie();
  door.accounts.remove("ann");
  return {
    ...{ door, Cookie: cookie.split(";")[0] ?? "" },
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await share[Symbol.asyncDispose]();
    },
  };
}

/** Whether an answer takes the login's cookie back. */
function takesBack({ headers }: Response): boolean {
  return /^tincan-session-\d+=; Path=\/; Max-Age=0; HttpOnly; SameSite=Strict$/.test(headers.getSetCookie().join());
}

const UPGRADE = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
const CHANGES: readonly (readonly [method: string, path: string, headers?: Record<string, string>])[] = [
  ["POST", "/api/rooms/lobby/messages"],
  ["PUT", "/files/a"],
  ["DELETE", "/files/a"],
  ["MKCOL", "/files/a"],
  ["MOVE", "/files/a"],
  ["GET", "/ws", { ...UPGRADE, "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" }],
];

test("who shows a login that has ended does not go on as nobody where it changes something", async () => {
  await using at = await open();
  const { door, Cookie } = at;
  for (const [method, path, headers] of CHANGES) {
    const answer = await door.fetch(path, { method, headers: { ...headers, Cookie } });
    expect([path, answer.status, await codeOf(answer)]).toEqual([path, 401, "login-ended"]);
    expect(takesBack(answer)).toBe(true);
  }
});

test("who only looks goes on as nobody, and has the cookie taken back", async () => {
  await using at = await open();
  const { door, Cookie } = at;
  for (const [path, status] of [
    ["/api/me", 200],
    ["/api/nothing", 404],
  ] as const) {
    const answer = await door.fetch(path, { headers: { Cookie } });
    expect(answer.status).toBe(status);
    expect(takesBack(answer)).toBe(true);
  }
  const without = await door.fetch("/api/me");
  expect(without.headers.getSetCookie()).toEqual([]);
});

test("it can log in anew, and out", async () => {
  await using at = await open();
  const { door, Cookie } = at;
  const out = await door.fetch("/api/logout", { method: "POST", headers: { Cookie } });
  expect([out.status, takesBack(out)]).toEqual([204, true]);
  door.accounts.add("ann");
  const login = await door.post("/api/login", { user: "ann", password: PASSWORD }, { Cookie });
  expect(login.headers.getSetCookie().join()).toMatch(/^tincan-session-\d+=[\w-]{22}; [^,]*$/);
});

test("what is meant to be somebody's is nobody's and nobody else's change, also without the cookie", async () => {
  await using at = await open();
  const { door } = at;
  door.accounts.add("bob");
  const answer = await door.post("/api/login", { user: "bob", password: PASSWORD });
  const Cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  for (const [method, path, headers] of CHANGES) {
    for (const who of [{}, { Cookie }]) {
      const refused = await door.fetch(path, { method, headers: { ...headers, ...who, "Tincan-User": "ann" } });
      expect([path, refused.status, await codeOf(refused)]).toEqual([path, 401, "login-ended"]);
      expect(refused.headers.getSetCookie()).toEqual([]);
    }
  }
  const put = (name: string, who: Record<string, string>) =>
    door.fetch("/files/a", { method: "PUT", body: "a", headers: { ...who, "Tincan-User": name } });
  expect((await put("%zz", { Cookie })).status).toBe(400);
  expect((await put("b%6Fb", { Cookie })).status).toBe(201);
  expect((await door.fetch("/api/me", { headers: { "Tincan-User": "ann" } })).status).toBe(200);
});

import { expect, test } from "bun:test";
import { PASSWORD } from "../../../accounts/accounts.ts";
import { RawWebSocket } from "../../../support/raw-web-socket.ts";
import { HttpDoor } from "../door.ts";

/** The account of whoever is in the chat by this name, as an operator sees it. */
function accountOf(door: HttpDoor, name: string): string | null | undefined {
  for (const { who } of door.runtime.connections()) if (who?.name === name) return who.account;
  return undefined;
}

test("a WebSocket belongs to who logged in by the cookie or the password of its request", async () => {
  await using door = await HttpDoor.open();
  door.accounts.add("ann", {});
  const [cookie = ""] = (await door.post("/api/login", { user: "ann", password: PASSWORD })).headers.getSetCookie();
  const to = { port: door.port };
  using byCookie = await RawWebSocket.chat(to, "bea", `Cookie: ${cookie.split(";")[0]}\r\n`);
  using byPassword = await RawWebSocket.chat(to, "cid", `Authorization: Basic ${btoa(`ann:${PASSWORD}`)}\r\n`);
  using stranger = await RawWebSocket.chat(to, "dan");
  expect([byCookie, byPassword, stranger].length).toBe(3);
  expect(["bea", "cid", "dan"].map((name) => accountOf(door, name))).toEqual(["ann", "ann", null]);
});

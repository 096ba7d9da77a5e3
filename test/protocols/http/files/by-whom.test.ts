import { expect, test } from "bun:test";
import { Share } from "../../../files/share.ts";
import { HttpDoor } from "../door.ts";

const silent = { deliver() {}, replaced() {} };

test("an upload is by the name in the chat of who shows its session, and by nobody's for a wrong one", async () => {
  await using share = new Share();
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload"] });
  const entered = door.hub.enter(silent, { name: "ann", peer: "10.0.0.5" });
  const session = entered.ok ? entered.seat.session : "";
  const put = async (path: string, secret: string) => {
    const answer = await door.fetch(path, { method: "PUT", body: "x", headers: { "Tincan-Session": secret } });
    return answer.status;
  };
  expect([await put("/files/a", session), await put("/files/b", "ann"), await put("/files/c", "")]).toEqual([
    201, 201, 201,
  ]);
  if (entered.ok) entered.seat.leave("bye");
  expect(await put("/files/d", session)).toBe(201);
  expect(share.events.map(({ path, visitor: { nick = null } }) => [path, nick])).toEqual([
    ["/a", "ann"],
    ["/b", null],
    ["/c", null],
    ["/d", null],
  ]);
});

test("what was uploaded with a session may be renamed and deleted with it, over any connection, until its member leaves", async () => {
  await using share = new Share();
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read", "upload"] });
  const seats = ["ann", "bob"].map((name) => {
    const entered = door.hub.enter(silent, { name, peer: "10.0.0.5" });
    if (!entered.ok) throw new Error(entered.error.message);
    return entered.seat;
  });
  const [ann = "", bob = ""] = seats.map(({ session }) => session);
  const ask = async (method: string, name: string, secret: string, more: Record<string, string> = {}) => {
    const headers = { "Tincan-Session": secret, Connection: "close", ...more };
    const body = method === "PUT" ? { body: "x" } : {};
    return (await door.fetch(`/files/${name}`, { method, headers, ...body })).status;
  };
  for (const name of ["a", "b", "c"]) expect(await ask("PUT", name, ann)).toBe(201);
  expect(await ask("DELETE", "a", bob)).toBe(401);
  expect(await ask("DELETE", "a", "")).toBe(401);
  expect(await ask("DELETE", "a", ann)).toBe(204);
  expect(await ask("MOVE", "b", ann, { Destination: "/files/d" })).toBe(201);
  expect(await ask("DELETE", "d", ann)).toBe(204);
  for (const seat of seats) seat.leave("bye");
  expect(await ask("DELETE", "c", ann)).toBe(401);
});

test("/api/me tells the home in the share, and whether uploads are told of and everybody may read", async () => {
  await using share = new Share();
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: [] });
  door.accounts.add("ann", { home: "/ann" });
  const headers = { Authorization: `Basic ${btoa("ann:correct horse")}` };
  const me = await (await door.fetch("/api/me", { headers })).json();
  expect(me).toMatchObject({ account: "ann", home: "/ann", open: false, announce: true });
  expect(await (await door.fetch("/api/me")).json()).toMatchObject({ account: null, home: "/", open: false });
});

test("who gets the name of an account that is gone may not change what that account has uploaded", async () => {
  await using share = new Share();
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read"] });
  const permissions = new Set(["upload"] as const);
  const headers = { Authorization: `Basic ${btoa("ann:correct horse")}`, Connection: "close" };
  const ask = async (method: string, name: string, body?: string) =>
    (await door.fetch(`/files/${name}`, { method, headers, ...(body === undefined ? {} : { body }) })).status;
  door.accounts.add("ann", { permissions, created: 1 });
  for (const name of ["a", "b"]) expect(await ask("PUT", name, "x")).toBe(201);
  expect(await ask("DELETE", "a")).toBe(204);
  door.accounts.remove("ann");
  door.accounts.add("ann", { permissions, created: 2 });
  expect(await ask("DELETE", "b")).toBe(403);
});

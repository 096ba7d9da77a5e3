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

test("/api/me tells the home in the share, and whether uploads are told of and everybody may read", async () => {
  await using share = new Share();
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: [] });
  door.accounts.add("ann", { home: "/ann" });
  const headers = { Authorization: `Basic ${btoa("ann:correct horse")}` };
  const me = await (await door.fetch("/api/me", { headers })).json();
  expect(me).toMatchObject({ account: "ann", home: "/ann", open: false, announce: true });
  expect(await (await door.fetch("/api/me")).json()).toMatchObject({ account: null, home: "/", open: false });
});

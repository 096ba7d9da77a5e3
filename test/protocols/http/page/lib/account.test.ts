import { afterEach, expect, test } from "bun:test";
import { Account, type AccountMemory } from "../../../../../protocols/http/page/app/lib/account.ts";
import { nobody } from "../../../../../protocols/http/page/app/lib/me.ts";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A server that knows a login until it forgets it. What `others` say comes in its place. */
function open(memory: AccountMemory = { account: null }) {
  const at = { user: null as string | null, changes: 0, others: null as string | null };
  const me = () => ({ account: at.user, may: [], files: true, history: false, login: true, doors: {} });
  const server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (at.others !== null) return new Response(at.others);
      if (pathname === "/api/login") at.user = ((await request.json()) as { user: string }).user;
      if (pathname === "/api/logout") at.user = null;
      return Response.json(me());
    },
  });
  stops.push(() => void server.stop(true));
  const account = new Account(`http://127.0.0.1:${server.port}/`, memory, () => {
    at.changes += 1;
  });
  return { at, account, memory };
}

test("a login that the server has forgotten has ended, until one logs in again", async () => {
  const { at, account, memory } = open();
  await account.refresh();
  expect(account.ended.value).toBeNull();
  await account.logIn("ann", "secret");
  expect([account.me.value.user, memory.account, at.changes]).toEqual(["ann", "ann", 1]);
  at.user = null;
  await account.refresh();
  expect([account.me.value.user, account.ended.value]).toEqual([null, "ann"]);
  await account.logIn("ann", "secret");
  expect([account.me.value.user, account.ended.value]).toEqual(["ann", null]);
});

test("one that the user has ended is no news, nor one that is given up", async () => {
  const { account } = open();
  await account.logIn("ann", "secret");
  await account.logOut();
  expect(account.ended.value).toBeNull();
  const other = open({ account: "ann" });
  await other.account.refresh();
  expect(other.account.ended.value).toBe("ann");
  other.account.forget();
  await other.account.refresh();
  expect([other.account.ended.value, other.at.changes]).toEqual([null, 1]);
});

test("another tab's login and logout are this one's", async () => {
  const { at, account, memory } = open();
  await account.refresh();
  for (const user of ["ann", null]) {
    at.user = memory.account = user;
    await account.changedElsewhere();
    expect([account.me.value.user, account.ended.value]).toEqual([user, null]);
  }
  expect(at.changes).toBe(2);
  await account.changedElsewhere();
  expect(at.changes).toBe(2);
});

test("an answer from before the login does not count", async () => {
  const { account } = open();
  const before = account.refresh();
  await account.logIn("ann", "secret");
  await before;
  expect([account.me.value.user, account.ended.value]).toEqual(["ann", null]);
});

test("what a proxy says in the server's place is no answer, and it is asked again", async () => {
  const { at, account } = open();
  at.others = "<h1>Pay for the network</h1>";
  await account.refresh();
  expect(account.me.value).toBe(nobody);
  at.others = null;
  at.user = "ann";
  await account.refresh();
  expect(account.me.value.user).toBe("ann");
});

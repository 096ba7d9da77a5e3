import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { AccountsFile } from "../../src/accounts/accounts-file.ts";
import { databaseError } from "../../src/accounts/database.ts";
import { TempFolder } from "../support/temp.ts";
import { OtherProcess } from "./accounts.ts";

test("it is made for this user alone, and not where it shall not", () => {
  using folder = new TempFolder();
  const state = folder.file("a/state");
  expect(AccountsFile.open(state, { create: false, busyMs: 0 })).toBeNull();
  expect(existsSync(folder.file("a"))).toBe(false);
  new OtherProcess(state).with(() => {
    const modes = readdirSync(state).map((name) => [name, statSync(`${state}/${name}`).mode & 0o777]);
    expect(modes).toContainEqual(["accounts.db", 0o600]);
    for (const [, mode] of modes) expect(mode).toBe(0o600);
  });
  expect(statSync(state).mode & 0o777).toBe(0o700);
  expect(readdirSync(state)).toEqual(["accounts.db"]);
});

test("accounts are added once, changed and removed by name in any case", () => {
  using folder = new TempFolder();
  new OtherProcess(folder.path).with(({ accounts }) => {
    const ann = { name: "Ann", hash: "h", permissions: new Set(["write", "read"] as const), home: "/ann", created: 5 };
    expect([accounts.add(ann), accounts.add({ ...ann, name: "ANN" })]).toEqual([true, false]);
    expect(accounts.find("aNN")).toEqual({ ...ann, id: 1, key: "ann" });
    expect(accounts.change("ann", { permissions: new Set() })).toBe(true);
    expect(accounts.change("ANN", { home: "/" })).toBe(true);
    expect(accounts.find("ann")).toMatchObject({ hash: "h", permissions: new Set(), home: "/" });
    expect([accounts.remove("AnN"), accounts.remove("ann"), accounts.change("ann", {})]).toEqual([true, false, false]);
    accounts.add(ann);
    expect(accounts.find("ann")?.id).toBe(2);
    expect(accounts.find("Robert'); DROP TABLE accounts;--")).toBeNull();
  });
});

test("bans that have ended are forgotten, and temporary ones are bounded", () => {
  using folder = new TempFolder();
  new OtherProcess(folder.path).with(({ bans }) => {
    bans.add({ network: "10.0.0.1", since: 1, until: 100, reason: "a" });
    bans.add({ network: "10.0.0.2", since: 2, until: null, reason: "b" });
    bans.add({ network: "10.0.0.1", since: 3, until: 200, reason: "c" });
    expect(bans.all(50)).toEqual([
      { network: "10.0.0.2", since: 2, until: null, reason: "b" },
      { network: "10.0.0.1", since: 3, until: 200, reason: "c" },
    ]);
    expect(bans.all(200).map(({ network }) => network)).toEqual(["10.0.0.2"]);
    expect([bans.remove("10.0.0.2"), bans.remove("10.0.0.2")]).toEqual([true, false]);
  });
});

test("two have it open at once: who reads does not wait for who writes", () => {
  using folder = new TempFolder();
  const other = new OtherProcess(folder.path);
  other.add("ann");
  using reader = AccountsFile.open(folder.path, { create: false, busyMs: 0 });
  const writer = new Database(folder.file("accounts.db"));
  writer.run("BEGIN IMMEDIATE");
  writer.run("DELETE FROM accounts");
  expect(reader?.accounts.all().map(({ name }) => name)).toEqual(["ann"]);
  expect(() => reader?.accounts.remove("ann")).toThrow("locked");
  writer.run("COMMIT");
  writer.close();
  expect(reader?.accounts.all()).toEqual([]);
});

test("a file of the layout before this one gets what it lacks", () => {
  using folder = new TempFolder();
  const other = new OtherProcess(folder.path);
  other.add("ann");
  const old = new Database(folder.file("accounts.db"));
  old.run("DROP TABLE logins");
  old.run("PRAGMA user_version = 1");
  old.close();
  other.with(({ accounts, logins }) => {
    const ann = accounts.find("ann");
    if (ann === null) throw new Error("ann is lost");
    logins.add("hash", ann, 1);
    expect(logins.find("hash")).toMatchObject({ account: ann.id, used: 1 });
  });
});

test.each<[string, (path: string) => void, number, RegExp]>([
  ["no database", (path) => writeFileSync(path, "x".repeat(4096)), 78, /is damaged or no file of tincan's/],
  ["a folder", (path) => mkdirSync(path), 77, /is not this user's to open/],
  ["of a newer version", (path) => new Database(path).run("PRAGMA user_version = 9"), 78, /newer version of tincan/],
])("a file that is %s is explained", (_, make, code, said) => {
  using folder = new TempFolder();
  make(folder.file("accounts.db"));
  let error: unknown;
  try {
    AccountsFile.open(folder.path, { create: false, busyMs: 0 });
  } catch (thrown) {
    error = databaseError(thrown, folder.path);
  }
  expect(error).toMatchObject({ name: "CommandError", code, message: expect.stringMatching(said) });
});

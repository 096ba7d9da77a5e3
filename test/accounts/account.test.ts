import { expect, test } from "bun:test";
import { accountKey, refusesName } from "../../src/accounts/account.ts";
import { refusesPassword, verifyPassword } from "../../src/accounts/password.ts";

test.each(["ann", "Ann-2", "王小明", "a.b_c", "7up", "é", "x".repeat(32)])("%p can be an account", (name) => {
  expect(refusesName(name)).toBeNull();
});

test.each([
  "",
  "-rf",
  ".hidden",
  "a b",
  "a/b",
  "..",
  "a\nb",
  "a\0",
  "Anonymous",
  "ＦＴＰ",
  "x".repeat(33),
  "\u202eann",
])("%p cannot be an account", (name) => {
  expect(refusesName(name)).toMatch(/name/);
});

test("names that differ in case, width or composition are one", () => {
  expect(accountKey("ÀNN")).toBe(accountKey("a\u0300nn"));
  expect(accountKey("ＡＮＮ")).toBe("ann");
});

test.each([
  ["1234567", "a password has at least 8 characters"],
  ["王小明王小明王", "a password has at least 8 characters"],
  ["x".repeat(1025), "a password has at most 1024 bytes"],
  ["12345678\n", "a password has no control characters in it"],
  ["12345678", null],
  ["王小明王小明王小", null],
  ["x".repeat(1024), null],
])("a password is %p: %p", (password, refusal) => {
  expect(refusesPassword(password)).toBe(refusal);
});

test("no password is right where there is no account, and it costs the same parameters", async () => {
  expect(await verifyPassword("correct horse", null)).toBe(false);
  expect(await verifyPassword("-", null)).toBe(false);
  await expect(verifyPassword("correct horse", "$argon2id$damaged")).rejects.toThrow();
});

test("a password is the same however its accents were typed", async () => {
  const { hashPassword } = await import("../../src/accounts/password.ts");
  const hash = await hashPassword("cafe\u0301 au lait");
  expect(hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
  expect(await verifyPassword("caf\u00e9 au lait", hash)).toBe(true);
  expect(await verifyPassword("cafe au lait", hash)).toBe(false);
});

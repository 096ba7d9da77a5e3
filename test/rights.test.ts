import { expect, test } from "bun:test";
import { anonymousRights, deniedToAll, plainPasswords, type RightSettings } from "../src/rights.ts";

const nothing: RightSettings = {
  allowUpload: false,
  allowWrite: false,
  allowAll: false,
  denyRead: false,
  denyUpload: false,
  denyWrite: false,
  allowPlainPasswords: false,
  denyPlainPasswords: false,
};

test.each<[Partial<RightSettings>, readonly string[], readonly string[]]>([
  [{}, ["read"], []],
  [{ allowUpload: true }, ["read", "upload"], []],
  [{ allowWrite: true }, ["read", "upload", "write"], []],
  [{ allowAll: true }, ["read", "upload", "write"], []],
  [{ allowAll: true, denyWrite: true }, ["read", "upload"], ["write"]],
  [{ allowWrite: true, denyUpload: true }, ["read", "write"], ["upload"]],
  [{ allowAll: true, denyRead: true, denyUpload: true, denyWrite: true }, [], ["upload", "write"]],
])("%p lets everybody %p, and takes from accounts %p", (settings, everybody, denied) => {
  expect([...anonymousRights({ ...nothing, ...settings })]).toEqual(everybody as never);
  expect([...deniedToAll({ ...nothing, ...settings })]).toEqual(denied as never);
});

test("plain passwords are allowed by their own name alone, and denying wins", () => {
  const allowed = (settings: Partial<RightSettings>) => plainPasswords({ ...nothing, ...settings });
  expect([
    allowed({}),
    allowed({ allowAll: true }),
    allowed({ allowPlainPasswords: true }),
    allowed({ allowPlainPasswords: true, denyPlainPasswords: true }),
  ]).toEqual([false, false, true, false]);
});

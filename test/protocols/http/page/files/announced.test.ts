import { expect, test } from "bun:test";
import { isAnnounced } from "../../../../../protocols/http/page/app/files/upload/upload.ts";

test.each([
  ["a new file in the lobby", { path: "/a", room: "#lobby", already: false }, true],
  ["one in another room", { path: "/a", room: "#tea", already: false }, false],
  ["one in private", { path: "/a", room: "@bob", already: false }, false],
  ["one that was there", { path: "/a", room: "#lobby", already: true }, false],
  ["a hidden one", { path: "/x/.a", room: "#lobby", already: false }, false],
])("the server tells by itself of %s or not", (_, upload, told) => {
  expect(isAnnounced(upload)).toBe(told);
});

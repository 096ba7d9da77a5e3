import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { Share } from "../../../files/share.ts";
import { HttpDoor } from "../door.ts";

/** What the links of the list lead to, in order. */
function listed(page: string): string[] {
  return [...page.matchAll(/<td><a href="\.\/([^"]*)"/g)].map(([, link = ""]) => link);
}

test("the list for browsers without a script has folders first, and numbers as people count", async () => {
  await using share = new Share();
  for (const name of ["a10.txt", "a9.txt", "Z.txt", "b.txt"]) share.put(name, "x");
  for (const name of ["z10", "z9"]) mkdirSync(share.file(name));
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read"] });
  const page = await (await door.fetch("/files/", { headers: { Accept: "text/html" } })).text();
  expect(listed(page)).toEqual(["z9/", "z10/", "a9.txt", "a10.txt", "b.txt", "Z.txt"]);
});

test.each([0, 1, 499, 500, 501, 1_000, 1_001])("it has each of %d files once", async (count) => {
  await using share = new Share();
  const names = Array.from({ length: count }, (_, at) => `f${String(at).padStart(5, "0")}`);
  for (const name of names) share.put(name, "x");
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read"] });
  const page = await (await door.fetch("/files/", { headers: { Accept: "text/html" } })).text();
  expect(listed(page)).toEqual(names);
  expect(page).toEndWith("</table>\n</html>\n");
});

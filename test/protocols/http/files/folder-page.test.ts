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

test("its heading is the way there, and leads back", async () => {
  await using share = new Share();
  mkdirSync(share.file("a/b & <c>/d"), { recursive: true });
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read"] });
  const heading = async (path: string) => {
    const page = await (await door.fetch(path, { headers: { Accept: "text/html" } })).text();
    return page.match(/<h1>(.*)<\/h1>/)?.[1];
  };
  expect(await heading("/files/")).toBe("/");
  expect(await heading("/files/a/")).toBe('<a href="../">/</a>a');
  expect(await heading("/files/a/b%20&%20%3Cc%3E/d/")).toBe(
    '<a href="../../../">/</a><a href="../../">a/</a><a href="../">b &amp; &lt;c&gt;/</a>d',
  );
});

test.each([0, 1, 499, 500, 501, 1_000, 1_001])("it has each of %d files once", async (count) => {
  await using share = new Share();
  const names = Array.from({ length: count }, (_, at) => `f${String(at).padStart(5, "0")}`);
  for (const name of names) share.put(name, "x");
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read"] });
  const page = await (await door.fetch("/files/", { headers: { Accept: "text/html" } })).text();
  expect(listed(page)).toEqual(names);
  expect(page).toEndWith("</table>\n</main>\n</html>\n");
});

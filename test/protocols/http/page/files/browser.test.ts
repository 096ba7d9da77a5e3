import { afterEach, expect, test } from "bun:test";
import { FilesApi } from "../../../../../protocols/http/page/app/files/api.ts";
import { FilesBrowser } from "../../../../../protocols/http/page/app/files/browser.ts";
import { NoAnswer } from "../../../../../protocols/http/page/app/lib/ask.ts";
import { until } from "../../../../support/deadline.ts";

/** A share whose folders have one file each, and that counts how often it is asked. */
function serve() {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    fetch: ({ url }) => {
      const { pathname } = new URL(url);
      asked.push(decodeURIComponent(pathname));
      if (pathname.includes("gone")) {
        return Response.json({ error: { code: "not-found", message: "it is gone" } }, { status: 404 });
      }
      return Response.json({ entries: [{ name: `${asked.length}`, type: "file", size: 1, mtime: 1 }], next: null });
    },
  });
  servers.push(server);
  const watched: string[] = [];
  const watch = (path: string, before: string | null) => void watched.push(`${before ?? ""}>${path}`);
  const browser = new FilesBrowser(
    new FilesApi(
      `http://127.0.0.1:${server.port}/`,
      () => ({ session: null, user: null }),
      () => {},
    ),
    watch,
    () => true,
  );
  const lists = (count: number) =>
    until(
      () => asked.length === count,
      () => `${count} requests; ${asked.join(" ")}`,
    );
  return { asked, watched, browser, lists };
}

const servers: { stop(force: boolean): Promise<void> }[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop(true))));

test("a folder is listed and watched, and the one before no longer", async () => {
  const { asked, watched, browser, lists } = serve();
  browser.refresh();
  await lists(1);
  browser.open("/a b");
  await until(() => browser.shown.value.entries !== null, "the list");
  expect(asked).toEqual(["/files/", "/files/a b/"]);
  expect(watched).toEqual([">/", "/>/a b"]);
  expect(browser.has("2")).toBe(true);
});

test("only what happens in the folder that is shown, or to it, is worth a new list", async () => {
  const { browser, lists } = serve();
  browser.open("/a");
  await lists(1);
  for (const path of ["/b.txt", "/a/b/c.txt", "/ab/x", "/b/a/x"])
    browser.heard({ event: "files", kind: "stored", path });
  for (const [path, to] of [
    ["/x", "/a/y"],
    ["/a/z", "/z"],
  ] as const) {
    browser.heard({ event: "files", kind: "renamed", path, to });
  }
  await lists(2);
  browser.heard({ event: "files", kind: "removed", path: "/a" });
  await lists(3);
});

test("a folder that is gone is told so, and what is shown stays when the server is away", async () => {
  const { browser } = serve();
  browser.open("/gone");
  await until(() => browser.shown.value.problem !== null, "the problem");
  expect(browser.shown.value.problem).toMatchObject({ status: 404, message: "it is gone" });
  browser.open("/a");
  await until(() => browser.shown.value.entries !== null, "the list");
  const { entries } = browser.shown.value;
  await Promise.all(servers.splice(0).map((server) => server.stop(true)));
  browser.refresh();
  await until(() => !browser.shown.value.loading, "the refusal");
  expect(browser.shown.value).toMatchObject({ entries, problem: null });
  browser.open("/b");
  await until(() => browser.shown.value.problem !== null, "a word about a folder that was never there");
  expect(browser.shown.value).toMatchObject({ entries: null, problem: expect.any(NoAnswer), loading: false });
});

test("what addresses resolve is no name", async () => {
  const { browser, asked } = serve();
  const refused = { name: "HttpError", code: "bad-path" };
  expect(await browser.api.makeFolder("/a/..").catch((error: unknown) => error)).toMatchObject(refused);
  expect(await browser.api.rename("/a/b", "/a/.").catch((error: unknown) => error)).toMatchObject(refused);
  expect(asked).toEqual([]);
});

test("entries are listed in the order that was chosen, and filtered in one folder alone", async () => {
  const { browser } = serve();
  const entry = (name: string, size: number) => ({ name, type: "file", size, mtime: 1 }) as const;
  const names = () => browser.listed.map(({ name }) => name);
  const fill = () =>
    browser.shown.update((shown) => ({ ...shown, entries: [entry("a10", 1), entry("a9", 3), entry("b", 2)] }));
  fill();
  expect(names()).toEqual(["a9", "a10", "b"]);
  browser.arrangement.set({ filter: "a", order: { by: "size", down: false } });
  expect(names()).toEqual(["a10", "a9"]);
  browser.open("/other");
  await until(() => browser.shown.value.entries !== null, "the list");
  fill();
  expect(names()).toEqual(["a10", "b", "a9"]);
});

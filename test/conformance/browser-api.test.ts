import { describe, expect } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { browser } from "../support/browser.ts";
import { until } from "../support/deadline.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, type Tincan } from "../support/tincan.ts";

const LOBBY = "/api/rooms/lobby/messages";

async function pageAt(url: string) {
  const browsing = await chromium.launch({
    executablePath: browser.path,
    args: ["--headless", "--no-sandbox", "--disable-gpu"],
  });
  const page = await browsing.newPage();
  await page.goto(url);
  return { page, [Symbol.asyncDispose]: () => browsing.close() };
}

const origin = (tincan: Tincan) => `http://127.0.0.1:${tincan.port("http")}`;

async function say(tincan: Tincan, text: string): Promise<void> {
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }) };
  expect((await fetch(origin(tincan) + LOBBY, init)).status).toBe(201);
}

async function textsOf(tincan: Tincan): Promise<string[]> {
  const { events } = (await (await fetch(origin(tincan) + LOBBY)).json()) as { events: { text: string }[] };
  return events.map(({ text }) => text);
}

function isOnDisk(folder: string, text: string): boolean {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.some(({ name }) => readFileSync(join(folder, name)).includes(text));
}

describe("a browser's EventSource", () => {
  browser.test(
    "comes back by itself when the server was killed, and loses and doubles nothing",
    async () => {
      using folder = new TempFolder();
      const flags = ["--doors", "http", "--history", "7d", "--state-dir", folder.file("state")];
      await using first = await startTincan(flags);
      await using browsing = await pageAt(`${origin(first)}/`);
      await browsing.page.evaluate(`
        window.heard = []; window.opened = 0;
        const source = new EventSource("/api/rooms/lobby/events");
        source.addEventListener("room", () => opened++);
        source.addEventListener("message", ({ data }) => heard.push(JSON.parse(data).text));
      `);
      const heard = () => browsing.page.evaluate<string[]>("heard");
      await until(async () => (await browsing.page.evaluate<number>("opened")) === 1, "the stream");
      for (const text of ["one", "the second word"]) await say(first, text);
      await until(async () => (await heard()).length === 2, "two words");
      await until(() => isOnDisk(folder.file("state"), "the second word"), "the words on the disk");
      await first.stop("SIGKILL");
      await using second = await startTincan([...flags, "--http-port", String(first.port("http"))]);
      for (const text of ["three", "four"]) await say(second, text);
      await until(async () => (await heard()).includes("four"), "the words of the second server", 15_000);
      expect(await heard()).toEqual(["one", "the second word", "three", "four"]);
    },
    60_000,
  );
});

describe("a page of another site", () => {
  browser.test(
    "gets nothing said, changed or read, whatever it tries",
    async () => {
      using folder = new TempFolder();
      await Bun.write(folder.file("secret.txt"), "only for this site");
      await using tincan = await startTincan([folder.path, "--doors", "http", "--allow-write", "--min-free", "0"]);
      const target = origin(tincan);
      const evil = Bun.serve({
        ...{ hostname: "127.0.0.1", port: 0 },
        fetch: () => new Response("<!doctype html><title>evil</title>", { headers: { "Content-Type": "text/html" } }),
      });
      try {
        await using browsing = await pageAt(`http://localhost:${evil.port}/`);
        const outcome = await browsing.page.evaluate<Record<string, string>>(`(async () => {
          const target = ${JSON.stringify(target)};
          const body = '{"text":"forged"}';
          const tried = {};
          const attempt = async (name, work) => { try { tried[name] = String(await work()); } catch (error) { tried[name] = "failed"; } };
          for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json"])
            await attempt("post " + type, async () => (await fetch(target + "${LOBBY}", { method: "POST", body, headers: { "Content-Type": type } })).status);
          await attempt("opaque post", async () => (await fetch(target + "${LOBBY}", { method: "POST", body, mode: "no-cors" })).status);
          await attempt("beacon", async () => navigator.sendBeacon(target + "${LOBBY}", new Blob([body], { type: "text/plain" })) && "sent");
          await attempt("put", async () => (await fetch(target + "/files/new.txt", { method: "PUT", body })).status);
          await attempt("delete", async () => (await fetch(target + "/files/secret.txt", { method: "DELETE" })).status);
          await attempt("read", async () => (await fetch(target + "/files/secret.txt")).text());
          await attempt("metrics", async () => (await fetch(target + "/metrics")).text());
          await attempt("events", () => new Promise((resolve) => {
            const source = new EventSource(target + "/api/rooms/lobby/events");
            source.addEventListener("room", () => resolve("heard"));
            source.onerror = () => { source.close(); resolve("failed"); };
          }));
          await attempt("socket", () => new Promise((resolve) => {
            const socket = new WebSocket(target.replace("http", "ws") + "/ws");
            socket.onopen = () => resolve("open");
            socket.onerror = () => resolve("failed");
          }));
          return tried;
        })()`);
        const { beacon, "opaque post": opaque, ...others } = outcome;
        expect([beacon, opaque]).toEqual(["sent", "0"]);
        expect(new Set(Object.values(others))).toEqual(new Set(["failed"]));
        await browsing.page.evaluate(`
          const form = document.createElement("form");
          form.method = "POST"; form.enctype = "text/plain"; form.action = ${JSON.stringify(target + LOBBY)};
          const field = document.createElement("input");
          field.name = '{"text":"forged by a form","x":"'; field.value = '"}';
          form.append(field); document.body.append(form); form.submit();
        `);
        await browsing.page.waitForURL(target + LOBBY);
        expect(await browsing.page.textContent("h1")).toBe("403");
        expect(await textsOf(tincan)).toEqual([]);
        expect(await Bun.file(folder.file("secret.txt")).text()).toBe("only for this site");
        expect(await Bun.file(folder.file("new.txt")).exists()).toBe(false);
      } finally {
        await evil.stop(true);
      }
    },
    60_000,
  );
});

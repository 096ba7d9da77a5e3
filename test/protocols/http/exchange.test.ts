import { expect, test } from "bun:test";
import { codeOf, HttpDoor } from "./door.ts";

test.each([["%E5%B0%8F+a"], ["小%20a"]])("a query is UTF-8, escaped or not: %s", async (text) => {
  await using door = await HttpDoor.open();
  using client = await door.connect();
  await client.write(`GET /api/echo?text=${text} HTTP/1.0\r\n\r\n`);
  expect((await client.readAll()).toString()).toEndWith('{"text":"小 A"}\n');
});

test("what no account could do is not answered by asking for one", async () => {
  await using door = await HttpDoor.open({ echo: false });
  const answer = await door.fetch("/api/echo?text=a");
  expect([answer.status, await codeOf(answer), answer.headers.get("www-authenticate")]).toEqual([403, "denied", null]);
});

test("a prefix without its slash leads to the page with what was asked for", async () => {
  await using door = await HttpDoor.open({ prefix: "/chat" });
  const answer = await door.fetch("/chat?room=side", { redirect: "manual" });
  expect([answer.status, answer.headers.get("location")]).toEqual([301, "./chat/?room=side"]);
});

test.each([["/api/rooms/\xff/messages"], ["/api/rooms/%ff/messages"]])("a room's name is UTF-8: %j", async (path) => {
  await using door = await HttpDoor.open();
  using client = await door.connect();
  await client.write(Buffer.from(`GET ${path} HTTP/1.0\r\n\r\n`, "latin1"));
  expect((await client.readAll()).toString()).toStartWith("HTTP/1.1 400 ");
});

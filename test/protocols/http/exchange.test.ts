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

test.each(["/chat", "/a/b", "/my_", "/v1."])("%s without its slash leads to the page", async (prefix) => {
  await using door = await HttpDoor.open({ prefix });
  const answer = await door.fetch(`${prefix}?room=side`, { redirect: "manual" });
  const location = answer.headers.get("location") ?? "";
  expect([answer.status, location]).toEqual([301, `./${prefix.split("/").at(-1)}/?room=side`]);
  expect(answer.headers.get("cache-control")).toBe("no-cache");
  expect((await door.fetch(prefix)).status).toBe(200);
});

test.each([["/api/rooms/\xff/messages"], ["/api/rooms/%ff/messages"]])("a room's name is UTF-8: %j", async (path) => {
  await using door = await HttpDoor.open();
  using client = await door.connect();
  await client.write(Buffer.from(`GET ${path} HTTP/1.0\r\n\r\n`, "latin1"));
  expect((await client.readAll()).toString()).toStartWith("HTTP/1.1 400 ");
});

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

import { describe, expect, test } from "bun:test";
import { PASSWORD } from "../../../accounts/accounts.ts";
import { codeOf, HttpDoor } from "../door.ts";

describe("health", () => {
  test("is said in two letters", async () => {
    await using door = await HttpDoor.open();
    for (const path of ["/healthz", "/readyz"]) {
      const answer = await door.fetch(path);
      expect([answer.status, await answer.text()]).toEqual([200, "ok\n"]);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      const head = await door.fetch(path, { method: "HEAD" });
      expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "3", ""]);
    }
  });

  test("that is no more is said with the reason, and with the error's form", async () => {
    const why = "nearly all connections are taken";
    await using door = await HttpDoor.open({ operations: { notReady: () => why } });
    const answer = await door.fetch("/readyz");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ error: { code: "not-ready", message: why } });
    expect((await door.fetch("/healthz")).status).toBe(200);
  });

  test("is told to who asks on the same connection while the server drains", async () => {
    let why: string | null = null;
    await using door = await HttpDoor.open({ operations: { notReady: () => why } });
    using watcher = await door.connect();
    const ask = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    await watcher.write(ask);
    expect(await watcher.readUntil("ok\n")).toStartWith("HTTP/1.1 200 OK\r\n");
    why = "the server is shutting down";
    const drained = door.drain();
    await watcher.write(ask);
    const answer = (await watcher.readAll()).toString();
    expect(answer).toStartWith("HTTP/1.1 503 Service Unavailable\r\n");
    expect(answer).toContain("Connection: close\r\n");
    watcher[Symbol.dispose]();
    await drained;
  });

  test("of a server that drains is not waited for longer than a moment", async () => {
    await using door = await HttpDoor.open();
    using watcher = await door.connect();
    await watcher.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await watcher.readUntil("ok\n");
    await door.drain();
    expect(door.closed("shutdown")).toBe(0);
  });
});

test("numbers, transfers and the status are there for the loopback", async () => {
  const operations = {
    status: () => ({ pid: 1 }),
    transfers: () => [{ id: 7 }],
    metrics: async () => "tincan_ready 1\n",
  };
  await using door = await HttpDoor.open({ operations });
  const metrics = await door.fetch("/metrics");
  expect(metrics.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(await metrics.text()).toBe("tincan_ready 1\n");
  expect(await (await door.fetch("/api/transfers")).json()).toEqual({ transfers: [{ id: 7 }] });
  expect(await (await door.fetch("/api/status")).json()).toEqual({ pid: 1 });
});

test.each([
  ["X-Forwarded-For", "10.0.0.5"],
  ["Forwarded", "for=10.0.0.5"],
  ["X-Real-IP", "10.0.0.5"],
  ["Via", "1.1 proxy"],
  ["X-Forwarded-Proto", "http"],
  ["X-Forwarded-Host", "localhost"],
  ["X-Forwarded-Port", "80"],
  ["CF-Connecting-IP", "10.0.0.5"],
  ["True-Client-IP", "10.0.0.5"],
])("what a proxy of this machine passes on is not this machine's own: %s", async (name, value) => {
  await using door = await HttpDoor.open();
  const answer = await door.fetch("/metrics", { headers: { [name]: value } });
  expect([answer.status, await codeOf(answer)]).toEqual([401, "login-needed"]);
  door.accounts.add("ann", { permissions: new Set(["admin"]) });
  const headers = { [name]: value, Authorization: `Basic ${btoa(`ann:${PASSWORD}`)}` };
  expect((await door.fetch("/metrics", { headers })).status).toBe(200);
});

test("what can be done at an operators' address is told to everybody, and what is there is not", async () => {
  await using door = await HttpDoor.open();
  const passedOn = { headers: { "X-Forwarded-For": "10.0.0.5" } };
  for (const path of ["/metrics", "/api/status", "/api/transfers"]) {
    const answer = await door.fetch(path, { method: "OPTIONS", ...passedOn });
    expect([answer.status, answer.headers.get("allow"), await answer.text()]).toEqual([204, "OPTIONS, HEAD, GET", ""]);
    expect((await door.fetch(path, { method: "HEAD", ...passedOn })).status).toBe(401);
  }
  expect((await door.fetch("/api/nothing", { method: "OPTIONS" })).status).toBe(404);
});

describe("who asks over the loopback", () => {
  const statusOf = async (request: string) => {
    const operations = { metrics: async () => "tincan_ready 1\n" };
    await using door = await HttpDoor.open({ operations, names: ["chat.example"] });
    using client = await door.connect();
    await client.write(`GET /metrics ${request}\r\n\r\n`);
    return (await client.readUntil("\r\n")).split(" ")[1];
  };

  test.each([
    ["HTTP/1.0"],
    ["HTTP/1.0\r\nHost: localhost"],
    ["HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive"],
    ["HTTP/1.1\r\nHost: localhost:8480\r\nConnection: close"],
    ["HTTP/1.1\r\nHost: 127.0.0.1"],
  ])("is this machine's own user: %j", async (request) => {
    expect(await statusOf(request)).toBe("200");
  });

  test.each([
    ["as nginx's plain proxy_pass asks", "HTTP/1.0\r\nHost: 127.0.0.1:8480\r\nConnection: close"],
    ["for a name that a proxy has, too", "HTTP/1.1\r\nHost: chat.example"],
  ])("may be a proxy: %s", async (_, request) => {
    expect(await statusOf(request)).toBe("401");
  });
});

test.each([["/metrics"], ["/healthz"], ["/readyz"], ["/api/status"], ["/api/transfers"]])(
  "%s is only read",
  async (path) => {
    await using door = await HttpDoor.open();
    const answer = await door.fetch(path, { method: "POST" });
    expect([answer.status, answer.headers.get("allow"), await codeOf(answer)]).toEqual([
      405,
      "OPTIONS, HEAD, GET",
      "bad-method",
    ]);
  },
);

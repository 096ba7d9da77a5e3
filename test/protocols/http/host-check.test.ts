import { describe, expect, test } from "bun:test";
import { HostCheck } from "../../../protocols/http/host-check.ts";
import { HttpError } from "../../../protocols/http/wire/http-error.ts";
import { type Address, socketAddress } from "../../../src/net/address.ts";

const check = new HostCheck(["chat.example", "192.168.1.5"]);

function outcome(what: () => void): number {
  try {
    what();
    return 200;
  } catch (error) {
    if (error instanceof HttpError) return error.status;
    throw error;
  }
}

function head(fields: Record<string, string>, method = "GET", minor: 0 | 1 = 1) {
  return { method, target: "/", minor, fields: new Map(Object.entries(fields)) };
}

const asked = (host: string, local: Address) => outcome(() => check.checkHost(head({ host }), { local }));

describe("Host", () => {
  const v4 = socketAddress("127.0.0.1", 80);
  const v6 = socketAddress("::1", 80);
  const mapped = socketAddress("::ffff:127.0.0.1", 80);
  const unix = socketAddress("", 0);
  const table: readonly (readonly [host: string, local: Address, status: number])[] = [
    ["127.0.0.1", v4, 200],
    ["127.0.0.1:8480", v4, 200],
    ["localhost", v4, 200],
    ["LocalHost:1", v6, 200],
    ["localhost.", v4, 200],
    ["chat.example", v4, 200],
    ["CHAT.EXAMPLE.:99", v4, 200],
    ["192.168.1.5", v4, 200],
    ["[::1]", v6, 200],
    ["[::1]:8480", v6, 200],
    ["[0:0:0:0:0:0:0:1]", v6, 200],
    ["127.0.0.1", mapped, 200],
    ["[::ffff:127.0.0.1]", v4, 200],
    ["[::ffff:7f00:1]", mapped, 200],
    ["[::1]", v4, 421],
    ["127.0.0.2", v4, 421],
    ["evil.example", v4, 421],
    ["evil.example", mapped, 421],
    ["chat.example.evil.example", v4, 421],
    ["chat.example..", v4, 421],
    ["localhost.evil.example", v4, 421],
    ["", v4, 421],
    ["anything", unix, 200],
    ["a b", v4, 400],
    ["user@localhost", v4, 400],
    ["localhost/", v4, 400],
    ["localhost:port", v4, 400],
    ["localhost:123456", v4, 400],
    ["::1", v6, 400],
    ["[::1", v6, 400],
    ["localhost, evil.example", v4, 400],
    ["local\u0000host", v4, 421],
  ];
  for (const [host, local, status] of table)
    test(`${JSON.stringify(host)} at ${local.host || "a Unix socket"} is answered ${status}`, () =>
      expect(asked(host, local)).toBe(status));

  test("may be missing in HTTP/1.0 alone", () => {
    expect(outcome(() => check.checkHost(head({}, "GET", 0), { local: v4 }))).toBe(200);
    expect(outcome(() => check.checkHost(head({}), { local: v4 }))).toBe(400);
  });
});

describe("the Origin, against CSRF (CWE-352)", () => {
  const host = "chat.example:8480";
  const table: readonly (readonly [fields: Record<string, string>, status: number])[] = [
    [{}, 200],
    [{ origin: "http://chat.example:8480" }, 200],
    [{ origin: "HTTP://CHAT.example:8480" }, 200],
    [{ origin: "https://chat.example:8480" }, 200],
    [{ origin: "ws://chat.example:8480" }, 200],
    [{ origin: "wss://chat.example", host: "chat.example:443" }, 200],
    [{ origin: "ws://evil.example" }, 403],
    [{ origin: "ws://chat.example:8481" }, 403],
    [{ origin: "http://chat.example" }, 403],
    [{ origin: "http://chat.example:8481" }, 403],
    [{ origin: "http://evil.example" }, 403],
    [{ origin: "http://evil.example/chat.example:8480" }, 403],
    [{ origin: "http://chat.example:8480.evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: "" }, 403],
    [{ origin: "file://" }, 403],
    [{ origin: "chrome-extension://chat.example:8480" }, 403],
    [{ origin: "http://chat.example", host: "chat.example" }, 200],
    [{ origin: "https://chat.example", host: "chat.example:443" }, 200],
    [{ origin: "http://chat.example:80", host: "chat.example" }, 200],
    [{ "sec-fetch-site": "same-origin" }, 200],
    [{ "sec-fetch-site": "none" }, 200],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ "sec-fetch-site": "cross-site", origin: "http://chat.example:8480" }, 403],
    [{ "sec-fetch-site": "same-origin", origin: "http://evil.example" }, 403],
  ];
  for (const [fields, status] of table) {
    test(`of a POST with ${JSON.stringify(fields)} is answered ${status}`, () =>
      expect(outcome(() => check.checkOrigin(head({ host, ...fields }, "POST")))).toBe(status));
  }

  test("is refused with the Host that came, because a proxy may have made it another", () => {
    const asked = head({ host: "127.0.0.1:8480", origin: "http://chat.example" }, "POST");
    expect(() => check.checkOrigin(asked)).toThrow(
      'pages of "http://chat.example" may not do this at "127.0.0.1:8480"; a proxy in between must leave the Host as it is',
    );
  });

  test("does not matter for what changes nothing, unless it is an upgrade", () => {
    const foreign = { host, origin: "http://evil.example" };
    for (const method of ["GET", "HEAD", "OPTIONS"])
      expect(outcome(() => check.checkOrigin(head(foreign, method)))).toBe(200);
    for (const method of ["PUT", "DELETE", "MKCOL", "MOVE", "PATCH", "ANY"])
      expect(outcome(() => check.checkOrigin(head(foreign, method)))).toBe(403);
    expect(outcome(() => check.checkOrigin(head({ ...foreign, upgrade: "websocket" })))).toBe(403);
  });
});

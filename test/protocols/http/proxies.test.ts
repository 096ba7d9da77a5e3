import { expect, test } from "bun:test";
import { OtherProcess, PASSWORD } from "../../accounts/accounts.ts";
import { run } from "../../support/program.ts";
import { connect, type TcpClient } from "../../support/tcp.ts";
import { startTincan, TINCAN, type Tincan } from "../../support/tincan.ts";

const FLAGS = ["--doors", "http", "--trust-proxy", "127.0.0.1,10.0.0.0/8"];

/** A proxy of a test's own: one connection, by which requests of many go. */
class PassingOn implements Disposable {
  private constructor(readonly tcp: TcpClient) {}

  static async to(tincan: Tincan, localAddress = "127.0.0.1"): Promise<PassingOn> {
    return new PassingOn(await connect({ port: tincan.port("http"), localAddress }));
  }

  /** The status of the answer, and the code of the error if it is one. */
  async get(path: string, fields: Record<string, string> = {}): Promise<string> {
    const lines = Object.entries({ Host: "localhost", ...fields }).map(([name, value]) => `${name}: ${value}\r\n`);
    await this.tcp.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
    const head = await this.tcp.readUntil("\r\n\r\n");
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const body = (await this.tcp.readExactly(length)).toString();
    const code = /"error":\{"code":"([^"]+)"/.exec(body)?.[1];
    return `${head.slice(9, 12)}${code === undefined ? "" : ` ${code}`}`;
  }

  /** Has an answer begin that has no end. */
  async follow(fields: Record<string, string>): Promise<void> {
    const lines = Object.entries({ Host: "localhost", ...fields }).map(([name, value]) => `${name}: ${value}\r\n`);
    await this.tcp.write(`GET /api/rooms/lobby/events HTTP/1.1\r\n${lines.join("")}\r\n`);
    await this.tcp.readUntil("event: room");
  }

  [Symbol.dispose](): void {
    this.tcp[Symbol.dispose]();
  }
}

const by = (host: string) => ({ "X-Forwarded-For": host });
/** Adds an account as another process does. */
function addUser(tincan: Tincan): void {
  new OtherProcess(tincan.folder.file("state")).add("bob");
}

const known = { Authorization: `Basic ${btoa(`bob:${PASSWORD}`)}` };
async function addAnn(tincan: Tincan): Promise<void> {
  const added = await run([TINCAN, "user", "add", "ann", "--state-dir", tincan.folder.file("state")], {
    input: "a pass word\n",
  });
  expect(added.code).toBe(0);
}

const login = { Authorization: `Basic ${btoa("ann:no password")}` };

test("who asks through a trusted proxy is who it tells, and never this machine's own user", async () => {
  await using tincan = await startTincan(FLAGS);
  using proxy = await PassingOn.to(tincan);
  expect(await proxy.get("/api/status")).toBe("200");
  for (const host of ["203.0.113.9", "127.0.0.1", "unknown", "10.0.0.7"])
    expect(await proxy.get("/api/status", by(host))).toStartWith("40");
  expect(await proxy.get("/api/status", { Forwarded: 'for="[2001:db8::9]"' })).toStartWith("40");
  expect(await proxy.get("/api/status")).toBe("200");
  using stranger = await PassingOn.to(tincan, "127.0.0.2");
  expect(await stranger.get("/api/status")).toBe("200");
  // Whoever passes it on is not believed, but it is not this machine's own user either.
  expect(await stranger.get("/api/status", by("127.0.0.1"))).toBe("401 login-needed");
});

test("a login at the proxy itself is nobody's here, as long as there are no accounts", async () => {
  await using tincan = await startTincan(FLAGS);
  using proxy = await PassingOn.to(tincan);
  const get = (Authorization: string) => proxy.get("/api/me", { ...by("203.0.113.9"), Authorization });
  for (const field of [login.Authorization, "Bearer abc", 'Digest username="ann"'])
    expect(await get(field)).toBe("200");
  expect(await proxy.get("/api/me", login)).toBe("401 bad-login");
  await addAnn(tincan);
  expect(await get(login.Authorization)).toBe("403 plain-password");
});

test("a login of who only asks for another name is one here", async () => {
  await using tincan = await startTincan([...FLAGS, "--http-name", "chat.example"]);
  using client = await PassingOn.to(tincan);
  expect(await client.get("/api/me", { Host: "chat.example", ...login })).toBe("401 bad-login");
});

test("a password needs TLS between the client and the first proxy", async () => {
  await using tincan = await startTincan(FLAGS);
  await addAnn(tincan);
  using proxy = await PassingOn.to(tincan);
  const get = (proto: string) => proxy.get("/api/me", { ...by("203.0.113.9"), "X-Forwarded-Proto": proto, ...login });
  expect(await get("http")).toBe("403 plain-password");
  expect(await get("https")).toBe("401 bad-login");
});

test("a password that was right over TLS is refused without", async () => {
  await using tincan = await startTincan(FLAGS);
  using proxy = await PassingOn.to(tincan);
  addUser(tincan);
  const get = (proto: string) => proxy.get("/api/me", { ...by("203.0.113.9"), "X-Forwarded-Proto": proto, ...known });
  expect([await get("https"), await get("http"), await get("https")]).toEqual(["200", "403 plain-password", "200"]);
});

test("TLS between the proxy and the server is none of the client", async () => {
  await using tincan = await startTincan([...FLAGS, "--tls-self-signed"]);
  addUser(tincan);
  const port = tincan.ready.doors["http"]?.listeners.find(({ transport }) => transport === "tls")?.port;
  const get = async (proto: string) => {
    const headers = { ...by("203.0.113.9"), "X-Forwarded-Proto": proto, ...known };
    return (await fetch(`https://127.0.0.1:${port}/api/me`, { headers, tls: { rejectUnauthorized: false } })).status;
  };
  expect([await get("https"), await get("http")]).toEqual([200, 403]);
});

test("over TLS, too", async () => {
  await using tincan = await startTincan([...FLAGS, "--tls-self-signed"]);
  const port = tincan.ready.doors["http"]?.listeners.find(({ transport }) => transport === "tls")?.port;
  const get = async (headers: Record<string, string>) => {
    const options = { headers, tls: { rejectUnauthorized: false } };
    const { status, body } = await fetch(`https://127.0.0.1:${port}/api/status`, options);
    await body?.cancel();
    return status;
  };
  expect(await get({})).toBe(200);
  expect(await get(by("203.0.113.9"))).toBeGreaterThanOrEqual(400);
});

test("a ban is the client's, on a connection that others share", async () => {
  await using tincan = await startTincan(FLAGS);
  using proxy = await PassingOn.to(tincan);
  const ban = await run([TINCAN, "ban", "203.0.113.9", "--state-dir", tincan.folder.file("state")]);
  expect(ban.code).toBe(0);
  expect(await proxy.get("/api/me", by("203.0.113.9"))).toBe("403 banned");
  expect(await proxy.get("/api/me", by("203.0.113.10"))).toBe("200");
  expect(await proxy.get("/api/me", by("203.0.113.9, 10.0.0.7"))).toBe("403 banned");
  expect(await proxy.get("/api/me")).toBe("200");
});

test("the limit of an address is the client's whose request is answered, and none of the proxy's", async () => {
  await using tincan = await startTincan([...FLAGS, "--max-per-address", "1"]);
  using first = await PassingOn.to(tincan);
  using second = await PassingOn.to(tincan);
  using third = await PassingOn.to(tincan);
  await first.follow(by("203.0.113.9"));
  expect(await second.get("/api/me", by("203.0.113.9"))).toBe("503 busy");
  await second.follow(by("203.0.113.10"));
  expect(await third.get("/api/me", by("203.0.113.10"))).toBe("503 busy");
  expect(await third.get("/api/me", by("203.0.113.11"))).toBe("200");
  expect(await tincan.waitForEvent(({ event }) => event === "refused")).toMatchObject({ peer: "203.0.113.9" });
  first.tcp.halfClose();
  expect(await tincan.closed("203.0.113.9:0")).toMatchObject({ door: "http" });
  expect(await third.get("/api/me", by("203.0.113.9"))).toBe("200");
});

test("a connection that waits for the proxy's next request is no client's", async () => {
  await using tincan = await startTincan([...FLAGS, "--max-per-address", "1"]);
  using first = await PassingOn.to(tincan);
  using second = await PassingOn.to(tincan);
  for (let i = 0; i < 2; i++) {
    for (const proxy of [first, second]) expect(await proxy.get("/api/me", by("203.0.113.9"))).toBe("200");
  }
  const ban = await run([TINCAN, "ban", "203.0.113.9", "--state-dir", tincan.folder.file("state")]);
  expect(ban.code).toBe(0);
  expect(await first.get("/api/me", by("203.0.113.10"))).toBe("200");
});

test("the Host that was asked for is the one that the proxy tells", async () => {
  await using tincan = await startTincan([...FLAGS, "--http-name", "chat.example"]);
  using proxy = await PassingOn.to(tincan);
  const get = (host: string) => proxy.get("/api/me", { ...by("203.0.113.9"), "X-Forwarded-Host": host });
  expect(await get("chat.example")).toBe("200");
  expect(await get("evil.example")).toBe("421 wrong-host");
  const rebound = { Host: "evil.example", "X-Forwarded-Host": "chat.example" };
  expect(await proxy.get("/api/me", { ...by("203.0.113.9"), ...rebound })).toBe("421 wrong-host");
  using stranger = await PassingOn.to(tincan, "127.0.0.2");
  expect(await stranger.get("/api/me", { Host: "evil.example", "X-Forwarded-Host": "chat.example" })).toStartWith(
    "421",
  );
});

test("a PROXY header tells who has connected, and a proxy behind it is believed as well", async () => {
  await using tincan = await startTincan(FLAGS);
  using proxy = await PassingOn.to(tincan);
  await proxy.tcp.write("PROXY TCP4 203.0.113.9 10.0.0.2 4711 80\r\n");
  expect(await proxy.get("/api/status")).toStartWith("40");
  proxy.tcp.halfClose();
  await tincan.closed("203.0.113.9:4711");
  using liar = await PassingOn.to(tincan);
  await liar.tcp.write("PROXY TCP4 203.0.113.9 10.0.0.2 4712 80\r\n");
  expect(await liar.get("/api/me", by("203.0.113.10"))).toBe("200");
  liar.tcp.halfClose();
  await tincan.closed("203.0.113.9:4712");
  using behind = await PassingOn.to(tincan);
  await behind.tcp.write("PROXY TCP4 10.0.0.7 10.0.0.2 4713 80\r\n");
  expect(await behind.get("/api/me", by("203.0.113.10"))).toBe("200");
  behind.tcp.halfClose();
  // What waits for the next request is the inner proxy's again.
  await tincan.closed("10.0.0.7:4713");
});

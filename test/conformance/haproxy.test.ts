import { expect } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Page } from "../docs/markdown.ts";
import { client } from "../support/clients.ts";
import { frame, readFrame } from "../support/frames.ts";
import { type Frontend, HaProxy } from "../support/haproxy.ts";
import { LineUser } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { connect, type TcpClient } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";

const haproxy = client("haproxy");
const nc = client("nc");
const curl = client("curl");

const README = Page.read("README.md").section("Behind a proxy");
const TRUST = ["--trust-proxy", "127.0.0.1"];

const start = (...frontends: readonly Frontend[]) => HaProxy.start(haproxy.path, frontends);

const ask = async (tincan: Tincan, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await run([TINCAN, ...args, "--state-dir", tincan.folder.file("state")]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
};

/** Who is there, as the operator sees it. */
async function people(tincan: Tincan): Promise<{ name: string; host: string }[]> {
  return JSON.parse(await ask(tincan, "status", "--json")).people;
}

for (const send of ["send-proxy", "send-proxy-v2"] as const) {
  haproxy.test(`${send}: who chats through haproxy is seen, kicked and banned by the own address`, async () => {
    await using tincan = await startTincan([...TRUST, "--doors", "line"]);
    await using proxy = await start({ to: tincan.port("line"), send });
    const through = (from: string) => new Program([nc.path, "-s", from, "127.0.0.1", String(proxy.ports[0])]);
    await using five = through("127.0.0.5");
    await using six = through("127.0.0.6");
    const ann = await LineUser.at(five).isCalled("ann");
    const bob = await LineUser.at(six).isCalled("bob");
    await bob.say("hi ann");
    expect(await ann.hears(/^bob/)).toBe("bob: hi ann");
    const seen = (await people(tincan)).map(({ name, host }) => `${name} ${host}`);
    expect(seen.sort()).toEqual(["ann 127.0.0.5", "bob 127.0.0.6"]);
    expect(await ask(tincan, "kick", "127.0.0.6")).toContain("ended 1 connection");
    expect(await bob.hears("operator")).toBe("-- the operator has ended your connection");
    await ask(tincan, "ban", "127.0.0.6");
    await using again = through("127.0.0.6");
    expect(await LineUser.at(again).hears("banned")).toBe("-- you are banned here");
    expect(await ann.hears("bob left")).toBe("-- bob left (kicked)");
    await ask(tincan, "ban", "127.0.0.1");
    await using next = through("127.0.0.7");
    await LineUser.at(next).isCalled("cat");
    haproxy.exchanged(4);
  });
}

haproxy.test("the limit of an address is the real peer's, at every plain door", async () => {
  const flags = ["--max-per-address", "2", "--doors", "line,echo,framed"];
  await using tincan = await startTincan([...TRUST, ...flags]);
  const [line, echo, framed] = ["line", "echo", "framed"].map((door) => tincan.port(door));
  const ways = [line, echo, framed].map((to) => ({ to: Number(to), send: "send-proxy-v2" }) as const);
  await using proxy = await start(...ways);
  const [lineAt = 0, echoAt = 0, framedAt = 0] = proxy.ports;
  using first = await from("127.0.0.5", { port: echoAt });
  await first.write("hello\n");
  expect(await first.readLine()).toBe("HELLO");
  using second = await from("127.0.0.5", { port: framedAt });
  await second.write(frame("hello"));
  expect((await readFrame(second)).toString()).toBe("HELLO");
  using third = await from("127.0.0.5", { port: lineAt });
  expect((await third.readAll()).toString()).toBe("-- the server is full, try again later\r\n");
  using other = await from("127.0.0.6", { port: lineAt });
  expect(await other.readLine()).toContain("you are guest");
  const refused = await tincan.waitForEvent(({ event }) => event === "refused");
  expect(refused).toMatchObject({ door: "line", peer: "127.0.0.5", reason: "busy" });
  haproxy.exchanged(4);
});

haproxy.test("FTP's control connection: data comes and goes directly, AUTH TLS works behind the header", async () => {
  using folder = new TempFolder();
  const share = folder.file("share");
  mkdirSync(share);
  writeFileSync(folder.file("share/got.txt"), "from the share\n");
  const tls = ["--tls-self-signed", "--allow-upload", "--min-free", "0"];
  await using tincan = await startTincan([share, ...TRUST, ...tls, "--doors", "ftp"]);
  await using proxy = await start({ to: tincan.port("ftp"), send: "send-proxy-v2" });
  const url = `ftp://127.0.0.1:${proxy.ports[0]}`;
  const common = ["-sS", "--max-time", "20", "--interface", "127.0.0.5"];
  for (const [i, way] of [[], ["--disable-epsv"], ["-k", "--ssl-reqd"]].entries()) {
    const got = await run([curl.path, ...common, ...way, `${url}/got.txt`]);
    expect(got).toEqual({ code: 0, stdout: "from the share\n", stderr: "" });
    const put = await run([curl.path, ...common, ...way, "-T", "-", `${url}/put-${i}.txt`], {
      input: "to the share\n",
    });
    expect(put).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(`${share}/put-${i}.txt`, "utf8")).toBe("to the share\n");
  }
  const transfer = await tincan.waitForEvent(({ event }) => event === "transfer");
  expect(transfer).toMatchObject({ peer: "127.0.0.5" });
  haproxy.exchanged(6);
});

haproxy.test("a password is taken from who speaks TLS with haproxy, and from nobody else behind it", async () => {
  using folder = new TempFolder();
  const pem = withKey(folder);
  mkdirSync(folder.file("share"));
  await using tincan = await startTincan([folder.file("share"), ...TRUST, "--doors", "ftp"]);
  const to = tincan.port("ftp");
  await using proxy = await start({ to, send: "send-proxy-v2-ssl", pem }, { to, send: "send-proxy-v2-ssl" });
  const login = async (port: number | undefined, ...args: readonly string[]) => {
    const { stderr } = await run([curl.path, "-sv", "-k", ...args, "-u", "ann:secret", `127.0.0.1:${port}/`]);
    return Array.from(stderr.matchAll(/^< (530.*?)\r?$/gm), ([, reply]) => reply);
  };
  // curl takes data connections of ftps: for encrypted too, but there is no login, so none is opened.
  expect(await login(proxy.ports[0], "--ftp-pasv", "--proto-default", "ftps")).toEqual([
    "530 the name or the password is wrong",
  ]);
  expect(await login(proxy.ports[1], "--proto-default", "ftp")).toEqual([
    "530 a password is taken over TLS alone here, because others could read it on the way",
  ]);
  haproxy.exchanged(2);
});

haproxy.test("HTTP: the client is who X-Forwarded-For tells, whatever it wrote there itself", async () => {
  using folder = new TempFolder();
  const pem = withKey(folder);
  await using tincan = await startTincan([...TRUST, "--doors", "http"]);
  const state = tincan.folder.file("state");
  // Where there are no accounts a login is the proxy's own, and is not looked at.
  await run([TINCAN, "user", "add", "bob", "--state-dir", state], { input: "bobs password\n" });
  const to = tincan.port("http");
  await using proxy = await start({ to, send: "x-forwarded" }, { to, send: "x-forwarded", pem });
  const get = async (from: string, url: string, ...args: readonly string[]) => {
    const { stdout } = await run([
      curl.path,
      "-sk",
      "--interface",
      from,
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      ...args,
      url,
    ]);
    return stdout;
  };
  const [plain, secure] = [`http://127.0.0.1:${proxy.ports[0]}`, `https://127.0.0.1:${proxy.ports[1]}`];
  expect(await get("127.0.0.5", `${plain}/api/me`)).toBe("200");
  expect(await get("127.0.0.5", `${plain}/api/status`)).not.toBe("200");
  await ask(tincan, "ban", "127.0.0.5");
  expect(await get("127.0.0.5", `${plain}/api/me`)).toBe("403");
  expect(await get("127.0.0.5", `${plain}/api/me`, "-H", "X-Forwarded-For: 127.0.0.1, 127.0.0.1")).toBe("403");
  expect(await get("127.0.0.6", `${plain}/api/me`)).toBe("200");
  expect(await get("127.0.0.6", `${plain}/api/me`, "-u", "ann:no password")).toBe("403");
  expect(await get("127.0.0.6", `${secure}/api/me`, "-u", "ann:no password")).toBe("401");
  haproxy.exchanged(7);
});

haproxy.test("HTTP, set up as the README says: it is well, and a client's lies count for nothing", async () => {
  await using tincan = await startTincan([...TRUST, "--doors", "http"]);
  const [web = ""] = README.blocks("").filter((block) => block.includes("frontend web"));
  await using proxy = await HaProxy.configured(haproxy.path, (port) =>
    web.replace("bind :80", `bind 127.0.0.1:${port}`).replace("10.0.0.5:8480", `127.0.0.1:${tincan.port("http")}`),
  );
  const get = async (path: string, ...args: readonly string[]) => {
    const url = `http://127.0.0.1:${proxy.ports[0]}${path}`;
    const { stdout } = await run([curl.path, "-s", "-o", "/dev/null", "-w", "%{http_code}", ...args, url]);
    return stdout;
  };
  expect(await get("/api/me")).toBe("200");
  expect(await get("/metrics")).toBe("401");
  expect(await get("/api/me", "-H", "Host: evil.example", "-H", "X-Forwarded-Host: localhost")).toBe("421");
  const login = ["-H", "Content-Type: application/json", "-d", '{"user":"ann","password":"no password"}'];
  expect(await get("/api/login", "-H", "X-Forwarded-Proto: https", ...login)).toBe("403");
  haproxy.exchanged(4);
});

haproxy.test("nobody behind haproxy can lie about himself, and no stranger can be a proxy", async () => {
  await using tincan = await startTincan([...TRUST, "--doors", "echo"]);
  await using proxy = await start({ to: tincan.port("echo"), send: "send-proxy" });
  const lie = "PROXY TCP4 203.0.113.9 10.0.0.2 1 2\r\n";
  using liar = await from("127.0.0.5", { port: proxy.ports[0] ?? 0 });
  const { peer } = liar;
  await liar.write(lie);
  expect((await liar.readExactly(lie.length)).toString()).toBe(lie);
  liar.halfClose();
  await tincan.closed(peer);
  using stranger = await from("127.0.0.2", { port: tincan.port("echo") });
  await stranger.write(lie);
  expect((await stranger.readExactly(lie.length)).toString()).toBe(lie);
  haproxy.exchanged(2);
});

/** The test's certificate and its key in one file, as haproxy wants them. */
function withKey(folder: TempFolder): string {
  const half = (name: string) => readFileSync(resolve(import.meta.dir, "../support/tls", name), "utf8");
  writeFileSync(folder.file("both.pem"), half("localhost.crt") + half("localhost.key"));
  return folder.file("both.pem");
}

/** A client with an address of its own: all of 127.0.0.0/8 is this machine. */
function from(localAddress: string, to: { readonly port: number }): Promise<TcpClient> {
  return connect({ ...to, localAddress });
}

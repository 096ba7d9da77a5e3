import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect as connectPlain, createServer } from "node:net";
import { until, within } from "../../support/deadline.ts";
import { FtpServer, FtpUser } from "../../support/ftp.ts";
import { freeRange, isListenedOn } from "../../support/ports.ts";
import { connect } from "../../support/tcp.ts";

function gone(port: number, localAddress: string): Promise<void> {
  const stranger = connectPlain({ port, host: "127.0.0.1", localAddress });
  return within(
    new Promise<void>((resolve) => stranger.on("error", () => {}).once("close", () => resolve())),
    "the refusal",
  );
}

describe("PORT and EPRT", () => {
  test("FTP bounce (CVE-1999-0017): nothing is dialled but the client itself, from port 1024 up", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    let dialled = 0;
    const victim = createServer(() => dialled++).listen(0, "127.0.0.9");
    await new Promise((resolve) => victim.once("listening", resolve));
    const { port } = victim.address() as AddressInfo;
    await user.says(`PORT 127,0,0,9,${port >> 8},${port & 255}`, 500);
    await user.says(`EPRT |1|127.0.0.9|${port}|`, 500);
    await user.says("PORT 127,0,0,1,3,255", 500);
    await user.says("EPRT |1|127.0.0.1|22|", 500);
    await user.says(`EPRT |2|::ffff:127.0.0.9|${port}|`, 500);
    await user.says("LIST", 425);
    victim.close();
    expect(dialled).toBe(0);
  });

  test("the loopback that a proxy tells of is the proxy's: this machine's own is not dialled", async () => {
    await using server = await FtpServer.start(["--trust-proxy", "127.0.0.1"]);
    let dialled = 0;
    const victim = createServer(() => dialled++).listen(0, "127.0.0.1");
    await new Promise((resolve) => victim.once("listening", resolve));
    const { port } = victim.address() as AddressInfo;
    using tcp = await connect({ port: server.port });
    using user = new FtpUser(tcp, "127.0.0.1");
    await tcp.write("PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n");
    await user.reads(220);
    await user.says("USER anonymous", 331);
    await user.says("PASS guest", 230);
    await user.says(`PORT 127,0,0,1,${port >> 8},${port & 255}`, 500);
    await user.says(`EPRT |1|127.0.0.1|${port}|`, 500);
    await user.says("LIST", 425);
    victim.close();
    expect(dialled).toBe(0);
  });

  test("a command that fails takes back what an earlier one has set", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    await user.says("PORT 127,0,0,1,200,10", 200);
    await user.says("PORT 127,0,0,1,999,10", 501);
    await user.says("LIST", 425);
    await user.epsv();
    await user.says("PORT 1,2,3", 501);
    await user.says("LIST", 425);
    for (const bad of ["|1|127.0.0.1|", "|1|::1|5000|", "|1|127.0.0.1|70000|", "x", "|1|127.0.0.1|5000|7|"]) {
      await user.says(`EPRT ${bad}`, 501);
    }
    for (const other of ["|3|127.0.0.1|5000|", "|2|::1|5000|"]) {
      expect(await user.says(`EPRT ${other}`, 522)).toContain("(1)");
    }
    await user.epsv();
    await user.says("EPSV 2", 522);
    await user.says("LIST", 425);
    await user.says("EPSV two", 501);
  });

  test("the client is dialled when it wants data, and 425 says where it was not found", async () => {
    await using server = await FtpServer.start();
    await server.write("a.txt", "hello");
    using user = await server.guest();
    const listener = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => listener.once("listening", resolve));
    const { port } = listener.address() as AddressInfo;
    const arrived = new Promise<string>((resolve) => {
      listener.once("connection", (socket) => socket.once("data", (bytes) => resolve(bytes.toString())));
    });
    await user.says(`EPRT |1|127.0.0.1|${port}|`, 200);
    await user.says("RETR a.txt", 150);
    expect(await within(arrived, "the data")).toBe("hello");
    await user.reads(226);
    listener.close();
    await user.says(`EPRT |1|127.0.0.1|${port}|`, 200);
    expect(await user.says("RETR a.txt", 425)).toContain(`127.0.0.1 port ${port}`);
  });

  test("the client is dialled from the address that it has reached", async () => {
    await using server = await FtpServer.start(["--host", "127.0.0.2"]);
    await server.write("a.txt", "hello");
    using user = await server.guest("127.0.0.2");
    const listener = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => listener.once("listening", resolve));
    const from = new Promise((resolve) => listener.once("connection", (socket) => resolve(socket.remoteAddress)));
    await user.says(`EPRT |1|127.0.0.1|${(listener.address() as AddressInfo).port}|`, 200);
    await user.says("RETR a.txt", 150);
    expect(await within(from, "the data connection")).toBe("127.0.0.2");
    await user.reads(226);
    listener.close();
  });
});

describe("PASV and EPSV", () => {
  test("theft of a passive port: who comes from elsewhere is closed and counted, and the client is still waited for", async () => {
    await using server = await FtpServer.start();
    await server.write("a.txt", "secret");
    using user = await server.guest();
    const port = await user.epsv();
    await user.sends("RETR a.txt");
    for (let i = 0; i < 3; i++) await gone(port, "127.0.0.9");
    using data = await connect({ port });
    await user.reads(150);
    expect((await data.readAll()).toString()).toBe("secret");
    data.halfClose();
    await user.reads(226);
    const told = await server.tincan.waitForEvents(1, ({ event }) => event === "data-stranger");
    expect(told[0]?.["from"]).toStartWith("127.0.0.9:");
    expect(server.tincan.events.filter(({ event }) => event === "data-stranger")).toHaveLength(1);
  });

  test("a port takes one connection, and another PASV closes the one before", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    const first = await user.epsv();
    const second = await user.epsv();
    expect(connect({ port: first })).rejects.toThrow("ECONNREFUSED");
    using data = await connect({ port: second });
    await user.says("NLST", 150);
    expect(connect({ port: second })).rejects.toThrow("ECONNREFUSED");
    await data.readAll();
    await user.reads(226);
  });

  test("PASV announces what the client has reached, or what --passive-address says for its network", async () => {
    await using plain = await FtpServer.start();
    using user = await plain.guest();
    expect(await user.says("PASV", 227)).toMatch(/\(127,0,0,1,\d+,\d+\)/);
    const rules = "192.0.2.0/24=10.9.9.9,203.0.113.7";
    await using server = await FtpServer.start([
      "--passive-address",
      rules,
      "--passive-address",
      "127.0.0.0/8=localhost",
    ]);
    using other = await server.guest();
    expect(await other.says("PASV", 227)).toMatch(/\(127,0,0,1,/);
    await using outside = await FtpServer.start(["--passive-address", rules]);
    using third = await outside.guest();
    expect(await third.says("PASV", 227)).toMatch(/\(203,0,113,7,/);
  });

  test("over IPv6 EPSV works and PASV says so", async () => {
    await using server = await FtpServer.start();
    await server.write("six", "6");
    using user = await server.guest("::1");
    expect(await user.says("PASV", 522)).toContain("EPSV");
    await user.says("EPSV 1", 522);
    expect(await user.says("EPRT |1|127.0.0.1|5000|", 522)).toContain("(2)");
    await user.says("EPSV 2", 229);
    expect((await user.fetches("RETR six")).toString()).toBe("6");
  });

  test("EPSV ALL leaves no other way", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    await user.says("EPSV ALL", 200);
    await user.says("PASV", 503);
    await user.says("PORT 127,0,0,1,200,10", 503);
    await user.says("EPRT |1|127.0.0.1|5000|", 503);
    expect((await user.fetches("NLST")).length).toBe(0);
  });

  test("the ports are those of --passive-ports; when all are taken one is waited for, and then 425 says so", async () => {
    const first = freeRange(2);
    await using server = await FtpServer.start(["--passive-ports", `${first}-${first + 1}`]);
    using one = await server.guest();
    using two = await server.guest();
    using three = await server.guest();
    const ports = [await one.epsv(), await two.epsv()];
    expect(ports.toSorted()).toEqual([first, first + 1]);
    // A port that becomes free is given at once.
    await three.sends("EPSV");
    await one.says("ABOR", 226);
    await three.reads(229);
    await one.sends("EPSV");
    expect(await one.reads(425, 12_000)).toContain("--passive-ports");
  });

  test("a connection that is one too many is told as that", async () => {
    await using server = await FtpServer.start(["--allow-write", "--max-per-address", "1"]);
    using user = await server.guest();
    await gone(await user.epsv(), "127.0.0.1");
    expect(await user.says("NLST", 425)).toContain("too many connections");
  });

  test("of several that come at once one is taken, and the others are closed", async () => {
    await using server = await FtpServer.start();
    await server.write("a", "hello");
    using user = await server.guest();
    const port = await user.epsv();
    const before = server.tincan.fds();
    const sockets = Array.from({ length: 20 }, () => connectPlain({ port, host: "127.0.0.1" }).on("error", () => {}));
    const ends = sockets.map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
    const said = sockets.map(
      (socket) => new Promise<string>((resolve) => socket.once("data", (it) => resolve(`${it}`))),
    );
    await user.says("RETR a", 150);
    expect(await within(Promise.race(said), "the data")).toBe("hello");
    await user.reads(226);
    for (const socket of sockets) socket.end();
    await within(Promise.all(ends), "the ends");
    await until(() => server.tincan.fds() < before, "their descriptors");
  });

  test("QUIT gives the port back at once, although the client has not closed yet", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    const port = await user.epsv();
    await user.says("QUIT", 221);
    await expect(connect({ port })).rejects.toThrow();
  });

  test("without a word of where, there is no data", async () => {
    await using server = await FtpServer.start();
    using user = await server.guest();
    for (const line of ["LIST", "NLST", "MLSD", "RETR x", "STOR x"]) await user.says(line, 425);
  });
});

test("a data connection that was reset before its command came ends in a reply", async () => {
  await using server = await FtpServer.start();
  await server.write("a", "hello");
  using user = await server.guest();
  for (const line of ["RETR a", "LIST", "STOR b"]) {
    const port = await user.epsv();
    using data = await connect({ port });
    await until(() => !isListenedOn(port), "the port to be given up");
    data.reset();
    await user.says("NOOP", 200);
    await user.says(line, 150);
    await user.reads(426);
  }
  expect(await Bun.file(server.file("b")).exists()).toBe(false);
});

test.each(["127.0.0.1", "::1"])(
  "of one that was reset before it was accepted the client at %s hears at once",
  async (host) => {
    await using server = await FtpServer.start();
    using user = await server.guest(host);
    const port = await user.epsv();
    // The kernel accepts it meanwhile, and tells of both at once.
    process.kill(server.tincan.ready.pid, "SIGSTOP");
    const data = await connect({ port, host });
    data.reset();
    await user.sends("STOR x");
    process.kill(server.tincan.ready.pid, "SIGCONT");
    await user.reads(150, 5_000);
    expect(await user.reads(426)).toContain("was cut off");
    expect(readdirSync(server.share)).toEqual([]);
  },
);

test("a client that leaves takes its listener and its data connection along", async () => {
  await using server = await FtpServer.start();
  const before = server.tincan.fds();
  {
    using user = await server.guest();
    using data = await user.opens();
    await user.sends("STOR x");
    await user.reads(150);
    await data.write("half");
    using other = await server.guest();
    await other.epsv();
    other.control.reset();
    user.control.reset();
    await data.readAll().catch(() => {});
  }
  await until(
    () => server.tincan.fds() <= before,
    () => `${before} descriptors again, not ${server.tincan.fds()}`,
  );
  expect(await Bun.file(server.file("x")).exists()).toBe(false);
});

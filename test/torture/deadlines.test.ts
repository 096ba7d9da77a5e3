import { expect } from "bun:test";
import { frame } from "../support/frames.ts";
import { FtpServer } from "../support/ftp.ts";
import { RawPeer, testWithRawPeers as test } from "../support/raw-peer.ts";
import { connect } from "../support/tcp.ts";
import { content } from "../support/tree.ts";

/** A minute, and time for a busy machine. */
const A_MINUTE = 80_000;
/** More than the kernel holds for somebody who does not read. */
const BIG = 16 * 1024 * 1024;

test("what has begun must go on: half a frame, a frozen reader and transfers that stand still are given up after 60 s, a slow one is not", async () => {
  await using server = await FtpServer.start(["--allow-write", "--doors", "echo,framed,ftp,http"]);
  const { tincan } = server;
  await server.write("big.bin", content(BIG));
  const started = performance.now();
  await using frozenEcho = await RawPeer.connect(tincan.port("echo"));
  await using frozenFramed = await RawPeer.connect(tincan.port("framed"));
  await using slow = await RawPeer.connect(tincan.port("echo"));
  using half = await connect({ port: tincan.port("framed") });
  await half.write(frame("never finished").subarray(0, 9));
  using halfHead = await connect({ port: tincan.port("http") });
  await halfHead.write("GET / HTTP/1.1\r\nHost: local");
  using halfBody = await connect({ port: tincan.port("http") });
  await halfBody.write("PUT /files/half.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf");
  await using frozenHttp = await RawPeer.connect(tincan.port("http"));
  await frozenHttp.send("GET /files/big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const question = Buffer.alloc(8_192, "a");
  await slow.flood(question);
  expect((await frozenEcho.flood(question)).how).toBe("stuck");
  expect((await frozenFramed.flood(frame("a".repeat(8_188)))).how).toBe("stuck");
  using getting = await server.guest();
  await using frozenData = await RawPeer.connect(await getting.epsv());
  await getting.says("RETR big.bin", 150);
  using putting = await server.guest();
  await using silentData = await RawPeer.connect(await putting.epsv());
  await putting.says("STOR half.bin", 150);
  await silentData.send("half");
  const enough = await slow.trickle();
  const [first, second, third] = await Promise.all([
    tincan.closed(frozenEcho.peer, A_MINUTE),
    tincan.closed(frozenFramed.peer, A_MINUTE),
    tincan.closed(half.peer, A_MINUTE),
    getting.reads(426, A_MINUTE),
    putting.reads(426, A_MINUTE),
  ]);
  const { how, bytes } = await enough();
  expect(how).toBe("read");
  expect(bytes.length).toBeGreaterThan(100_000);
  expect(bytes.equals(Buffer.alloc(bytes.length, "A"))).toBe(true);
  expect([first["reason"], second["reason"], third["reason"]]).toEqual(["slow", "slow", "stall"]);
  expect((await tincan.closed(frozenHttp.peer, A_MINUTE))["reason"]).toBe("stall");
  for (const peer of [halfHead, halfBody])
    expect((await peer.readAll(A_MINUTE)).toString()).toStartWith("HTTP/1.1 408 Request Timeout\r\n");
  expect(performance.now() - started).toBeGreaterThan(55_000);
  // The sessions go on; what came is kept (SIZE tells one byte less), and what was sent was the file's beginning.
  await getting.says("NOOP", 200);
  expect(await putting.says("SIZE half.bin", 213)).toBe("213 3");
  expect(content(BIG).indexOf((await frozenData.drain()).bytes)).toBe(0);
  expect(JSON.parse((await half.readAll()).subarray(4).toString())).toMatchObject({ event: "bye" });
}, 120_000);

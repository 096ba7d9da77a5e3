import { expect } from "bun:test";
import { frame } from "../support/frames.ts";
import { RawPeer, testWithRawPeers as test } from "../support/raw-peer.ts";
import { connect } from "../support/tcp.ts";
import { startTincan } from "../support/tincan.ts";

/** A minute, and time for a busy machine. */
const A_MINUTE = 80_000;

test("what has begun must go on: half a frame and a frozen reader are given up after 60 s, a slow one is not", async () => {
  await using tincan = await startTincan(["--doors", "echo,framed"]);
  const started = performance.now();
  await using frozenEcho = await RawPeer.connect(tincan.port("echo"));
  await using frozenFramed = await RawPeer.connect(tincan.port("framed"));
  await using slow = await RawPeer.connect(tincan.port("echo"));
  using half = await connect({ port: tincan.port("framed") });
  await half.write(frame("never finished").subarray(0, 9));
  const question = Buffer.alloc(8_192, "a");
  await slow.flood(question);
  expect((await frozenEcho.flood(question)).how).toBe("stuck");
  expect((await frozenFramed.flood(frame("a".repeat(8_188)))).how).toBe("stuck");
  const enough = await slow.trickle();
  const [first, second, third] = await Promise.all([
    tincan.closed(frozenEcho.peer, A_MINUTE),
    tincan.closed(frozenFramed.peer, A_MINUTE),
    tincan.closed(half.peer, A_MINUTE),
  ]);
  const { how, bytes } = await enough();
  expect(how).toBe("read");
  expect(bytes.length).toBeGreaterThan(100_000);
  expect(bytes.equals(Buffer.alloc(bytes.length, "A"))).toBe(true);
  expect([first["reason"], second["reason"], third["reason"]]).toEqual(["slow", "slow", "stall"]);
  expect(performance.now() - started).toBeGreaterThan(55_000);
  expect(JSON.parse((await half.readAll()).subarray(4).toString())).toMatchObject({ event: "bye" });
}, 120_000);

import { expect, test } from "bun:test";
import fc from "fast-check";
import { Blocklist, canonicalNetwork } from "../../src/net/blocklist.ts";
import { isOf, parseNetwork } from "../../src/net/by-network.ts";
import { HandClock } from "../support/hand-clock.ts";
import { connect } from "../support/tcp.ts";
import { TestDoor } from "./test-door.ts";

const forGood = (network: string) => ({ network, until: null });

test.each([
  ["10.0.0.5", "10.0.0.5", true],
  ["10.0.0.5", "10.0.0.6", false],
  ["10.0.0.5", "::ffff:10.0.0.5", true],
  ["::ffff:10.0.0.5", "10.0.0.5", true],
  ["10.1.2.3/8", "10.200.0.1", true],
  ["10.0.0.0/9", "10.128.0.1", false],
  ["0.0.0.0/0", "192.0.2.1", true],
  ["0.0.0.0/0", "::1", false],
  ["2001:db8::/64", "2001:db8::1:2:3:4", true],
  ["2001:db8::/63", "2001:db8:0:2::1", false],
  ["2001:db8::5", "2001:db8:0::5", true],
  ["::/0", "10.0.0.1", false],
  ["10.0.0.5", "", false],
  ["no network", "10.0.0.5", false],
])("with %p kept out, %p is refused: %p", (network, host, refused) => {
  const blocklist = new Blocklist(new HandClock());
  blocklist.replace([forGood(network), forGood("192.0.2.200")]);
  expect(blocklist.refuses(host)).toBe(refused);
});

test("it agrees with the comparison of networks one by one", () => {
  const v4 = fc.ipV4();
  const v6 = fc.ipV6();
  const network = fc.oneof(
    fc.tuple(v4, fc.nat(32)).map(([address, bits]) => `${address}/${bits}`),
    fc.tuple(v6, fc.nat(128)).map(([address, bits]) => `${address}/${bits}`),
  );
  fc.assert(
    fc.property(fc.array(network, { maxLength: 8 }), fc.oneof(v4, v6), (networks, host) => {
      const blocklist = new Blocklist(new HandClock());
      blocklist.replace(networks.map(forGood));
      const parsed = networks.flatMap((text) => parseNetwork(text) ?? []);
      expect(blocklist.refuses(host)).toBe(parsed.some((each) => isOf(each, host)));
    }),
  );
});

test("a ban ends in its time, and the list is replaced as a whole", () => {
  const clock = new HandClock();
  const blocklist = new Blocklist(clock);
  blocklist.replace([{ network: "10.0.0.5", until: clock.now() + 1000 }]);
  expect(blocklist.refuses("10.0.0.5")).toBe(true);
  clock.move(1000);
  expect(blocklist.refuses("10.0.0.5")).toBe(false);
  blocklist.replace([forGood("10.0.0.6")]);
  blocklist.replace([]);
  expect([blocklist.empty, blocklist.refuses("10.0.0.6")]).toEqual([true, false]);
});

test.each([
  ["10.1.2.3/8", "10.0.0.0/8"],
  ["10.1.2.3/32", "10.1.2.3"],
  ["::ffff:10.1.2.3", "10.1.2.3"],
  ["::ffff:10.1.2.3/104", "10.0.0.0/8"],
  ["2001:DB8:0::5/64", "2001:db8::/64"],
  ["2001:db8::5", "2001:db8::5"],
  ["10.0.0.0/33", null],
  ["example.com", null],
  ["0x7f000001", null],
  ["", null],
])("%p is written %p", (text, written) => {
  expect(canonicalNetwork(text)).toBe(written);
});

test("who is banned while connected is ended with a reason, and not let in again; others stay", async () => {
  await using door = await TestDoor.open((conn) => ({
    onData: (chunk) => void conn.send(chunk),
    farewell: (why) => Buffer.from(`bye, ${why.kind}`),
  }));
  using client = await connect({ port: door.port });
  await door.connection(0);
  door.runtime.block([forGood("127.0.0.0/8")]);
  // Told again of the same: the last words are still on their way.
  door.runtime.block([forGood("127.0.0.0/8")]);
  expect((await client.readAll()).toString()).toBe("bye, banned");
  client.halfClose();
  expect(await door.ending()).toEqual({ kind: "banned" });
  // It may be closed before the client knows that it was open.
  await connect({ port: door.port }).then(
    (again) => again.closed,
    () => {},
  );
  expect(door.door.stats()).toMatchObject({ accepted: 1, refused: 1 });
  door.runtime.block([forGood("10.0.0.0/8")]);
  using welcome = await connect({ port: door.port });
  await welcome.write("hello");
  await welcome.readExactly(5);
  door.runtime.block([forGood("10.0.0.0/8"), forGood("192.0.2.1")]);
  await welcome.write("still");
  expect((await welcome.readExactly(5)).toString()).toBe("still");
  expect(door.log).toContainEqual({ event: "refused", fields: expect.objectContaining({ reason: "banned" }) });
});

import { describe, expect, test } from "bun:test";
import { DatagramGuard, type GuardOptions } from "../../src/net/udp-guard.ts";
import { broadcastAddresses } from "../../src/net/udp-source.ts";

function guard(o: Partial<GuardOptions> = {}): DatagramGuard {
  return new DatagramGuard({
    loopbackOnly: false,
    ownPorts: new Set([8407]),
    perSecond: 1000,
    refuses: () => false,
    ...o,
  });
}

describe("ports", () => {
  test("below 1024 are not answered, 0 included", () => {
    for (const port of [0, 1, 7, 19, 53, 123, 1023]) expect(guard().refuse("127.0.0.1", port, 0)).toBe("low-port");
    expect(guard().refuse("127.0.0.1", 1024, 0)).toBeNull();
  });

  test("of our own are not answered, on any address", () => {
    for (const host of ["127.0.0.1", "192.0.2.9", "::1"]) expect(guard().refuse(host, 8407, 0)).toBe("own-port");
    expect(guard().refuse("127.0.0.1", 8408, 0)).toBeNull();
  });
});

describe("addresses", () => {
  test.each(["255.255.255.255", "224.0.0.1", "239.1.2.3", "0.0.0.0", "::", "ff02::1", "::ffff:224.0.0.1"])(
    "%s is not answered",
    (host) => {
      expect(guard().refuse(host, 5000, 0)).toBe("address");
    },
  );

  test("the broadcast addresses of this machine's networks are not answered", () => {
    const addresses = [...broadcastAddresses()];
    expect(addresses).toContain("127.255.255.255");
    for (const host of addresses) expect(guard().refuse(host, 5000, 0)).toBe("address");
  });

  test.each(["192.0.2.9", "198.51.100.1", "2001:db8::9", "fe80::1%eth0"])("%s is answered only if allowed", (host) => {
    expect(guard({ loopbackOnly: true }).refuse(host, 5000, 0)).toBe("not-allowed");
    expect(guard().refuse(host, 5000, 0)).toBeNull();
  });

  test.each(["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])("%s is always answered", (host) => {
    expect(guard({ loopbackOnly: true }).refuse(host, 5000, 0)).toBeNull();
  });
});

describe("the rate", () => {
  test("is 1,000 a second for a source, whatever its ports", () => {
    const guarded = guard();
    for (let i = 0; i < 1000; i++) expect(guarded.refuse("192.0.2.9", 5000 + i, 0)).toBeNull();
    expect(guarded.refuse("192.0.2.9", 5000, 0)).toBe("rate");
    expect(guarded.refuse("192.0.2.10", 5000, 0)).toBeNull();
    expect(guarded.refuse("192.0.2.9", 5000, 1000)).toBeNull();
  });

  test("counts an IPv6 /64 as one source, and a mapped address as the IPv4 one", () => {
    const guarded = guard({ perSecond: 1 });
    expect(guarded.refuse("2001:db8:1:2::1", 5000, 0)).toBeNull();
    expect(guarded.refuse("2001:db8:1:2:3:4:5:6", 5000, 0)).toBe("rate");
    expect(guarded.refuse("2001:db8:1:3::1", 5000, 0)).toBeNull();
    expect(guarded.refuse("192.0.2.9", 5000, 0)).toBeNull();
    expect(guarded.refuse("::ffff:192.0.2.9", 5000, 0)).toBe("rate");
  });

  test("does not count the loopback", () => {
    const guarded = guard({ perSecond: 1 });
    for (let i = 0; i < 100; i++) expect(guarded.refuse("127.0.0.1", 5000, 0)).toBeNull();
    expect(guarded.exceeds("127.0.0.1", 0)).toBe(false);
  });
});

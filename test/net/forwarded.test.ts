import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseNetwork } from "../../src/net/by-network.ts";
import { forwardedPeer } from "../../src/net/forwarded.ts";
import { TrustedProxies } from "../../src/net/trusted-proxies.ts";

const trusted = new TrustedProxies(["127.0.0.1", "10.0.0.0/8", "fd00::/8"].flatMap((text) => parseNetwork(text) ?? []));
const PROXY = "10.0.0.2";

function peer(headers: Record<string, string>, socketHost = PROXY) {
  return forwardedPeer(new Headers(headers), socketHost, trusted);
}
const told = (host: string, more: object = {}) => ({ host, proxied: true, encrypted: false, ...more });

describe("from an address that is not trusted", () => {
  test.each([
    { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "x-forwarded-host": "evil.example" },
    { forwarded: "for=203.0.113.9;proto=https;host=evil.example" },
  ])("nothing is believed: %p", (headers) => {
    const direct = { host: "192.0.2.1", proxied: false, encrypted: false };
    expect(peer(headers, "192.0.2.1")).toEqual(direct);
    expect(peer(headers, "")).toEqual({ ...direct, host: "" });
  });
});

test("a trusted address that says nothing is the client itself", () => {
  expect(peer({})).toEqual({ host: PROXY, proxied: false, encrypted: false });
  expect(peer({ "x-forwarded-proto": "https" })).toEqual({ host: PROXY, proxied: false, encrypted: false });
});

describe("X-Forwarded-For", () => {
  test.each([
    ["203.0.113.9", "203.0.113.9"],
    ["203.0.113.9:4711", "203.0.113.9"],
    ["2001:db8::9", "2001:db8::9"],
    ["[2001:DB8::9]:4711", "2001:db8::9"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    // What the client wrote itself stands on the left.
    ["198.51.100.1, 203.0.113.9", "203.0.113.9"],
    ["127.0.0.1,203.0.113.9", "203.0.113.9"],
    ['", 203.0.113.9', "203.0.113.9"],
    // Proxies behind proxies.
    ["203.0.113.9, 10.0.0.7", "203.0.113.9"],
    ["198.51.100.1, 203.0.113.9, 10.0.0.7, fd00::3", "203.0.113.9"],
    ["10.0.0.9, 10.0.0.7", "10.0.0.9"],
    // Told to be here, which makes it nobody's friend: `proxied` says so.
    ["127.0.0.1", "127.0.0.1"],
    [", ,203.0.113.9, ,", "203.0.113.9"],
    // No address: it is somebody behind the proxy that says so.
    ["unknown", PROXY],
    ["203.0.113.9, unknown", PROXY],
    ["203.0.113.9, unknown, 10.0.0.7", "10.0.0.7"],
    ["203.0.113.256", PROXY],
    ["0x7f.1", PROXY],
    ["fe80::1%eth0", PROXY],
    ["", PROXY],
    ["\u00e9\u00ff", PROXY],
  ])("%p is %s", (header, host) => {
    expect(peer({ "x-forwarded-for": header })).toEqual(told(host));
  });

  test("stops after 32 proxies", () => {
    const list = ["203.0.113.9", ...Array.from({ length: 40 }, (_, i) => `10.0.1.${i}`)].join();
    expect(peer({ "x-forwarded-for": list }).host).toBe("10.0.1.8");
  });

  test.each([
    ["203.0.113.9", "https", true],
    ["203.0.113.9", "HTTPS", true],
    ["203.0.113.9", "wss", true],
    ["203.0.113.9", "http", false],
    ["203.0.113.9", "https, http", false],
    ["203.0.113.9, 10.0.0.7", "https, http", true],
    ["203.0.113.9, 10.0.0.7", "https", true],
    ["203.0.113.9, 10.0.0.7", "http, https", false],
    ["203.0.113.9", "httpsx", false],
    ["203.0.113.9", "", false],
  ])("%p with X-Forwarded-Proto %p: encrypted is %p", (header, proto, encrypted) => {
    expect(peer({ "x-forwarded-for": header, "x-forwarded-proto": proto }).encrypted).toBe(encrypted);
  });

  test.each([
    ["chat.example", "chat.example"],
    ["chat.example:8443", "chat.example:8443"],
    ["[2001:db8::1]:80", "[2001:db8::1]:80"],
    ["evil.example, chat.example", "chat.example"],
    ["<script>", undefined],
    ["a b", undefined],
    ["user@chat.example", undefined],
  ])("X-Forwarded-Host %p is %p", (header, host) => {
    expect(peer({ "x-forwarded-for": "203.0.113.9", "x-forwarded-host": header }).hostHeader).toBe(host);
  });
});

describe("Forwarded", () => {
  test.each([
    ["for=203.0.113.9", told("203.0.113.9")],
    ["For=203.0.113.9;Proto=https", told("203.0.113.9", { encrypted: true })],
    ["for=203.0.113.9; proto=https", told("203.0.113.9", { encrypted: true })],
    ['for="203.0.113.9:4711";by=10.0.0.2', told("203.0.113.9")],
    ['for="[2001:db8::9]:4711"', told("2001:db8::9")],
    ['for="\\203.0.113.9";host="chat.example:8443"', told("203.0.113.9", { hostHeader: "chat.example:8443" })],
    ["for=198.51.100.1;proto=https, for=203.0.113.9", told("203.0.113.9")],
    ["for=203.0.113.9;proto=https, for=10.0.0.7;proto=http", told("203.0.113.9", { encrypted: true })],
    // An open quote of the client's does not swallow what the proxy has added.
    ['for="198.51.100.1, for=203.0.113.9', told("203.0.113.9")],
    ['for="\\, for=203.0.113.9', told("203.0.113.9")],
    [",,;;==, for=203.0.113.9", told("203.0.113.9")],
    ['for="_a,b", for=10.0.0.7', told("10.0.0.7")],
    ["for=unknown;proto=https", told(PROXY, { encrypted: true })],
    ["for=_hidden", told(PROXY)],
    ["for=203.0.113.9, for=_hidden, for=10.0.0.7", told("10.0.0.7")],
    ["proto=https", told(PROXY, { encrypted: true })],
    ["for=203.0.113.9;for=198.51.100.1", told(PROXY)],
    ["for=203.0.113.9 proto=https", told(PROXY)],
    ["for =203.0.113.9", told(PROXY)],
    ["203.0.113.9", told(PROXY)],
    ["for=", told(PROXY)],
    ["", told(PROXY)],
  ])("%s", (header, expected) => {
    expect(peer({ forwarded: header })).toEqual(expected);
  });

  test("does not count beside X-Forwarded-For", () => {
    expect(peer({ forwarded: "for=198.51.100.1;proto=https", "x-forwarded-for": "203.0.113.9" })).toEqual(
      told("203.0.113.9"),
    );
  });
});

test("nothing that stands to the left of what a trusted proxy has added makes a difference", () => {
  const junk = fc.string({ unit: fc.constantFrom(...'",;=\\ \tfor1.:[]_'), maxLength: 60 });
  fc.assert(
    fc.property(junk, (left) => {
      expect(peer({ forwarded: `${left},for=203.0.113.9;proto=https` })).toEqual(
        told("203.0.113.9", { encrypted: true }),
      );
      expect(peer({ "x-forwarded-for": `${left},203.0.113.9` })).toEqual(told("203.0.113.9"));
    }),
  );
});

test("whatever a header is, the answer is an address, soon", () => {
  const any = fc.string({ unit: fc.constantFrom(...'",;=\\ for1.:[]_x'), maxLength: 200 });
  fc.assert(
    fc.property(any, (text) => {
      for (const name of ["forwarded", "x-forwarded-for"]) expect(peer({ [name]: text }).host).toMatch(/^[\d.a-f:]+$/);
    }),
  );
  const began = performance.now();
  for (const piece of ['"', "\\", '\\"', ",", "10.0.0.1,", 'for="', "a=b;", " "]) {
    const header = piece.repeat(100_000);
    for (const name of ["forwarded", "x-forwarded-for"]) peer({ [name]: header });
  }
  expect(performance.now() - began).toBeLessThan(5_000);
});

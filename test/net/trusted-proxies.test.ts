import { expect, test } from "bun:test";
import { OptionError } from "../../src/config/option.ts";
import { proxyNetworks, TrustedProxies } from "../../src/net/trusted-proxies.ts";

const option = proxyNetworks("who");

test("trusts nobody who was not named", () => {
  for (const host of ["127.0.0.1", "::1", "10.0.0.5", ""]) expect(new TrustedProxies().trusts(host)).toBe(false);
  expect(option.default).toEqual([]);
});

test("trusts addresses and networks, however IPv4 is written", () => {
  const proxies = new TrustedProxies(option.parse("10.0.0.5, 192.0.2.0/24,,fd00::/8"));
  for (const host of ["10.0.0.5", "::ffff:10.0.0.5", "192.0.2.1", "192.0.2.255", "fd12::1"])
    expect([host, proxies.trusts(host)]).toEqual([host, true]);
  for (const host of ["10.0.0.6", "192.0.3.0", "127.0.0.1", "::1", "fe80::1", "", "proxied 10.0.0.5", "nonsense"])
    expect([host, proxies.trusts(host)]).toEqual([host, false]);
});

test.each(["proxy.example", "10.0.0.0/33", "10.0.0", "1.2.3.4/", "::/129", "unix:"])("refuses %s", (text) => {
  expect(() => option.parse(`10.0.0.1,${text}`)).toThrow(OptionError);
  expect(() => option.parse(text)).toThrow(`"${text}" is not an address or a network; try 10.0.0.5 or 10.0.0.0/8`);
});

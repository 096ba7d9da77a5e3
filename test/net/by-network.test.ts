import { describe, expect, test } from "bun:test";
import { OptionError } from "../../src/config/option.ts";
import { ByNetwork, perNetwork } from "../../src/net/by-network.ts";

const option = perNetwork("", {
  arg: "N",
  shown: "none",
  parseValue(text) {
    if (!/^\d+$/.test(text)) throw new OptionError(`"${text}" is not a number`);
    return Number(text);
  },
});

function rules(...texts: readonly string[]): ByNetwork<number> {
  return new ByNetwork(texts.flatMap((text) => option.parse(text)));
}

describe("the value for a peer", () => {
  const some = rules("10.0.0.0/8=1,192.168.1.7=2", "fd00::/8=3", "10.1.0.0/16=4", "5");

  test.each([
    ["10.1.2.3", 1],
    ["::ffff:10.1.2.3", 1],
    ["192.168.1.7", 2],
    ["192.168.1.8", 5],
    ["fd12::1", 3],
    ["fe80::1%eth0", 5],
    ["11.0.0.1", 5],
    ["", 5],
    ["not an address", 5],
  ])("%p has %p: the first network counts, and who is in none has what everybody has", (host, value) => {
    expect(some.of(host)).toBe(value);
  });

  test.each<[string, string, number | null]>([
    ["10.0.0.0/8=1", "11.0.0.1", null],
    ["10.0.0.0/8=0", "10.0.0.1", 0],
    ["0.0.0.0/0=1", "8.8.8.8", 1],
    ["0.0.0.0/0=1", "2001:db8::1", null],
    ["::/0=1", "2001:db8::1", 1],
    ["::/0=1", "8.8.8.8", null],
    ["::ffff:10.0.0.0/104=1", "10.9.9.9", 1],
    ["::1=1", "::1", 1],
    ["10.1.2.3/8 = 1", "10.9.9.9", 1],
    ["10.0.0.0/31=1", "10.0.0.1", 1],
    ["10.0.0.0/31=1", "10.0.0.2", null],
    ["", "10.0.0.1", null],
    [",", "10.0.0.1", null],
    ["1,2", "10.0.0.1", 1],
  ])("of %p for %s", (text, host, value) => {
    expect(rules(text).of(host)).toBe(value);
  });
});

test.each([
  ["10.0.0.0/33=1", "10.0.0.0/33"],
  ["10.0.0/8=1", "10.0.0/8"],
  ["10/8=1", "10/8"],
  ["0x0a.0.0.0/8=1", "0x0a.0.0.0/8"],
  ["10.0.0.0/=1", "10.0.0.0/"],
  ["10.0.0.0/-1=1", "10.0.0.0/-1"],
  ["10.0.0.0/8/8=1", "10.0.0.0/8/8"],
  ["::/129=1", "::/129"],
  ["office=1", "office"],
  ["=1", ""],
])("%p names no network", (text, place) => {
  expect(() => option.parse(text)).toThrow(new OptionError(`"${place}" is not a network; try 10.0.0.0/8=N`));
});

test.each(["x", "10.0.0.0/8=x", "1,x"])("%p has no value", (text) => {
  expect(() => option.parse(text)).toThrow(new OptionError('"x" is not a number'));
});

import { describe, expect, test } from "bun:test";
import { formatAddress, parseAddress } from "../../../src/client/files/address.ts";

const read = (text: string, tls = false) => {
  const { target, path, pattern: _, ...rest } = parseAddress(text, tls ? { tls } : {});
  return { where: `${target.host} ${target.port} ${path}`, ...rest };
};
const plain = { tls: false, user: null, folder: false };

test.each(["ftp://host/a", "https://host/a"])("%s is no address of ours, and that is said", (text) => {
  expect(() => parseAddress(text, {})).toThrow(`"${text}" is for "tincan get" or a browser; write HOST/PATH`);
});

describe("an address", () => {
  test.each([
    ["localhost", { where: "localhost 8400 /", ...plain, folder: true }],
    ["localhost/", { where: "localhost 8400 /", ...plain, folder: true }],
    ["10.0.0.5:9000/a/b.txt", { where: "10.0.0.5 9000 /a/b.txt", ...plain }],
    ["[::1]:8400/x", { where: "::1 8400 /x", ...plain }],
    ["[::1]/x//y/", { where: "::1 8400 /x/y", ...plain, folder: true }],
    ["ann@host/x@y", { where: "host 8400 /x@y", ...plain, user: "ann" }],
    ["host/100%25 a+b?c#d", { where: "host 8400 /100%25 a+b?c#d", ...plain }],
    ["host/a\u0308", { where: "host 8400 /ä", ...plain }],
    ["tincan://host/100%25%20a+b%3Fc", { where: "host 8400 /100% a+b?c", ...plain }],
    ["tincan://[::1]:9/%E7%85%A7", { where: "::1 9 /照", ...plain }],
    ["tincans://an%6E@host/x", { where: "host 8401 /x", tls: true, user: "ann", folder: false }],
  ])("%s", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    ["host/a*?[b]{c}", "/a*?[b]{c}"],
    ["host/a%2A", null],
    ["tincan://host/a*", "/a*"],
    ["tincan://host/a%2a%3F%5B%5d%7B%7D.txt", null],
    ["tincan://host/a%2A/*%20b", "/a\\*/* b"],
    ["tincan://host/plain", null],
  ])("%s: only what was not encoded is a wildcard", (text, pattern) => {
    expect(parseAddress(text, {}).pattern).toBe(pattern);
  });

  test("with --tls has the port of TLS", () => {
    expect(read("host/x", true)).toEqual({ where: "host 8401 /x", ...plain, tls: true });
  });

  test.each([
    ["/x", 'there is no host in "/x"'],
    ["@host/x", "no name before the @"],
    ["ann:secret@host/x", "a password does not belong into a command line"],
    ["host/a/../b", 'there is no ".." in a path'],
    ["host/a\\b", "in a path"],
    ["host/a\nb", 'there is no "a\\x0ab" in a path'],
    ["tincan://host/%2e%2e/x", 'there is no ".." in a path'],
    ["tincan://host/a%2fb", "not percent-encoded"],
    ["tincan://host/100%", "not percent-encoded"],
    ["host:99999/x", '"99999" is not a port'],
  ])("%j is none, and the password of none is told", (text, sentence) => {
    const read = () => parseAddress(text, {});
    expect(read).toThrow(sentence);
    expect(read).not.toThrow("secret");
  });

  test("is named as it was given, with the port where it is not the usual one", () => {
    const named = ["ann@host/x", "host:9/x", "[::1]/a b", "host/"].map((text) => formatAddress(parseAddress(text, {})));
    expect(named).toEqual(["ann@host/x", "host:9/x", "[::1]/a b", "host/"]);
  });
});

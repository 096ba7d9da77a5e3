import { describe, expect, test } from "bun:test";
import { isLoopback } from "../../src/net/address.ts";

describe("the loopback", () => {
  for (const host of ["127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1"]) {
    test(`is ${host}`, () => expect(isLoopback(host)).toBe(true));
  }
  for (const host of ["", "128.0.0.1", "::2", "localhost", "127.example.org", "127.0.0.1.example.org", "127."]) {
    test(`is not ${host === "" ? "nothing" : host}`, () => expect(isLoopback(host)).toBe(false));
  }
});

import { expect, test } from "bun:test";
import { coreOptions } from "../../src/config.ts";

test("an address to listen on may stand in the brackets that it has in front of a port", () => {
  expect(coreOptions.host.parse("127.0.0.1, [::1],::")).toEqual(["127.0.0.1", "::1", "::"]);
});

import { expect, test } from "bun:test";
import { charsetOf } from "../../src/bytes/charset.ts";
import { OptionError } from "../../src/config/option.ts";
import { ByNetwork } from "../../src/net/by-network.ts";
import { charsetOption } from "../../src/net/charset-option.ts";

test("a charset by network", () => {
  const charsets = new ByNetwork(charsetOption("").parse("10.0.0.0/8=GBK, koi8-r"));
  expect(charsets.of("10.0.0.1")).toBe(charsetOf("gbk"));
  expect(charsets.of("127.0.0.1")).toBe(charsetOf("koi8-r"));
});

test("one that there is not is refused with those that there are", () => {
  expect(() => charsetOption("").parse("10.0.0.0/8=gkb")).toThrow(OptionError);
  expect(() => charsetOption("").parse("gkb")).toThrow(/^"gkb" is not one of utf-8, gbk, gb18030, big5, /);
});

import { expect, test } from "bun:test";
import { withoutFlags } from "../../../../protocols/ftp/listing/flags.ts";

test.each([
  ["", ""],
  ["-al", ""],
  ["-la photos", "photos"],
  ["-a -l my photos", "my photos"],
  ["-1 *.txt", "*.txt"],
  ["-- -odd", "-odd"],
  ["--", ""],
  ["-al -- -odd", "-odd"],
  ["-- -- x", "-- x"],
  ["-", "-"],
  ["-odd.txt", "-odd.txt"],
  ["-a/b", "-a/b"],
  ["photos -al", "photos -al"],
  ["-l  two spaces", " two spaces"],
])("%p is %p", (argument, path) => {
  expect(withoutFlags(argument)).toBe(path);
});

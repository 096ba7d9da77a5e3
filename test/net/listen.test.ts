import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { listen } from "../../src/net/listen.ts";
import { TempFolder } from "../support/temp.ts";

const refusal = (unix: string): string => {
  try {
    listen({ unix }, { open() {} }).stop();
  } catch (error) {
    return String(error);
  }
  return "none";
};

test("a path that cannot be a Unix socket is refused with the reason that is true", () => {
  using folder = new TempFolder();
  const file = folder.file("paper.txt");
  writeFileSync(file, "");
  expect(refusal(file)).toBe(`ListenError: ${file} is there already and no socket`);
  expect(refusal(`${file}/socket`)).toBe(`ListenError: cannot listen on ${file}/socket: its folder holds no sockets`);
  expect(refusal(`${file}.d/socket`)).toBe(`ListenError: the folder of ${file}.d/socket does not exist`);
});

test("a path that is too long for a Unix socket is refused with the length that is not", () => {
  using folder = new TempFolder();
  expect(refusal(folder.file("x").padEnd(107, "x"))).toBe("none");
  const long = folder.file("x".repeat(200));
  expect(refusal(long)).toBe(`ListenError: ${long} is too long for a Unix socket; take at most 107 bytes`);
});

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load, type Sources } from "../../src/config/load.ts";
import { count, flag, list, optional, size, text } from "../../src/config/option.ts";
import { CommandError } from "../../src/exit.ts";

const folder = mkdtempSync(join(tmpdir(), "tincan-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const table = {
  maxFrame: size("", 1024),
  chatRate: count("", 10, { max: 50 }),
  allowUdp: flag(""),
  host: list("", ["127.0.0.1"]),
  config: optional(text("", "", "FILE"), "none"),
};

function read(sources: Partial<Sources>) {
  return load(table, { flags: {}, env: {}, ...sources });
}

function file(content: string): string {
  const path = join(folder, "tincan.toml");
  writeFileSync(path, content);
  return path;
}

function refusal(sources: Partial<Sources>): { code: number; message: string } {
  try {
    read(sources);
  } catch (error) {
    if (error instanceof CommandError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("nothing was refused");
}

test("without anything there are the defaults", () => {
  const { values, origin } = read({});
  expect(values).toEqual({ maxFrame: 1024, chatRate: 10, allowUdp: false, host: ["127.0.0.1"], config: null });
  expect(origin("maxFrame")).toBe("default");
});

test("a flag wins over the environment, the environment over the file, the file over the default", () => {
  const config = file('max-frame = "3k"\nchat-rate = 3\nallow-udp = true\n');
  const env = { TINCAN_MAX_FRAME: "2k", TINCAN_CHAT_RATE: "2" };
  const { values, origin } = read({ flags: { maxFrame: "1k", config }, env });
  expect(values).toMatchObject({ maxFrame: 1024, chatRate: 2, allowUdp: true, host: ["127.0.0.1"] });
  const origins = (["maxFrame", "chatRate", "allowUdp", "host"] as const).map(origin);
  expect(origins).toEqual(["flag", "environment", "file", "default"]);
});

test("the file may be named by the environment", () => {
  expect(read({ env: { TINCAN_CONFIG: file("chat-rate = 7") } }).values.chatRate).toBe(7);
});

test("repeated values are joined in every source", () => {
  expect(read({ flags: { host: ["::1", "10.0.0.1,10.0.0.2"] } }).values.host).toEqual(["::1", "10.0.0.1", "10.0.0.2"]);
  expect(read({ env: { TINCAN_HOST: "::1,10.0.0.1" } }).values.host).toEqual(["::1", "10.0.0.1"]);
  expect(read({ flags: { config: file('host = ["::1", "10.0.0.1"]') } }).values.host).toEqual(["::1", "10.0.0.1"]);
});

test("a wrong flag is a wrong use, and the sentence starts with the flag", () => {
  expect(refusal({ flags: { maxFrame: "12x" } })).toEqual({
    code: 64,
    message: '--max-frame "12x" is not a size; try 64KiB or 1MiB',
  });
});

test("a wrong variable is a wrong configuration, named as it is in the environment", () => {
  expect(refusal({ env: { TINCAN_CHAT_RATE: "51" } })).toEqual({
    code: 78,
    message: 'TINCAN_CHAT_RATE "51" is not a whole number from 0 to 50',
  });
});

test("a wrong value in the file is told with its line", () => {
  const config = file('# limits\nchat-rate = 5\n\nmax-frame = "12x"\n');
  expect(refusal({ flags: { config } })).toEqual({
    code: 78,
    message: `${config}, line 4: max-frame "12x" is not a size; try 64KiB or 1MiB`,
  });
});

test.each([
  ['\nmax-frme = "1k"', 2, '"max-frme"', "; did you mean max-frame"],
  ["[chat-rate-limits]\nx = 1", 1, '"chat-rate-limits"', ""],
  ["colour = true", 1, '"colour"', ""],
  ['config = "other.toml"', 1, '"config"', ""],
])("an unknown key of %p is an error that names the nearest one", (content, line, name, meant) => {
  const config = file(content);
  const message = `${name} in ${config}, line ${line} is not a setting${meant}`;
  expect(refusal({ flags: { config } })).toEqual({ code: 78, message });
});

test("TOML that does not parse is told with line and column", () => {
  const config = file("chat-rate = 5\nmax-frame = = 3\n");
  const { code, message } = refusal({ flags: { config } });
  expect(code).toBe(78);
  expect(message).toStartWith(`${config}, line 2, column `);
  expect(message).not.toContain("\n");
});

test("values that no option can have are refused with their line", () => {
  const config = file("chat-rate = 5\nmax-frame = 2026-01-01\n");
  expect(refusal({ flags: { config } }).message).toStartWith(`${config}, line 2: max-frame is not a text`);
  expect(refusal({ flags: { config: file("chat-rate = [1, 2]") } }).message).toEndWith(
    "line 1: chat-rate takes one value",
  );
});

test("a file that is not there is a configuration error", () => {
  expect(refusal({ flags: { config: join(folder, "nowhere.toml") } })).toEqual({
    code: 78,
    message: `the configuration file "${join(folder, "nowhere.toml")}" cannot be read: there is no such file`,
  });
});

test("a misspelt variable is an error, a stranger's is not", () => {
  expect(refusal({ env: { TINCAN_MAX_FRAMES: "1k" } })).toEqual({
    code: 78,
    message: "TINCAN_MAX_FRAMES in the environment is not a setting; did you mean TINCAN_MAX_FRAME",
  });
  expect(read({ env: { TINCAN_REQUIRE_CLIENTS: "1", HOME: "/" } }).values.chatRate).toBe(10);
});

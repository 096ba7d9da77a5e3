import { describe, expect, test } from "bun:test";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

/** Runs `tincan` where it must refuse: one sentence on stderr, nothing on stdout. */
async function refused(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  using folder = new TempFolder();
  const { code, stdout, stderr } = await run([TINCAN, ...args], {
    env: { HOME: folder.path, ...env },
    cwd: folder.path,
  });
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^tincan: [^\n]*[^.\n]\n$/);
  return { code, sentence: stderr.slice("tincan: ".length).trimEnd() };
}

describe("64: the command line is wrong", () => {
  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["an unknown flag, with the nearest one", ["serve", "--max-fram", "1"], /--max-fram\b.*--max-frame/],
    ["an unknown command, with the nearest one", ["sevre"], /sevre.*serve/],
    ["a size that is none", ["serve", "--max-frame", "12x"], /^--max-frame "12x" is not a size; try 64KiB or 1MiB$/],
    ["a port that is none", ["serve", "--echo-port", "65536"], /--echo-port "65536"/],
    ["a count below its least", ["serve", "--max-connections", "0"], /--max-connections "0"/],
    ["an unknown door, with the nearest one", ["serve", "--doors", "ecko"], /"ecko".*echo/],
    ["an unknown log format", ["serve", "--log-format", "xml"], /--log-format "xml".*text.*json/],
    ["a header that struct does not know", ["serve", "--frame-header", "!Z"], /--frame-header.*"!Z"/],
    ["no door left", ["serve", "--doors", "echo", "--echo-port", "off"], /door/],
    ["a folder that is not there", ["serve", "nowhere"], /"nowhere"/],
    ["a flag without its value", ["serve", "--max-frame"], /--max-frame/],
    ["too many arguments", ["serve", "a", "b"], /argument/],
    [
      "escapes in a value, which are shown and not sent to the terminal",
      ["serve", "--doors", "\x1b[31mred"],
      /\\x1b\[31mred/,
    ],
  ];
  for (const [what, args, sentence] of wrong) {
    test(what, async () => {
      const outcome = await refused(args);
      expect(outcome.sentence).toMatch(sentence);
      expect(outcome.code).toBe(64);
    });
  }
});

test("69: a port is taken, and the sentence names it", async () => {
  await using tincan = await startTincan(["--doors", "echo"]);
  const taken = String(tincan.port("echo"));
  const { code, sentence } = await refused(["serve", "--doors", "echo", "--echo-port", taken]);
  expect(sentence).toContain(taken);
  expect(sentence).toContain("echo");
  expect(code).toBe(69);
});

test("69: one taken port opens no door at all", async () => {
  await using tincan = await startTincan(["--doors", "echo"]);
  const taken = String(tincan.port("echo"));
  const { code } = await refused(["serve", "--base-port", "0", "--framed-port", taken]);
  expect(code).toBe(69);
});

test("69: an address that is not this machine's", async () => {
  const { code, sentence } = await refused(["serve", "--base-port", "0", "--host", "203.0.113.7"]);
  expect(sentence).toContain("203.0.113.7");
  expect(code).toBe(69);
});

test("73: the state folder cannot be made", async () => {
  using folder = new TempFolder();
  const path = `${folder.file("a-file")}/state`;
  await Bun.write(folder.file("a-file"), "");
  const { code, sentence } = await refused(["serve", "--base-port", "0", "--state-dir", path]);
  expect(sentence).toContain(JSON.stringify(path));
  expect(code).toBe(73);
});

test("77: sharing / or the home folder is refused", async () => {
  using home = new TempFolder();
  for (const folder of ["/", home.path]) {
    const { code, sentence } = await refused(["serve", folder, "--base-port", "0"], { HOME: home.path });
    expect(sentence).toContain("--serve-anyway");
    expect(code).toBe(77);
  }
});

describe("78: the configuration is wrong", () => {
  const files: readonly (readonly [string, string, RegExp])[] = [
    ["an unknown key, with its line and the nearest one", "\nmax-fram = 1\n", /line 2.*max-frame/],
    ["a value that is none", 'max-frame = "12x"\n', /"12x" is not a size/],
    ["a file that is no TOML", "max-frame = = 1\n", /line 1/],
  ];
  for (const [what, text, wanted] of files) {
    test(what, async () => {
      using folder = new TempFolder();
      await Bun.write(folder.file("tincan.toml"), text);
      const { code, sentence } = await refused(["serve", "--config", folder.file("tincan.toml")]);
      expect(sentence).toMatch(wanted);
      expect(code).toBe(78);
    });
  }

  test("a file that is not there", async () => {
    const { code, sentence } = await refused(["serve", "--config", "missing.toml"]);
    expect(sentence).toContain('"missing.toml"');
    expect(code).toBe(78);
  });

  test("a value in the environment", async () => {
    const { code, sentence } = await refused(["serve"], { TINCAN_MAX_FRAME: "12x" });
    expect(sentence).toMatch(/^TINCAN_MAX_FRAME "12x" is not a size/);
    expect(code).toBe(78);
  });

  test("limits that contradict each other", async () => {
    const { code, sentence } = await refused(["serve", "--max-outbox", "1MiB"]);
    expect(sentence).toMatch(/--max-outbox.*--max-frame/);
    expect(code).toBe(78);
  });
});

test("1: a client's work failed; 69 where nobody listens", async () => {
  await using tincan = await startTincan(["--doors", "echo"]);
  const port = tincan.port("echo");
  expect(await tincan.stop()).toBe(0);
  const { code } = await refused(["echo", `127.0.0.1:${port}`, "hello"]);
  expect([1, 69]).toContain(code);
});

test("0: help and version", async () => {
  for (const args of [["--help"], ["serve", "--help"], ["version"], ["--version"]]) {
    const { code, stdout, stderr } = await run([TINCAN, ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.length).toBeGreaterThan(0);
  }
});

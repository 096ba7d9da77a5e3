import { expect, test } from "bun:test";
import { version } from "../../package.json";
import { run } from "../support/program.ts";
import { TINCAN } from "../support/tincan.ts";

const COMMANDS = ["serve", "chat", "echo", "bench", "run", "types", "version", "completions"];

test("tincan alone shows its help, as a wrong use", async () => {
  const { code, stdout, stderr } = await run([TINCAN]);
  expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  for (const command of COMMANDS) expect(stderr).toMatch(new RegExp(`^  ${command}\\b`, "m"));
  expect(stderr).not.toMatch(/^ {2}complete\b/m);
});

test("help that was asked for is a success on stdout", async () => {
  for (const args of [["--help"], ["help"], ["-h"]]) {
    const { code, stdout, stderr } = await run([TINCAN, ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Usage: tincan");
    expect(stdout).toContain("Examples:");
  }
});

test.each(COMMANDS.filter((command) => command !== "completions"))("the help of %s shows examples", async (command) => {
  const { code, stdout } = await run([TINCAN, command, "--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Examples?:\n +tincan /m);
});

test.each([
  ...["--help", "serve", "run", "chat", "echo", "bench", "ls", "get", "put", "rm", "mkdir", "mv", "status", "ban"],
  ...["unban", "kick", "user", "user add", "user list", "user set", "user passwd", "user remove"],
])("the help of %s fits into a terminal", async (command) => {
  const env = { COLUMNS: "80" };
  const { stdout } = await run([TINCAN, ...command.split(" "), "--help"], { env });
  expect(stdout).not.toBe("");
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("what cannot be printed is told, and is no defect", async () => {
  const { code, stderr } = await run(["sh", "-c", `'${TINCAN}' --help > /dev/full`]);
  const why = "what was to be printed cannot be written: no space left on device";
  expect({ code, stderr }).toEqual({ code: 1, stderr: `tincan: ${why}\n` });
});

test("a command that does not exist is a wrong use, with the one that was meant", async () => {
  const { code, stderr } = await run([TINCAN, "sreve"]);
  expect({ code, stderr }).toEqual({ code: 64, stderr: "tincan: unknown command 'sreve' (did you mean serve?)\n" });
});

test("a command that lacks something says what, and shows how", async () => {
  for (const [args, said] of [
    [
      ["ls", "-h"],
      /^tincan: ls needs WHERE \(HOST, HOST\/PATH, .*\), as in: tincan ls 127\.0\.0\.1; for help: --help\n$/,
    ],
    [["ls"], /as in: tincan ls 127\.0\.0\.1\n$/],
    [["mv", "127.0.0.1/a"], /^tincan: mv needs TO \(.*\), as in: tincan mv 127\.0\.0\.1\/.*\n$/],
    [["user", "add"], /^tincan: user add needs NAME \(letters .*\), as in: tincan user add .*\n$/],
  ] as const) {
    const { code, stdout, stderr } = await run([TINCAN, ...args]);
    expect([code, stdout, stderr]).toEqual([64, "", expect.stringMatching(said)]);
  }
});

test("the version, for people and for programs", async () => {
  expect((await run([TINCAN, "--version"])).stdout).toBe(`${version}\n`);
  expect((await run([TINCAN, "version"])).stdout).toStartWith(`tincan ${version} (Bun `);
  expect(JSON.parse((await run([TINCAN, "version", "--json"])).stdout)).toMatchObject({ version, bun: Bun.version });
});

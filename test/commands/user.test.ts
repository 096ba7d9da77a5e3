import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { until } from "../support/deadline.ts";
import { Program, run } from "../support/program.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";

const PASSWORD = "correct horse";

/** A state folder and the commands that change its accounts. */
class State implements Disposable {
  readonly folder = new TempFolder();
  readonly path = this.folder.file("state");
  readonly database = `${this.path}/accounts.db`;

  command(...args: readonly string[]): readonly string[] {
    return [TINCAN, "user", ...args, "--state-dir", this.path];
  }

  /** Runs one with `input` on its stdin: its exit code and the one line that it says. */
  async user(args: readonly string[], input = ""): Promise<{ code: number; said: string }> {
    const { code, stdout, stderr } = await run(this.command(...args), { input });
    const [text = "", nothing = ""] = code === 0 ? [stdout, stderr] : [stderr, stdout];
    expect(nothing).toBe("");
    return { code, said: text.replace(/^tincan: /, "").trimEnd() };
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]();
  }
}

test("an account is added, listed, changed and removed", async () => {
  using state = new State();
  const added = await state.user(["add", "ann", "--allow", "write, upload", "--home", "ann"], `${PASSWORD}\n`);
  expect(added).toEqual({
    code: 0,
    said: 'added "ann": may do what everybody may and upload, write; home /ann',
  });
  expect((await state.user(["add", "王小明"], PASSWORD)).code).toBe(0);
  const list = async () => (await state.user(["list"])).said.split("\n");
  const rows = await list();
  const [heading = "", ...accounts] = rows;
  expect(rows[1]).toMatch(/^ann +upload, write +\/ann +\d{4}-\d\d-\d\d$/);
  // All columns begin at the same place on a screen.
  const column = (row: string, at: string) => Bun.stringWidth(row.slice(0, row.indexOf(at)));
  for (const row of accounts) expect(column(row, "/")).toBe(column(heading, "HOME"));
  const [json = ""] = (await state.user(["list", "--json"])).said.split("\n");
  expect(JSON.parse(json)).toEqual({
    name: "ann",
    allow: ["upload", "write"],
    home: "/ann",
    created: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect((await state.user(["set", "ANN", "--allow", ""])).code).toBe(0);
  expect((await state.user(["set", "ann", "--home", "/"])).code).toBe(0);
  expect((await list())[1]).toMatch(/^ann +- +\/ +\d{4}/);
  expect(await state.user(["remove", "ann"])).toEqual({ code: 0, said: 'removed "ann"' });
  expect((await list()).length).toBe(2);
});

test.each<[readonly string[], string, number, string]>([
  [
    ["add", "ann"],
    PASSWORD,
    1,
    'there is an account "ann" already; "tincan user set" and "tincan user passwd" change it',
  ],
  [["add", "ANN"], PASSWORD, 1, 'there is an account "ANN" already'],
  [["add", "bob"], "1234567\n", 64, "a password has at least 8 characters; nothing was changed"],
  [["add", "bob"], "", 64, "there is no password on stdin; write it there as one line, or use a terminal"],
  [["add", "bob"], `${"x".repeat(5000)}\n`, 64, "a password has at most 1024 bytes; nothing was changed"],
  [["add", "anonymous"], PASSWORD, 64, '"anonymous" cannot be an account: that name is for people without an account'],
  [["add", "Tincan"], PASSWORD, 64, '"Tincan" cannot be an account: that name is the server\'s own; take another'],
  [["add", "tіncan"], PASSWORD, 64, "cannot be an account: that name is the server's own; take another"],
  [["add", "a b"], PASSWORD, 64, '"a b" cannot be an account: a name begins with a letter or digit'],
  [["add", "\x1b[2J"], PASSWORD, 64, '"\\x1b[2J" cannot be an account'],
  [["add", "bob", "--allow", "uplaod"], PASSWORD, 64, '--allow "uplaod" is no permission; did you mean upload'],
  [["add", "bob", "--home", "../etc"], PASSWORD, 64, '--home: "/../etc" cannot be a path here'],
  [["passwd", "anm"], PASSWORD, 1, 'there is no account "anm"; did you mean "ann"'],
  [["passwd", "ann"], "short", 64, "a password has at least 8 characters"],
  [["passwd", "ann"], "\ufffd\ufffd\ufffd\ufffd 1234", 64, "a password is taken in UTF-8 alone"],
  [["remove", "x"], "", 1, 'there is no account "x"; "tincan user list" shows which there are'],
  [["set", "x", "--allow", "read"], "", 1, 'there is no account "x"'],
  [["set", "ann"], "", 64, "say what to change: --allow LIST or --home DIR"],
  [["lst"], "", 64, "unknown command 'lst' (did you mean list?)"],
  [["add", "bob", "--password", "x"], PASSWORD, 64, "unknown option '--password'"],
])("%p is refused", async (args, input, code, said) => {
  using state = new State();
  await state.user(["add", "ann"], PASSWORD);
  const before = readFileSync(state.database);
  expect(await state.user(args, input)).toEqual({ code, said: expect.stringContaining(said) });
  expect(readFileSync(state.database).equals(before)).toBe(true);
});

test("nothing is made for a look, and what is made is for this user alone", async () => {
  using state = new State();
  expect((await state.user(["add", "bob"], "short")).code).toBe(64);
  for (const args of [["list"], ["passwd", "ann"], ["remove", "ann"]]) {
    expect(await state.user(args, PASSWORD)).toEqual({
      code: 64,
      said: `there is no state folder "${state.path}"; give the --state-dir of your daemon`,
    });
  }
  // The usual one is made when there is something to put there.
  const usual = { env: { HOME: state.folder.path, XDG_STATE_HOME: state.folder.file("xdg") } };
  expect(await run([TINCAN, "user", "list"], usual)).toMatchObject({
    code: 0,
    stdout: 'there are no accounts; "tincan user add NAME" makes one\n',
  });
  expect(existsSync(state.path)).toBe(false);
  await state.user(["add", "ann"], PASSWORD);
  expect([statSync(state.path).mode & 0o777, statSync(state.database).mode & 0o777]).toEqual([0o700, 0o600]);
  expect(readdirSync(state.path)).toEqual(["accounts.db"]);
});

test("who gives a home that is not made by itself is told so", async () => {
  using state = new State();
  const note = 'the folder "/three" of the share is not made for who may not upload: make it there';
  const added = await state.user(["add", "bob", "--home", "three"], PASSWORD);
  expect(added).toEqual({ code: 0, said: expect.stringContaining(note) });
  const hidden = await state.user(["add", "ann", "--home", "a/.b", "--allow", "upload"], PASSWORD);
  expect(hidden.said).toContain(
    'the folder "/a/.b" is hidden: the account sees nothing, unless the server was started',
  );
  const may = await state.user(["set", "bob", "--allow", "upload"]);
  expect(may).toEqual({ code: 0, said: 'changed "bob"' });
  expect(await state.user(["set", "bob", "--allow", ""])).toEqual({ code: 0, said: expect.stringContaining(note) });
});

test("what root makes is the folder's owner's", async () => {
  // Nobody else can give a folder away.
  if (process.getuid?.() !== 0) return;
  using state = new State();
  const nobody = 65_534;
  chmodSync(state.folder.path, 0o755);
  mkdirSync(state.path, { mode: 0o700 });
  chownSync(state.path, nobody, nobody);
  expect((await state.user(["add", "ann"], PASSWORD)).code).toBe(0);
  const as = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
  const { code, stdout } = await run([...as, ...state.command("passwd", "ann")], { input: PASSWORD });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'changed the password of "ann"\n' });
  const other = ["setpriv", "--reuid=65533", "--regid=65533", "--clear-groups"];
  const denied = await run([...other, ...state.command("remove", "ann")]);
  expect({ code: denied.code, said: denied.stderr }).toEqual({
    code: 77,
    said: expect.stringContaining("not this user's"),
  });
});

test("a full disk is told, and what was there stays", async () => {
  using disk = SmallDisk.mount(160 * 1024);
  if (disk === null) return;
  const user = (...args: readonly string[]) =>
    run([TINCAN, "user", ...args, "--state-dir", disk.file("state")], { input: PASSWORD });
  expect((await user("add", "ann")).code).toBe(0);
  const full = () => writeFileSync(disk.file("fill"), Buffer.alloc(1024 * 1024));
  expect(full).toThrow("ENOSPC");
  const { code, stderr } = await user("add", "bob");
  expect({ code, stderr }).toEqual({
    code: 73,
    stderr: expect.stringMatching(/^tincan: cannot write .*is the disk full/),
  });
  rmSync(disk.file("fill"));
  expect((await user("list", "--json")).stdout).toMatch(/^\{"name":"ann".*\}\n$/);
  expect((await user("add", "bob")).code).toBe(0);
});

test("the password itself is nowhere: not in the file, not in what is said", async () => {
  using state = new State();
  const { said } = await state.user(["add", "ann"], `${PASSWORD}\n`);
  expect(said).not.toContain(PASSWORD);
  const file = readFileSync(state.database).toString("latin1");
  expect(file).toContain("$argon2id$v=19$m=19456,t=2,p=1$");
  expect(file).not.toContain(PASSWORD);
});

test("without a word of what to do, all of it is shown: 64", async () => {
  const { code, stdout, stderr } = await run([TINCAN, "user"]);
  expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  for (const word of ["add", "list", "set", "passwd", "remove"])
    expect(stderr).toMatch(new RegExp(`^ {2}${word} `, "m"));
});

test.each(["add", "list", "set", "passwd", "remove"])(
  "the help of user %s is a sentence, with examples",
  async (word) => {
    const { code, stdout } = await run([TINCAN, "user", word, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: .*\n\n[A-Z][^.]*\.\n\n/);
    expect(stdout).toContain(`Examples:\n  tincan user ${word}`);
  },
);

describe("on a terminal", () => {
  test("the password is asked for twice and never shown", async () => {
    using state = new State();
    await using program = new Program(state.command("add", "ann"), { terminal: true });
    let said = await program.stdout.readUntil('Password for "ann": ');
    await program.write("correkt\x7f\x7fct horse\r");
    said += await program.stdout.readUntil("The same password again: ");
    await program.write("nonsense\x15corr\x1aect\x1b[D horse\r");
    expect(await program.exited()).toBe(0);
    said += program.stdout.unread.toString();
    expect(said).toContain('added "ann"');
    expect(said).not.toMatch(/corre|horse|nonsense/);
  });

  test("both lines may be pasted at once", async () => {
    using state = new State();
    await using program = new Program(state.command("add", "ann"), { terminal: true });
    await program.stdout.readUntil("Password for");
    await program.write("correct horse\rcorrect horse\r");
    expect(await program.exited()).toBe(0);
  });

  test("after two that differ, or one that is too short, it is asked for again", async () => {
    using state = new State();
    await using program = new Program(state.command("add", "ann"), { terminal: true });
    await program.stdout.readUntil("Password for");
    await program.write("1234567\r");
    await program.stdout.readUntil("a password has at least 8 characters; try again\r\n");
    await program.write("correct horse\rcorrect house\r");
    await program.stdout.readUntil("the two passwords are not the same; try again\r\n");
    await program.write("battery staple\rbattery staple\r");
    expect(await program.exited()).toBe(0);
    expect((await state.user(["list"])).said).toContain("ann");
  });

  test("two that differ, or one that is too short, change nothing after three times: 64", async () => {
    using state = new State();
    for (const [typed, said] of [
      ["correct horse\rcorrect house\r", "the two passwords are not the same; nothing was changed"],
      ["1234567\r", "a password has at least 8 characters; nothing was changed"],
    ] as const) {
      await using program = new Program(state.command("add", "ann"), { terminal: true });
      await program.stdout.readUntil("Password for");
      await program.write(typed.repeat(3));
      expect(await program.exited()).toBe(64);
      expect(program.stdout.unread.toString()).toContain(said);
    }
    expect(existsSync(state.path)).toBe(false);
  });

  test.each<[string, (program: Program) => Promise<void> | void, number]>([
    ["Ctrl-C", (program) => program.write("secret\x03"), 130],
    ["Ctrl-D", (program) => program.write("\x04"), 130],
    ["SIGTERM", (program) => program.kill("SIGTERM"), 143],
    ["SIGHUP", (program) => program.kill("SIGHUP"), 129],
  ])("%s gives the terminal back as it was", async (_, leave, expected) => {
    using state = new State();
    const script = 'stty -a > "$0.before"; "$@"; code=$?; stty -a > "$0.after"; exit $code';
    const base = state.folder.file("stty");
    const command = ["sh", "-c", `trap : HUP TERM; ${script}`, base, ...state.command("add", "ann")];
    await using shell = new Program(command, { terminal: true });
    await shell.stdout.readUntil("Password for");
    const [child = ""] = readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, "utf8").trim().split(" ");
    expect(Number(child)).toBeGreaterThan(1);
    if (expected === 130) await leave(shell);
    else process.kill(Number(child), expected === 143 ? "SIGTERM" : "SIGHUP");
    expect(await shell.exited()).toBe(expected);
    expect(readFileSync(`${base}.after`, "utf8")).toBe(readFileSync(`${base}.before`, "utf8"));
  });
});

describe("several processes", () => {
  test("may add accounts at once: every one is there, and one of two with the same name is told so", async () => {
    using state = new State();
    const names = Array.from({ length: 8 }, (_, i) => `user${i % 7}`);
    const codes = await Promise.all(names.map(async (name) => (await state.user(["add", name], PASSWORD)).code));
    expect(codes.filter((code) => code === 0).length).toBe(7);
    expect(codes.filter((code) => code === 1).length).toBe(1);
    expect((await state.user(["list"])).said.split("\n").length).toBe(8);
  });

  test("killed at any moment while adding leave a file that is whole", async () => {
    using state = new State();
    mkdirSync(state.path, { mode: 0o700 });
    const seed = Number(process.env["TINCAN_TEST_SEED"] ?? Date.now());
    let random = seed;
    for (let i = 0; i < 12; i++) {
      await using program = new Program(state.command("add", `user${i}`));
      await program.write(`${PASSWORD}\n`);
      random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
      const kill = performance.now() + (random % 120);
      await until(() => performance.now() > kill || !program.running, "the moment");
      program.kill("SIGKILL");
      await program.exited();
      const { code, said } = await state.user(["list", "--json"]);
      expect([seed, i, code]).toEqual([seed, i, 0]);
      for (const line of said.split("\n").filter(Boolean))
        expect(JSON.parse(line)).toMatchObject({ name: expect.stringMatching(/^user/) });
    }
    expect((await state.user(["add", "last"], PASSWORD)).code).toBe(0);
  }, 60_000);
});

import { expect, test } from "bun:test";
import { ScriptedFiles, sha256 } from "../client/files/scripted-files.ts";
import { until } from "../support/deadline.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";
import { Screen } from "./screen.ts";

const MEGABYTE = Buffer.alloc(1_000_000, "x");

/** Sends half of each file, and the rest when it is told to. */
function slowServer(names: readonly string[]) {
  const server = new ScriptedFiles();
  const waiting = new Map<unknown, () => void>();
  for (const name of names) server.files.set(`/${name}`, MEGABYTE);
  server.handlers["get"] = ({ id, path }, peer) => {
    peer.send({ id, ok: true, ...server.head(MEGABYTE) });
    peer.chunk(Number(id), 0, MEGABYTE.subarray(0, 250_000));
    waiting.set(path, () => {
      for (let at = 250_000; at < MEGABYTE.length; at += 250_000) {
        peer.chunk(Number(id), at, MEGABYTE.subarray(at, at + 250_000));
      }
      peer.send({ id, event: "end", bytes: MEGABYTE.length, sha256: sha256(MEGABYTE) });
    });
    return null;
  };
  return { server, waiting };
}

test("on a terminal each file has a bar and all have one, and what is done stands above", async () => {
  const names = ["a.bin", "照片照片.jpg", "c.bin"];
  const { server, waiting } = slowServer(names);
  using _ = server;
  using folder = new TempFolder();
  await using program = new Program(
    [TINCAN, "get", ...names.map((name) => `${server.host}/${name}`), "--parallel", "2"],
    { cwd: folder.path, terminal: true },
  );
  const screen = new Screen(program.stdout);
  const bar = (name: string, percent: string) =>
    new RegExp(`^${RegExp.escape(name)} +■+ +${RegExp.escape(percent)} % +1 MB `);
  for (const name of names.slice(0, 2)) {
    await until(() => screen.rows.some((row) => bar(name, "25.0").test(row)), "the first bars");
  }
  await until(() => /^total \(0 of 3\) +■+ +16\.6 % +3 MB /.test(screen.rows[2] ?? ""), "the bar of all");
  // So that ^C behind the lowest does not wrap.
  for (const row of screen.rows) expect(Bun.stringWidth(row)).toBeLessThan(78);
  const columns = screen.rows.map((row) => Bun.stringWidth(row.slice(0, row.indexOf("■"))));
  expect(new Set(columns).size).toBe(1);
  waiting.get("/a.bin")?.();
  await until(() => /^a\.bin: 1 MB in .*, hash verified$/.test(screen.rows[0] ?? ""), "the first line");
  await until(() => screen.rows.some((row) => bar("c.bin", "25.0").test(row)), "the third bar");
  await until(() => /^total \(1 of 3\) /.test(screen.rows.at(-1) ?? ""), "the bar of all below");
  for (const name of names.slice(1)) waiting.get(`/${name}`)?.();
  expect(await program.exited()).toBe(0);
  expect(screen.rows.map((row) => row.split(":")[0]).sort()).toEqual([...names].sort());
});

test("Ctrl-C takes the bars away and tells where each file stopped", async () => {
  const names = ["a.bin", "b.bin"];
  const { server, waiting } = slowServer(names);
  using _ = server;
  using folder = new TempFolder();
  await using program = new Program([TINCAN, "get", ...names.map((name) => `${server.host}/${name}`)], {
    cwd: folder.path,
    terminal: true,
  });
  const screen = new Screen(program.stdout);
  await until(() => /^total \(0 of 2\) +■+ +25\.0 %/.test(screen.rows[2] ?? ""), "the bar of all");
  await program.write("\x03");
  expect(await program.exited()).toBe(130);
  expect(waiting.size).toBe(2);
  const stopped = (name: string) => `${name}: stopped at 25.0 %; run the same command again to go on`;
  expect(screen.rows.map((row) => row.replace("^C", "")).toSorted()).toEqual(names.map(stopped));
});

test("a name that could drive the terminal does not", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  await Bun.write(share.file("x\u202egpj.exe"), "x");
  await using tincan = await startTincan([share.path, "--doors", "framed"]);
  await using program = new Program([TINCAN, "ls", `127.0.0.1:${tincan.port("framed")}`], {
    cwd: here.path,
    terminal: true,
  });
  expect(await program.exited()).toBe(0);
  expect(program.stdout.unread.toString()).toBe("1 B  now  x\\u202egpj.exe\r\n");
});

test("--quiet shows nothing, and bars never go into a file", async () => {
  using share = new TempFolder();
  using here = new TempFolder();
  await Bun.write(share.file("a"), "hello");
  await using tincan = await startTincan([share.path, "--doors", "framed"]);
  const url = `127.0.0.1:${tincan.port("framed")}/a`;
  await using quiet = new Program([TINCAN, "get", "-q", url], { cwd: here.path, terminal: true });
  expect(await quiet.exited()).toBe(0);
  expect(quiet.stdout.unread.toString()).toBe("");
  const { stdout, stderr } = await run([TINCAN, "get", "-f", url], { cwd: here.path });
  expect(`${stdout}${stderr}`).toMatch(/^a: 5 B in [^\x1b\r]*, hash verified\n$/);
});

import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { resolve } from "node:path";
import { client } from "../support/clients.ts";
import { until } from "../support/deadline.ts";
import { Program, run } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

const zbarimg = client("zbarimg");
const TLS = ["--tls-cert", "localhost.crt", "--tls-key", "localhost.key"].map((word) =>
  word.startsWith("--") ? word : resolve(import.meta.dir, "../support/tls", word),
);
const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
const outside = others.find(({ family, internal }) => family === "IPv4" && !internal)?.address;

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** What a daemon says until it is told to stop, which it is when `last` has come. */
async function said(flags: readonly string[], last: string | RegExp = "Ctrl-C\n", terminal = false): Promise<Said> {
  using folder = new TempFolder();
  const command = [TINCAN, "serve", "--base-port", "0", "--state-dir", folder.file("state"), ...flags];
  await using program = new Program(command, { terminal, env: { TERM: "xterm-256color", NO_COLOR: "" } });
  const first = await program.stdout.readUntil(last);
  program.kill("SIGTERM");
  const code = await program.exited();
  expect(code).toBe(0);
  const stdout = first + program.stdout.unread.toString();
  return { stdout: stdout.replaceAll("\r", ""), stderr: program.stderr.unread.toString() };
}

/** The first address among what was said. */
function addressIn(text: string): string {
  return /\bhttps?:\/\/\S+/.exec(text)?.[0] ?? "";
}

/** The rows of a code: those with nothing but blocks. */
function rowsOf(text: string): string[] {
  const bare = text.replace(/\x1b\[[\d;]*m/g, "").split("\n");
  return bare.filter((line) => line.length > 20 && /^[█▀▄ ]+$/.test(line));
}

/** What a camera sees in rows of half blocks that are light on dark, by zbarimg. */
async function scan(rows: readonly string[]): Promise<string> {
  using folder = new TempFolder();
  const scale = 6;
  const pixels = rows.flatMap((row) => {
    const chars = [...row];
    return [/[█▀]/, /[█▄]/].map((inked) => chars.map((char) => (inked.test(char) ? 1 : 0)));
  });
  const grid = pixels.flatMap((line) => {
    const wide = line.flatMap((bit) => new Array<number>(scale).fill(bit * 255));
    return new Array<number[]>(scale).fill(wide);
  });
  const head = `P5\n${grid[0]?.length} ${grid.length}\n255\n`;
  writeFileSync(folder.file("code.pgm"), Buffer.concat([Buffer.from(head), Buffer.from(grid.flat())]));
  const { stdout } = await run([zbarimg.path, "--raw", "-q", folder.file("code.pgm")]);
  zbarimg.exchanged();
  return stdout.trim();
}

describe("the page's address", () => {
  test("is the first that people are told, and leads to the page", async () => {
    await using tincan = await startTincan();
    const told = tincan.ready.doors["http"] as unknown as { readonly port: number; readonly page: string };
    expect(told.page).toBe(`http://127.0.0.1:${told.port}/`);
    expect(await (await fetch(told.page)).text()).toContain("<!doctype html>");
    const { stdout } = await said([]);
    expect(stdout).toMatch(
      /^tincan \S+ is open on this machine\. Open in a browser:\n\n {2}http:\/\/127\.0\.0\.1:\d+\/\n/,
    );
  });

  test("stands alone where there is nothing to paste", async () => {
    const { stdout } = await said(["--doors", "http"]);
    expect(stdout).toContain("/\n\nHelp: ");
    expect(stdout).not.toContain("\n\n\n");
  });

  test("is one that others can reach, below the prefix", async () => {
    const host = outside ?? "127.0.0.1";
    const { stdout } = await said(["--host", "127.0.0.1", "--host", host, "--path-prefix", "/my"]);
    expect(addressIn(stdout)).toMatch(new RegExp(`^http://${RegExp.escape(host)}:\\d+/my/$`));
    expect(addressIn((await said(["--host", "0.0.0.0"])).stdout)).toStartWith(`http://${host}:`);
    const secure = await said([...TLS, "--path-prefix", "/tincan"]);
    expect(secure.stdout).toMatch(/^ {2}http +curl -k https:\/\/127\.0\.0\.1:\d+\/tincan\/$/m);
  });

  test("is https where that is all there is, and absent where there is no port", async () => {
    const secure = await said([...TLS, "--http-port", "off"]);
    expect(addressIn(secure.stdout)).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await said(["--doors", "line"])).stdout).not.toContain("browser");
    using folder = new TempFolder();
    const unix = await said(["--http-port", `unix:${folder.file("http.sock")}`]);
    expect(unix.stdout).toContain(`curl --unix-socket ${folder.file("http.sock")} http://localhost/\n`);
    expect(unix.stdout).not.toContain("browser");
  });

  test("makes room for a site of one's own, which is told of behind it", async () => {
    using folder = new TempFolder();
    mkdirSync(folder.file("site"));
    const { stdout } = await said(["--site", folder.file("site"), "--path-prefix", "/my"]);
    const url = addressIn(stdout);
    expect(url).toEndWith("/my/tincan/");
    expect(stdout).toContain(`Your own site is at ${url.replace("tincan/", "")}\n`);
  });
});

test("who comes to another door with HTTP is told the page's address", async () => {
  using share = new TempFolder();
  await using tincan = await startTincan([share.path, "--path-prefix", "/my"]);
  for (const door of ["line", "ftp", "framed"]) {
    using client = await connect({ port: tincan.port(door) });
    await client.write("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    const answer = (await client.readAll()).toString();
    expect([door, answer]).toEqual([door, expect.stringContaining(`http://127.0.0.1:${tincan.port("http")}/my/`)]);
    expect(answer).not.toContain("evil");
  }
});

describe("--qr", () => {
  zbarimg.test("prints a code that a camera reads, for another machine if one can get here", async () => {
    const { stdout } = await said(["--host", "0.0.0.0", "--qr"]);
    const rows = rowsOf(stdout);
    expect(rows.length).toBeLessThan(24);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(80);
    expect(await scan(rows)).toBe(addressIn(stdout));
    const behind = stdout.slice(stdout.indexOf("Ctrl-C"));
    expect(behind).toContain(outside === undefined ? "this machine alone" : `Scan this to open ${addressIn(stdout)}`);
    expect(stdout).not.toContain("\x1b");
  });

  zbarimg.test("says for whom a code of the loopback is, and has colours of its own on a terminal", async () => {
    const { stdout } = await said(["--qr", "--log-format", "text"], "Ctrl-C", true);
    expect(stdout).toContain("This code is for this machine alone; with --host 0.0.0.0 phones get here too");
    const rows = rowsOf(stdout);
    expect(await scan(rows)).toBe(addressIn(stdout));
    const coloured = stdout.split("\n").filter((line) => line.startsWith("\x1b[38;5;231;48;5;16m"));
    expect(coloured.length).toBe(rows.length);
  });

  zbarimg.test("fits 24 rows with a long address too", async () => {
    const prefix = `/${"chat-of-a-department".repeat(3)}`;
    const { stdout } = await said(["--qr", "--path-prefix", prefix]);
    const rows = rowsOf(stdout);
    expect(rows.length).toBeLessThan(24);
    expect(await scan(rows)).toBe(addressIn(stdout));
  });

  test("leaves stdout to the one line of JSON, and says so", async () => {
    const { stdout, stderr } = await said(["--qr", "--log-format", "json"], "}\n");
    expect(stdout.trimEnd().split("\n").length).toBe(1);
    expect(JSON.parse(stdout).event).toBe("ready");
    expect(stderr).toContain("qr-not-printed");
  });
});

describe("--open", () => {
  /** A browser that writes down what it is asked for, and in whose session it runs. */
  function browserIn(folder: TempFolder, last = ""): string {
    writeFileSync(
      folder.file("browser"),
      `#!/bin/sh\nread -r stat < /proc/$$/stat\necho "$@ $$ $stat" > ${folder.file("tmp")}\nmv ${folder.file("tmp")} ${folder.file("opened")}\n${last}\n`,
    );
    chmodSync(folder.file("browser"), 0o755);
    return folder.file("browser");
  }

  test("opens the page with BROWSER, in a session of its own", async () => {
    using folder = new TempFolder();
    await using tincan = await startTincan(["--open"], { env: { BROWSER: `${browserIn(folder)} --new %s` } });
    await until(() => Bun.file(folder.file("opened")).size > 0, "the browser");
    const [flag, url, pid, ...stat] = readFileSync(folder.file("opened"), "utf8").split(/\s+/);
    const told = tincan.ready.doors["http"] as unknown as { readonly page: string };
    expect([flag, url]).toEqual(["--new", told.page]);
    // proc(5), /proc/PID/stat: pid, name, state, ppid, pgrp, session, tty.
    expect([stat[5], stat[6]]).toEqual([pid, "0"]);
    expect(tincan.events.some(({ event }) => event === "browser-not-opened")).toBe(false);
  });

  test("is told of in the log where it does not work, and the daemon goes on", async () => {
    using folder = new TempFolder();
    const failing = browserIn(folder, "exit 3");
    for (const [browser, why] of [
      [failing, `${failing} ended with 3`] as const,
      ["/nowhere/browser", "there is no /nowhere/browser"] as const,
      ["", "there is no xdg-open, and BROWSER is not set"] as const,
      ["/nowhere/lynx -accept_all_cookies", "/nowhere/lynx needs a terminal of its own"] as const,
    ]) {
      await using tincan = await startTincan(["--open"], { env: { BROWSER: browser, PATH: "/nowhere" } });
      const event = await tincan.waitForEvent((logged) => logged.event === "browser-not-opened");
      expect(event).toMatchObject({ level: "warn", why, instead: "open the address by hand" });
      expect((await fetch(String(event["url"]))).status).toBe(200);
    }
  });

  test("leaves the desktop's opener alone where there is no desktop: it would start a browser for terminals", async () => {
    using folder = new TempFolder();
    writeFileSync(folder.file("xdg-open"), `#!/bin/sh\n: > ${folder.file("opened")}\n`);
    chmodSync(folder.file("xdg-open"), 0o755);
    const bare = { BROWSER: "", PATH: folder.path, DISPLAY: "", WAYLAND_DISPLAY: "" };
    await using tincan = await startTincan(["--open"], { env: bare });
    const event = await tincan.waitForEvent((logged) => logged.event === "browser-not-opened");
    expect(event["why"]).toStartWith("there is no desktop here");
    expect(existsSync(folder.file("opened"))).toBe(false);
    await using seen = await startTincan(["--open"], { env: { ...bare, DISPLAY: ":0" } });
    await until(() => existsSync(folder.file("opened")), "the desktop's opener");
    expect(seen.events.some(({ event: name }) => name === "browser-not-opened")).toBe(false);
  });
});

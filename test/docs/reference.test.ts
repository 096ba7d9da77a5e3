import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { doors } from "../../protocols/index.ts";
import { MOST_CHUNK } from "../../protocols/services/chunk.ts";
import { MOST_JOBS } from "../../protocols/services/file-desk.ts";
import { jsonLimits } from "../../protocols/services/json.ts";
import { Lines } from "../../src/bytes/lines.ts";
import { chatLimits } from "../../src/chat/limits.ts";
import { coreOptions, serveOptions } from "../../src/config.ts";
import { Exit } from "../../src/exit.ts";
import { fileLimits } from "../../src/files/limits.ts";
import { FILES_A_CONNECTION } from "../../src/net/admission.ts";
import { defaultNetLimits } from "../../src/net/limits.ts";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";
import { flagsIn, Page } from "./markdown.ts";

const ROOT = resolve(import.meta.dir, "../..");
const readme = Page.read("README.md");
const commands = readme.section("Commands");
const settings = readme.section("Settings");
const limits = readme.section("Limits");

async function help(...args: readonly string[]): Promise<string> {
  const { code, stdout } = await run([TINCAN, ...args, "--help"]);
  expect(code).toBe(0);
  return stdout;
}

/** Bytes of the longest line that is not refused. */
function longestLine(): number {
  const line = (length: number) => [...new Lines().push(Buffer.from(`${"x".repeat(length)}\n`))][0];
  let length = 1;
  while (line(length + 1) !== null) length++;
  return length;
}

/** The terms that a help text explains, under whatever headings: `-f, --force`, `get <SOURCE...>`. */
function terms(text: string): string[] {
  const [explained = ""] = text.split("\nExamples:\n");
  return Array.from(explained.matchAll(/^ {2}(\S.*?)(?: {2}|$)/gm), ([, term = ""]) => term);
}

/** The flags that a help text declares; those that its sentences name do not count. */
function declared(text: string): string[] {
  return flagsIn(terms(text).join(" ")).filter((flag) => flag !== "--help");
}

describe("the README lists", () => {
  test("every door with its port", () => {
    const rows = readme.section("The doors").rows();
    const base = coreOptions.basePort.default;
    expect(rows.map(([name, port]) => [name, Number.parseInt(port ?? "", 10)])).toEqual(
      doors.map(({ name, offset }) => [`[${name}]`, base + offset]),
    );
  });

  test("every command", async () => {
    const shown = terms(await help()).filter((term) => !term.startsWith("-"));
    const real = shown.map((term) => term.split(" ")[0]).filter((name) => name !== "help");
    const listed = commands.rows().map(([cell]) => /^`tincan (\w+)/.exec(cell ?? "")?.[1]);
    expect(listed).toEqual(real);
  });

  /** The sentence about the flags of all that reach a server. */
  const [reaching = ""] = /^Their flags;.*?\n\n/ms.exec(commands.text)?.[0].split("To reach a server").slice(1) ?? [];
  const names = commands.rows().flatMap(([cell]) => /^`tincan (\w+)/.exec(cell ?? "")?.[1] ?? []);
  test.each(names)("every flag of %s", async (name) => {
    const listed =
      name === "serve"
        ? [...settings.rows(), ...limits.rows()].map((cells) => (cells.length === 3 ? cells.join(" ") : "")).join(" ")
        : `${commands.items().get(name) ?? ""} ${reaching.includes(`\`${name}\``) ? reaching : ""}`;
    expect(flagsIn(listed)).toEqual(declared(await help(name)));
  });

  test("every default", () => {
    const table = serveOptions(doors);
    const listed = new Map([
      ...settings.rows().map(([flag = "", value = ""]) => [flagsIn(flag)[0], value] as const),
      ...limits.rows().map(([, value = "", flag = ""]) => [flagsIn(flag)[0], value] as const),
    ]);
    for (const [key, option] of Object.entries(table)) {
      const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      const shown = option.show?.(option.default) ?? String(option.default ?? "none");
      expect([flag, listed.get(flag)]).toEqual([flag, option.arg === null ? "" : shown]);
    }
  });

  test("every exit code", () => {
    const listed = readme.section("Logs and exit codes").rows();
    const codes = listed.map(([code]) => code).filter((code) => code !== "130, 143");
    expect(codes).toEqual(Object.values(Exit).map(String));
  });

  test("the limits that are no settings, as the code has them", () => {
    const { message, topic, nameCharacters, room, rooms, roomsPerMember, history } = chatLimits;
    const { messageMs, stallMs, hearsOutBytes, hearsOutMs } = defaultNetLimits;
    const { partsOfOne, partMs } = fileLimits;
    const listed = limits.rows().flatMap(([, value, flag]) => (flag === "" ? [value?.replaceAll(",", "")] : []));
    expect(listed).toEqual([
      `${FILES_A_CONNECTION} for each connection`,
      `${partsOfOne} each kept ${partMs / 86_400_000} days`,
      `${MOST_JOBS}; ${MOST_CHUNK}`,
      `${jsonLimits.bytes} bytes; ${jsonLimits.depth}`,
      `${longestLine()} bytes`,
      `${message}; ${topic} bytes`,
      `${nameCharacters} characters; ${room} bytes`,
      `${rooms}; ${roomsPerMember}`,
      `${history} messages`,
      `${messageMs / 1000} s`,
      `${stallMs / 1000} s`,
      `${hearsOutBytes / 1024 ** 3} GiB; ${hearsOutMs / 1000} s`,
    ]);
  });
});

test("the README's configuration file is one", async () => {
  using folder = new TempFolder();
  const [toml = ""] = settings.blocks("toml");
  await Bun.write(folder.file("tincan.toml"), toml);
  const { code, stderr } = await run([TINCAN, "serve", "--smoke", "--config", folder.file("tincan.toml")]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

describe("the map", () => {
  const rows = readme.section("How it is made").rows();
  const folders = rows.map(([folder = ""]) => folder.replaceAll("`", ""));

  test("has every folder of the source", () => {
    const below = readdirSync(resolve(ROOT, "src"), { withFileTypes: true });
    const real = below.filter((entry) => entry.isDirectory()).map(({ name }) => `src/${name}/`);
    expect(folders.filter((folder) => /^src\/./.test(folder)).sort()).toEqual(real.sort());
  });

  test("names files that are there", () => {
    for (const [folder = "", , file = ""] of rows) {
      const path = `${folder}${file}`.replaceAll("`", "");
      expect([path, existsSync(resolve(ROOT, path))]).toEqual([path, true]);
    }
  });
});

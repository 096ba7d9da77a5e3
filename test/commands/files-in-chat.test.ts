import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { client } from "../support/clients.ts";
import { FramedClient } from "../support/frames.ts";
import { lineClient } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";
import { upload } from "../support/upload.ts";
import { Screen } from "./screen.ts";

const curl = client("curl");

/** A daemon that shares a folder of its own. */
async function sharing(...flags: readonly string[]) {
  const folder = new TempFolder();
  const tincan = await startTincan([folder.path, ...flags]);
  return {
    tincan,
    folder,
    async [Symbol.asyncDispose]() {
      await tincan[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** Somebody who speaks frames, with the service it wants. */
async function framed(tincan: Tincan, fields: object): Promise<FramedClient> {
  const client = await FramedClient.connect({ port: tincan.port("framed") });
  expect(await client.request("hello", { v: 1, ...fields })).toMatchObject({ ok: true });
  return client;
}

describe("/files", () => {
  test("shows the same at the line door and in tincan chat", async () => {
    await using at = await sharing();
    writeFileSync(at.folder.file("cat.jpg"), "x".repeat(2_100));
    mkdirSync(at.folder.file("photos"));
    const port = at.tincan.port("framed");
    const shown = [
      "-- files:",
      "--   2.1 kB     now  cat.jpg",
      "--              now  photos/",
      `-- get one: tincan get 127.0.0.1:${port}/cat.jpg`,
    ];
    using ann = await lineClient({ port: at.tincan.port("line") }, "ann");
    await ann.user.say("/files");
    for (const line of shown) expect(await ann.user.hears("-- ")).toStartWith(line);
    const command = [TINCAN, "chat", `127.0.0.1:${port}`, "--commands"];
    const { code, stderr } = await run(command, { input: "/files\n/files nothing\n" });
    expect(stderr.split("\n").slice(0, 4)).toEqual(shown);
    expect(stderr).toContain("nothing");
    expect(code).toBe(1);
  });

  test("goes on page by page in tincan chat, too", async () => {
    await using at = await sharing();
    mkdirSync(at.folder.file("many"));
    for (let i = 0; i < 605; i++) writeFileSync(at.folder.file(`many/f${String(i).padStart(3, "0")}`), "");
    const port = at.tincan.port("framed");
    const command = [TINCAN, "chat", `127.0.0.1:${port}`, "--commands"];
    const { stderr } = await run(command, { input: "/files many 2\n/files many 41\n/files many 42\n" });
    const lines = stderr.split("\n");
    expect(lines[0]).toBe('-- files in "/many", page 2:');
    expect(lines[1]).toEndWith("f015");
    expect(lines[16]).toBe(`-- and more than 470 more: /files many 3  or  tincan ls 127.0.0.1:${port}/many`);
    expect(lines[18]).toBe('-- files in "/many", page 41:');
    expect(lines.slice(19, 24).map((line) => line.slice(-4))).toEqual(["f600", "f601", "f602", "f603", "f604"]);
    expect(lines.at(-2)).toBe("-- there is no page 42; the last is /files many 41");
  });

  test("is completed and explained on a terminal", async () => {
    await using at = await sharing();
    const command = [TINCAN, "chat", `127.0.0.1:${at.tincan.port("framed")}`, "--name", "ann"];
    await using terminal = new Program(command, { terminal: true, env: { TERM: "xterm", NO_COLOR: "1" } });
    const screen = new Screen(terminal.stdout);
    await screen.has("#lobby> |");
    await terminal.write("/fi\t");
    await screen.has("#lobby> /files |");
    await terminal.write("\r");
    await screen.shows("-- there are no files yet");
  });

  test("tells when nothing is shared, and when one may not look", async () => {
    await using tincan = await startTincan();
    using ann = await lineClient({ port: tincan.port("line") }, "ann");
    await ann.user.say("/files");
    expect(await ann.user.hears("-- no")).toBe("-- no files are shared here");
    await using at = await sharing("--deny-read");
    writeFileSync(at.folder.file("secret.txt"), "");
    using bob = await lineClient({ port: at.tincan.port("line") }, "bob");
    await bob.user.say("/files");
    expect(await bob.user.hears("-- ")).not.toContain("secret");
  });
});

describe("the lobby is told of an upload", () => {
  test("by a program in the chat by its name, and by others without an address", async () => {
    await using at = await sharing("--allow-upload");
    using ann = await lineClient({ port: at.tincan.port("line") }, "ann");
    const port = at.tincan.port("framed");
    using bob = await framed(at.tincan, { service: "chat", name: "bob" });
    await upload(bob, "/a cat.jpg", Buffer.alloc(2_000_000 / 20));
    expect(await ann.user.hears("uploaded")).toStartWith(
      `-- bob uploaded "a cat.jpg" (100 kB); get it: tincan get '127.0.0.1:${port}/a cat.jpg'`,
    );
    using other = await framed(at.tincan, { service: "files" });
    await upload(other, "/b", Buffer.from("b"));
    const told = await ann.user.hears("uploaded");
    expect(told).toStartWith('-- somebody by frames uploaded "b" (1 B); get it: ');
  });

  curl.test("by FTP, with an address for every client", async () => {
    await using at = await sharing("--allow-upload");
    using ann = await lineClient({ port: at.tincan.port("line") }, "ann");
    const [ftp, framedPort] = [at.tincan.port("ftp"), at.tincan.port("framed")];
    const { code } = await run([curl.path, "-sS", "-T", "-", `ftp://127.0.0.1:${ftp}/cat%20one`], { input: "meow" });
    expect(code).toBe(0);
    const address = `http://127.0.0.1:${at.tincan.port("http")}/files/cat%20one`;
    const ways = `tincan get '127.0.0.1:${framedPort}/cat one'  or  ${address}`;
    expect(await ann.user.hears("uploaded")).toBe(`-- somebody by FTP uploaded "cat one" (4 B); get it: ${ways}`);
    expect(await run([curl.path, "-sS", address])).toMatchObject({ code: 0, stdout: "meow" });
    const add = [TINCAN, "user", "add", "bob", "--allow", "upload", "--state-dir", at.tincan.folder.file("state")];
    expect(await run(add, { input: "correct horse\n" })).toMatchObject({ code: 0 });
    const login = ["-u", "bob:correct horse"];
    await run([curl.path, "-sS", ...login, "-T", "-", `ftp://127.0.0.1:${ftp}/b`], { input: "b" });
    expect(await ann.user.hears("uploaded")).toStartWith('-- bob uploaded "b" (1 B); get it: ');
  });

  test("not when it is hidden or --no-announce was given, and of many in one line", async () => {
    await using quiet = await sharing("--allow-upload", "--no-announce");
    await using at = await sharing("--allow-upload", "--dotfiles");
    using eve = await lineClient({ port: quiet.tincan.port("line") }, "eve");
    using ann = await lineClient({ port: at.tincan.port("line") }, "ann");
    using unheard = await framed(quiet.tincan, { service: "files" });
    await upload(unheard, "/first", Buffer.from("1"));
    using bob = await framed(at.tincan, { service: "files" });
    await upload(bob, "/.hidden", Buffer.from("1"));
    for (let i = 0; i < 12; i++) await upload(bob, `/file${i}`, Buffer.alloc(1_000));
    expect(await ann.user.hears("uploaded")).toBe("-- somebody by frames uploaded 12 files (12 kB); /files lists them");
    // It came before, so it would have been told before.
    await eve.user.say("/who");
    expect(await eve.user.hears(/uploaded|^-- in /)).toBe("-- in #lobby: eve");
  });
});

import { describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { lineClient } from "../support/line-user.ts";
import { Program } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";

/** What a daemon with these options says of `tincan get`: at its start, in a room when a file comes, and to the page. */
async function told(...options: readonly string[]): Promise<readonly boolean[]> {
  using folder = new TempFolder();
  const share = folder.file("share");
  mkdirSync(share);
  const common = ["--allow-upload", "--min-free", "0", "--base-port", "0", "--state-dir", folder.file("state")];
  await using program = new Program([TINCAN, "serve", share, ...common, ...options]);
  const said = await program.stdout.readUntil("Ctrl-C\n");
  const [, port = ""] = /^ *line .* nc 127\.0\.0\.1 (\d+)$/m.exec(said) ?? [];
  const [, root = ""] = /(http:\/\/127\.0\.0\.1:\d+\/files\/)NAME/.exec(said) ?? [];
  using ann = await lineClient({ port: Number(port) }, "ann");
  await fetch(`${root}new.txt`, { method: "PUT", body: "new" });
  const heard = await ann.user.hears("new.txt");
  await ann.user.say("/files new.txt");
  const listed = await ann.user.hears("-- get it:");
  const me = (await (await fetch(root.replace("files/", "api/me"))).json()) as { commands: number | null };
  return [/tincan get/.test(said), /tincan get/.test(heard), /tincan get/.test(listed), me.commands !== null];
}

describe("tincan's own commands are offered where they work", () => {
  test.each(["", "--frame-header >L"])("with %p they are", async (options) => {
    expect(await told(...options.split(" ").filter(Boolean))).toEqual([true, true, true, true]);
  });

  test.each(["--frame-header !Q", "--frame-header <I", "--frame-ack", "--framed-port off"])(
    "with %p they are not",
    async (options) => {
      expect(await told(...options.split(" "))).toEqual([false, false, false, false]);
    },
  );
});

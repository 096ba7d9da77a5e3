import { expect } from "bun:test";
import { mkdirSync } from "node:fs";
import { client } from "../support/clients.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";

const bash = client("bash");
const curl = client("curl");

bash.test("the announcement's commands for files get and add them, as they are", async () => {
  using folder = new TempFolder();
  const share = folder.file("my share");
  mkdirSync(share);
  await Bun.write(`${share}/old.txt`, "old");
  for (const name of ["one.txt", "two.txt"]) await Bun.write(folder.file(name), name);
  await using program = new Program(
    [
      TINCAN,
      "serve",
      share,
      "--allow-upload",
      "--min-free",
      "0",
      "--base-port",
      "0",
      "--state-dir",
      folder.file("state"),
    ],
    { env: { PATH: "/nowhere" } },
  );
  const said = await program.stdout.readUntil("Ctrl-C\n");
  const lines = said.slice(said.indexOf("The files in")).split("\n").slice(1, 5);
  const [get = "", page = "", put = "", upload = ""] = lines.map((line) => line.trim());
  const steps = [
    get.replace("NAME", "old.txt"),
    `"${curl.path}" -sS -o copy.txt ${page.replace("NAME", "old.txt")}`,
    put.replace("FILE", "one.txt"),
    upload.replace("curl ", `"${curl.path}" -sS `).replace("FILE", "two.txt"),
  ];
  const { code, stderr } = await run([bash.path, "-e", "-c", steps.join("\n")], { cwd: folder.path });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const text = (path: string) => Bun.file(path).text();
  expect([await text(folder.file("old.txt")), await text(folder.file("copy.txt"))]).toEqual(["old", "old"]);
  expect([await text(`${share}/one.txt`), await text(`${share}/two.txt`)]).toEqual(["one.txt", "two.txt"]);
  bash.exchanged(2);
  curl.exchanged(2);
});

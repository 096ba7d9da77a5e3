import { describe, expect, test } from "bun:test";
import type { Permission } from "../../../src/accounts/permission.ts";
import { openDoorWarning, sharingText } from "../../../src/commands/serve/announce-files.ts";

const reach = { host: "127.0.0.1", framed: 8400, ftp: 8421, http: "http://127.0.0.1:8480/files" };
const sharing = (...rights: readonly Permission[]) => ({ dir: "share", rights: new Set(rights) });

describe("the announcement says what may be done with the files", () => {
  test.each([
    [["read"], 'The files in "share" are shared read-only.'],
    [["read", "upload"], 'The files in "share" are shared with everybody, who may read and add files.'],
    [
      ["read", "upload", "write"],
      'The files in "share" are shared with everybody, who may read and add, overwrite, rename and delete files.',
    ],
    [["upload"], 'The files in "share" are for accounts alone, but everybody may add files.'],
    [[], 'The files in "share" are for accounts alone.'],
  ] satisfies [Permission[], string][])("%j", (rights, sentence) => {
    expect(sharingText(sharing(...rights), reach, "tincan").split("\n")[0]).toBe(sentence);
  });

  test("with how to get one", () => {
    expect(sharingText(sharing("read"), reach, "/opt/tincan").split("\n").slice(1)).toEqual([
      "  /opt/tincan get 127.0.0.1/NAME",
      "  http://127.0.0.1:8480/files/NAME",
      "",
    ]);
  });

  test("and, where everybody may, with how to add one", () => {
    const after = (...rights: readonly Permission[]) =>
      sharingText(sharing(...rights), reach, "/opt/tincan")
        .split("\n")
        .slice(1);
    const add = ["  /opt/tincan put FILE 127.0.0.1/", "  curl -T FILE http://127.0.0.1:8480/files/", ""];
    expect(after("read", "upload").slice(2)).toEqual(add);
    expect(after("upload")).toEqual(add);
    expect(after()).toEqual([""]);
  });
});

describe("the warning box", () => {
  test("is shown when strangers from elsewhere may change something", () => {
    const box = openDoorWarning({ ...sharing("read", "upload"), dir: "共享" }, ["10.0.0.5"]) ?? "";
    const lines = box.trimEnd().split("\n");
    expect(lines[1]).toContain("WARNING: anyone who reaches 10.0.0.5 may add files");
    expect(new Set(lines.map((line) => Bun.stringWidth(line))).size).toBe(1);
    expect(lines[0]?.length).toBeLessThanOrEqual(80);
  });

  test("is not shown on this machine alone, nor for a share that is only read", () => {
    expect(openDoorWarning(sharing("read", "upload", "write"), [])).toBeNull();
    expect(openDoorWarning(sharing("read"), ["10.0.0.5"])).toBeNull();
  });
});

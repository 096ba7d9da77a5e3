import { describe, expect, test } from "bun:test";
import { ALL_FACTS, factsLine, featureFacts, listFacts, selectFacts } from "../../../../protocols/ftp/listing/facts.ts";
import { file, folder, rights } from "./entries.ts";

const all = { facts: ALL_FACTS, rights: rights("read") };

test("all of a file and of a folder", () => {
  expect(factsLine(file(), "a.txt", all)).toBe(
    "type=file;size=1234;modify=20261126063700;perm=r;unique=fd01-12f;UNIX.mode=0644; a.txt",
  );
  expect(factsLine(folder(), "/my photos", all)).toBe(
    "type=dir;modify=20261126063700;perm=el;unique=fd01-130;UNIX.mode=0755; /my photos",
  );
});

test.each([
  ["type;size;", "type;size;", "type=file;size=1234; a"],
  ["SIZE;Type;unix.MODE;", "type;size;UNIX.mode;", "type=file;size=1234;UNIX.mode=0644; a"],
  ["modify", "modify;", "modify=20261126063700; a"],
  ["size;create;lang;size;", "size;", "size=1234; a"],
  ["nothing;", "", " a"],
  ["", "", " a"],
])("OPTS MLST %s selects %s", (argument, listed, line) => {
  const facts = selectFacts(argument);
  expect(listFacts(facts)).toBe(listed);
  expect(factsLine(file(), "a", { ...all, facts })).toBe(line);
});

test("FEAT marks those that are selected", () => {
  expect(featureFacts(ALL_FACTS)).toBe("type*;size*;modify*;perm*;unique*;UNIX.mode*;");
  expect(featureFacts(selectFacts("size;"))).toBe("type;size*;modify;perm;unique;UNIX.mode;");
});

describe("what the visitor may do", () => {
  const facts = selectFacts("perm;");

  test.each([
    [rights("read"), "perm=r; a", "perm=el; a"],
    [rights("read", "upload"), "perm=r; a", "perm=celm; a"],
    [rights("upload"), "perm=; a", "perm=cem; a"],
    [rights("read", "upload", "write"), "perm=adfrw; a", "perm=cdeflmp; a"],
    [rights("read", "write"), "perm=dfr; a", "perm=deflp; a"],
    [rights(), "perm=; a", "perm=; a"],
  ])("%#", (may, ofFile, ofFolder) => {
    expect(factsLine(file(), "a", { facts, rights: may })).toBe(ofFile);
    expect(factsLine(folder(), "a", { facts, rights: may })).toBe(ofFolder);
  });

  test("to the root is not to rename or delete it", () => {
    expect(factsLine(folder({ name: "" }), "/", { facts, rights: rights("read", "upload", "write") })).toBe(
      "perm=celmp; /",
    );
  });
});

test("a name cannot forge a line", () => {
  expect(factsLine(file(), "a\r\ntype=dir; b\0", { ...all, facts: [] })).toBe(" a??type=dir; b?");
});

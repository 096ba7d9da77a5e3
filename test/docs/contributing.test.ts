import { expect, test } from "bun:test";
import { dependencies, devDependencies, scripts } from "../../package.json";
import { Page } from "./markdown.ts";

const page = Page.read("CONTRIBUTING.md");

test("CONTRIBUTING says of every dependency, and of nothing else, why it is there", () => {
  const rows = page.section("Dependencies").rows();
  const listed = rows.map(([name = ""]) => name.replaceAll("`", ""));
  expect(listed).toEqual([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
  for (const [name, why = ""] of rows) expect([name, why.length > 10]).toEqual([name, true]);
});

test("the scripts that the pages name are there", () => {
  for (const name of ["README.md", "CONTRIBUTING.md", "SECURITY.md"]) {
    const named = Page.read(name).text.matchAll(/npm (?:run )?(start|test|(?<=run )\w+)/g);
    for (const [, script = ""] of named) expect(Object.keys(scripts)).toContain(script);
  }
});

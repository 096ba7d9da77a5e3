import { expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Page } from "./markdown.ts";

const ROOT = resolve(import.meta.dir, "../..");
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "docs/files.md",
  ...readdirSync(join(ROOT, "protocols"), { withFileTypes: true })
    .map(({ name }) => `protocols/${name}/README.md`)
    .filter((path) => existsSync(join(ROOT, path))),
];

/** As GitHub makes them of headings. */
function anchors({ text }: Page): string[] {
  const headings = text.replace(/^```.*?^```$/gms, "").matchAll(/^#+ (.*)$/gm);
  return Array.from(headings, ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test.each(PAGES)("the links and paths of %s lead somewhere", (name) => {
  const { text } = Page.read(name);
  const links = Array.from(text.matchAll(/\]\(([^)\s]+)\)|^\[\w+\]: (\S+)$/gm), ([, a, b]) => a ?? b ?? "");
  for (const link of links.filter((each) => !each.startsWith("https://"))) {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? name : relative(ROOT, resolve(ROOT, dirname(name), path));
    expect([link, existsSync(join(ROOT, target))]).toEqual([link, true]);
    if (anchor !== undefined) expect(anchors(Page.read(target))).toContain(anchor);
  }
  const paths = text.matchAll(/`((?:src|test|scripts|protocols|examples)\/[^`*\s]*)`/g);
  for (const [, path = ""] of paths)
    if (!path.includes("NAME")) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
});

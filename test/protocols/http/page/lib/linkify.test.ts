import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { linkify } from "../../../../../protocols/http/page/app/lib/linkify.ts";
import { fileUrl } from "../../../../../protocols/http/page/app/lib/urls.ts";

const links = (text: string) => linkify(text).flatMap(({ href }) => (href === null ? [] : [href]));

describe("links", () => {
  test.each([
    ["see http://127.0.0.1:8480/files/a%20b.txt.", ["http://127.0.0.1:8480/files/a%20b.txt"]],
    ["(https://example.org/a_(b)) and ftp://host:21/x!", ["https://example.org/a_(b)", "ftp://host:21/x"]],
    ["在这里：https://例子.中国/路径。谢谢", ["https://例子.中国/路径"]],
    ["http://[::1]:8480/files/", ["http://[::1]:8480/files/"]],
    ["https://example.org/?q=1&r=2#top, yes", ["https://example.org/?q=1&r=2#top"]],
    ["javascript:alert(1) data:text/html,x file:///etc/passwd mailto:a@b", []],
    ["http:// https://", []],
    ["xhttp://example.org", []],
    ['http://example.org/"onmouseover="alert(1)', ["http://example.org/"]],
    ["<http://example.org/>", ["http://example.org/"]],
  ])("of %j", (text, found) => {
    expect(links(text)).toEqual(found);
  });

  test("whatever a file is called, its address in a sentence leads to it", () => {
    const name = fc
      .string({ unit: "binary", minLength: 1 })
      .filter((text) => text.isWellFormed() && !text.includes("/") && !/^\.{1,2}$/.test(text));
    const named = fc.oneof(name, fc.constantFrom("it's.txt", "draft_", "etc.", "what!", "a (2)", "~", "*"));
    fc.assert(
      fc.property(fc.array(named, { minLength: 1 }), (names) => {
        const url = fileUrl("http://box:8480/", `/${names.join("/")}`);
        expect(links(`I added ${url}, (${url}) and ${url}.`)).toEqual([url, url, url]);
        const { pathname } = new URL(url);
        expect(pathname.split("/").slice(2).map(decodeURIComponent)).toEqual(names);
      }),
    );
  });

  test("the pieces are the text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constant("http://a.b/c)."), fc.webUrl())),
        (parts) => {
          const text = parts.join(" ");
          expect(
            linkify(text)
              .map((piece) => piece.text)
              .join(""),
          ).toBe(text);
          for (const href of links(text)) expect(href).toMatch(/^(https?|ftp):\/\//i);
        },
      ),
    );
  });
});

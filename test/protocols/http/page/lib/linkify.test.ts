import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { linkify } from "../../../../../protocols/http/page/app/lib/linkify.ts";

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

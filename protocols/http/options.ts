import { quote } from "../../src/bytes/text.ts";
import { duration, list, type Option, OptionError, type OptionTable, optional, text } from "../../src/config/option.ts";

/** The settings of the http door alone. */
export const httpOptions = {
  httpName: list("name under which browsers may ask this server, beside its addresses and localhost", [], "NAME"),
  httpIdle: duration("a browser's connection may wait so long for its next request", 60_000),
  pathPrefix: pathPrefix(),
  site: optional(text("folder with a site of your own for /; the page moves to /tincan/", "", "DIR"), "none"),
} satisfies OptionTable;

/** What stands before every path, where a proxy serves more than tincan: "/chat" or nothing. */
function pathPrefix(): Option<string> {
  const plain = text("what stands before every path of the http door, where a proxy serves more", "", "/PATH");
  return {
    ...plain,
    parse(given) {
      const path = given.replace(/\/+$/, "");
      if (path === "" || /^(\/[\w.~-]+)+$/.test(path)) return path;
      throw new OptionError(`${quote(given)} is no path; try /chat`);
    },
    show: (value) => value || "none",
  };
}

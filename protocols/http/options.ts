import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { quote } from "../../src/bytes/text.ts";
import { bareHost } from "../../src/bytes/url.ts";
import { list, type Option, OptionError, type OptionTable, optional, silence, text } from "../../src/config/option.ts";

/** The settings of the http door alone. */
export const httpOptions = {
  httpName: list(
    "name under which browsers may ask this server, beside its addresses and localhost",
    [],
    "NAME",
    hostName,
  ),
  httpIdle: silence("a browser's connection may wait so long for its next request", 60_000),
  pathPrefix: pathPrefix(),
  site: optional(text("folder with a site of your own for /; the page moves to /tincan/", "", "DIR"), "none"),
} satisfies OptionTable;

/**
 * What `Host` may say, as browsers write it there: without a port, and in Punycode (RFC 3492). One that stands for all is
 * refused with the rest: DNS rebinding is what the names are there against.
 */
function hostName(word: string): string {
  const bare = bareHost(word);
  if (isIP(bare) > 0) return bare;
  // It would leave out what stands behind the name in a URL.
  const ascii = /[/?#\\]/.test(word) ? "" : domainToASCII(word);
  if (ascii.length <= 253 && /^(?!-)[\w-]{1,63}(\.[\w-]{1,63})*\.?$/.test(ascii)) return ascii;
  throw new OptionError(`${quote(word)} is no name of a host; try chat.example.org, without https:// and port`);
}

/** What stands before every path, where a proxy serves more than tincan: "/chat" or nothing. */
function pathPrefix(): Option<string> {
  const plain = text("what stands before every path of the http door, where a proxy serves more", "", "/PATH");
  return {
    ...plain,
    parse(given) {
      const path = given.replace(/\/+$/, "");
      // Browsers take `.` and `..` out of an address before they ask for it.
      if (path === "" || /^(\/(?!\.\.?(?:\/|$))[\w.~-]+)+$/.test(path)) return path;
      throw new OptionError(`${quote(given)} is no path; try /chat`);
    },
    show: (value) => value || "none",
  };
}

import { ok, strictEqual } from "node:assert";
import { ALL_FACTS, factsLine } from "../../protocols/ftp/listing/facts.ts";
import { withoutFlags } from "../../protocols/ftp/listing/flags.ts";
import { compileGlob } from "../../protocols/ftp/listing/glob.ts";
import { parseTimeVal } from "../../protocols/ftp/listing/time-val.ts";
import { unixLine } from "../../protocols/ftp/listing/unix.ts";
import { CHARSET_NAMES, charsetOf } from "../../src/bytes/charset.ts";
import { file, rights } from "../protocols/ftp/listing/entries.ts";

/**
 * The first byte chooses a charset; the rest is a name, and a pattern, and an argument of LIST: whatever is read can be
 * written as it was, no name makes two lines, and every pattern comes to an end.
 */
export const target = {
  name: "names",
  corpus: ["\0plain", "\x01\xc4\xe3\xba\xc3.txt", "\x03[a-z]*?*", "\x07\xff\xe1 -la", "\0-al -- x\r\n226 done"].map(
    (text) => Uint8Array.from(text, (char) => char.charCodeAt(0)),
  ),
  run(input: Uint8Array): void {
    const [choice = 0, ...rest] = input;
    const charset = charsetOf(CHARSET_NAMES[choice % CHARSET_NAMES.length] ?? "");
    ok(charset !== null);
    const bytes = Uint8Array.from(rest);
    const name = charset.decode(bytes) ?? charset.decodeLossy(bytes);
    const written = charset.encode(name);
    if (written !== null) strictEqual(charset.decode(written), name);
    else ok(charset.decode(bytes) === null, "what was read cannot be written");
    const entry = file({ name });
    for (const line of [unixLine(entry, 0), factsLine(entry, name, { facts: ALL_FACTS, rights: rights("read") })]) {
      ok(!/[\r\n\0]/.test(line), "a name has ended its line");
    }
    compileGlob(name)?.(name);
    compileGlob("*?*[!a]*")?.(name);
    ok(withoutFlags(name).length <= name.length);
    parseTimeVal(name);
  },
};

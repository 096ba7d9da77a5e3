import { quote } from "../../src/bytes/text.ts";
import type { Result } from "./command.ts";
import { chmod } from "./files.ts";
import { helpReply } from "./help.ts";
import { Refusal } from "./refusal.ts";
import type { FtpSession } from "./session.ts";

interface SiteCommand {
  readonly verb: string;
  readonly argument: string;
  readonly help: string;
  run(session: FtpSession, argument: string): Result;
}

/** RFC 959, section 4.1.3, SITE: what is this server's own. */
export const siteCommands: readonly SiteCommand[] = [
  { verb: "CHMOD", argument: "MODE NAME", help: "set the permission bits, in octal", run: chmod },
  {
    verb: "HELP",
    argument: "[COMMAND]",
    help: "list these, or explain one",
    run: (_, name) => helpReply(siteCommands, name),
  },
];

export function site(session: FtpSession, argument: string): Result {
  const [, word = "", rest = ""] = /^(\S+) ?(.*)$/s.exec(argument) ?? [];
  const command = siteCommands.find(({ verb }) => verb === word.toUpperCase());
  if (command === undefined) throw new Refusal(504, `there is no SITE ${quote(word)}; SITE HELP lists them`);
  if (command.verb !== "HELP" && session.login === null) throw new Refusal(530, "log in first, with USER and PASS");
  return command.run(session, rest);
}

import { quote } from "../../src/bytes/text.ts";
import type { FtpCommand } from "./command.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";

const A_LINE = 8;

/** HELP: all commands, or what one of them does (RFC 959, section 4.1.3). */
export function helpReply(commands: readonly Pick<FtpCommand, "verb" | "argument" | "help">[], asked: string): Reply {
  if (asked !== "") {
    const verb = asked.trim().toUpperCase();
    const found = commands.find((command) => command.verb === verb);
    if (found === undefined) throw new Refusal(501, `there is no command ${quote(verb)}`);
    const { argument, help } = found;
    return { code: 214, text: `${verb}${argument === "" ? "" : ` ${argument}`}: ${help}` };
  }
  const lines: string[] = [];
  for (let at = 0; at < commands.length; at += A_LINE) {
    const row = commands.slice(at, at + A_LINE);
    lines.push(
      row
        .map(({ verb }) => verb.padEnd(5))
        .join(" ")
        .trimEnd(),
    );
  }
  return { code: 214, text: "These commands are known:", lines, last: "HELP and a command explains it" };
}

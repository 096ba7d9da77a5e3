import { existsSync } from "node:fs";
import { quote } from "../../bytes/text.ts";
import { CommandError, Exit } from "../../exit.ts";
import { codeOf } from "../../thrown.ts";

/** What a resolver says of a name that it does not know, or where there is no resolver. */
const NO_HOST: readonly string[] = ["ENOTFOUND", "DNS_ENOTFOUND", "EAI_AGAIN"];

/**
 * Who knows cp names last where the files go, which `get` is told by -o: its last argument is one more source. What is a
 * path of this machine, or a file or folder here and no path on a server, is hardly a host.
 * @param recursive a host alone is of use, and what an earlier run fetched from it lies in a folder of its name
 * @throws CommandError (usage)
 */
export function refuseTargetLast(texts: readonly string[], recursive: boolean): void {
  const last = texts.at(-1) ?? "";
  const isPath = /^\.{0,2}(\/|$)/.test(last);
  const isHere = !recursive && /^[^/]+\/?$/.test(last) && existsSync(last);
  if (texts.length < 2 || !(isPath || isHere)) return;
  const what = isPath ? "a path" : "a file or folder";
  throw new CommandError(Exit.usage, `${quote(last, 200)} is ${what} of this machine; ${howToName(last)}`);
}

/** An error of reaching the host of a source, with what was probably meant where there is no such host. */
export function explainHost(error: unknown, text: string, isLastOfSeveral: boolean): unknown {
  const cause = error instanceof CommandError ? error.cause : null;
  if (!(error instanceof CommandError && NO_HOST.includes(codeOf(cause)))) return error;
  const how = isLastOfSeveral ? howToName(text) : `name a file as ${quote(`HOST/${text}`, 200)}`;
  if (!isLastOfSeveral && text.includes("/")) return error;
  return new CommandError(error.code, `${error.message}; ${how}`, { cause });
}

function howToName(target: string): string {
  return `where the files go is said by ${quote(`-o ${target}`, 200)}`;
}

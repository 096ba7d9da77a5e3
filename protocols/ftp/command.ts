import type { Permission } from "../../src/accounts/permission.ts";
import { noRight, REFUSALS } from "../../src/files/no-right.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import type { FtpSession } from "./session.ts";

/** What a command answers; nothing when it has answered, or a transfer will. */
export type Result = Reply | undefined | Promise<Reply | undefined>;

/** A command: what is checked before it runs, and how HELP and the table of compliance show it. */
export interface FtpCommand {
  readonly verb: string;
  /** The argument as HELP shows it; "" for none, all of it in brackets when it may be left out. */
  readonly argument: string;
  /** Only for who has logged in. */
  readonly login: boolean;
  /** What the visitor must be allowed; null where the vault alone can tell. Who may write may also upload. */
  readonly permission: Permission | null;
  /** Obeyed while a transfer runs; others wait for its end. */
  readonly duringTransfer: boolean;
  readonly help: string;
  /** The RFC or draft that defines it. */
  readonly source: string;
  /** @throws Refusal, VaultError (or rejects with them) */
  run(session: FtpSession, argument: string): Result;
}

const MAY_BE_LEFT_OUT = /^\[[^\]]*\]$/;

/** Checks what the table says of a command. Gives the argument as it is to be taken. @throws Refusal, VaultError */
export function checkCommand(command: FtpCommand, argument: string, { login }: FtpSession): string {
  const { verb, permission } = command;
  if (command.login && login === null) throw new Refusal(530, "log in first, with USER and PASS");
  const takesNone = command.argument === "";
  if (takesNone && argument.trim() !== "") throw new Refusal(501, `${verb} has no argument`);
  if (argument === "" && !takesNone && !MAY_BE_LEFT_OUT.test(command.argument)) {
    throw new Refusal(501, `${verb} needs an argument: ${verb} ${command.argument}`);
  }
  if (permission !== null && login !== null && !login.visitor.may(permission))
    throw noRight(login.visitor, REFUSALS[permission]);
  return takesNone ? "" : argument;
}

import { type Account, refusesName } from "../../accounts/account.ts";
import type { AccountTable } from "../../accounts/account-table.ts";
import type { AccountsFile } from "../../accounts/accounts-file.ts";
import { hashPassword } from "../../accounts/password.ts";
import { formatPermissions } from "../../accounts/permission.ts";
import { quote } from "../../bytes/text.ts";
import { nameKeys } from "../../chat/names.ts";
import { CommandError, Exit } from "../../exit.ts";
import { nearest } from "../../nearest.ts";
import { tellDaemon, withAccounts } from "../operator/accounts-file.ts";
import { newPassword } from "./new-password.ts";
import { readHome, readPermissions } from "./settings.ts";

export interface UserSettings {
  readonly folder: string;
  readonly allow: string | undefined;
  readonly home: string | undefined;
}

/** Makes an account. @throws CommandError: 64 for what cannot be, 1 when there is one of that name */
export async function addUser(name: string, { folder, allow = "", home = "/" }: UserSettings): Promise<void> {
  const refusal = refusesName(name) ?? refusesForChat(name);
  if (refusal !== null) throw new CommandError(Exit.usage, `${quote(name)} cannot be an account: ${refusal}`);
  const account = { name: name.normalize("NFC"), permissions: readPermissions(allow), home: readHome(home) };
  await withAccounts(folder, { create: false, early: true }, (file) => {
    if (file?.accounts.find(name) != null) throw exists(name);
  });
  const hash = await hashPassword(await newPassword(account.name));
  await withAccounts(folder, { create: true }, (file) => {
    if (file?.accounts.add({ ...account, hash, created: Date.now() }) === false) throw exists(name);
  });
  await tellDaemon(folder);
  const may = account.permissions.size === 0 ? "" : ` and ${formatPermissions(account.permissions, ", ")}`;
  tell(`added ${quote(account.name)}: may do what everybody may${may}; home ${account.home}`);
  warnOfHome(account);
}

/** In the chat it would speak for the server. */
function refusesForChat(name: string): string | null {
  const own = nameKeys("tincan");
  return nameKeys(name.normalize("NFC")).some((key) => own.includes(key))
    ? "that name is the server's own; take another"
    : null;
}

/** A home is made when its account comes for the first time and may upload. What everybody may is not known here. */
function warnOfHome({ home, permissions }: Pick<Account, "home" | "permissions">): void {
  if (home.includes("/.")) {
    tell(
      `the folder ${quote(home)} is hidden: the account sees nothing, unless the server was started with --dotfiles`,
    );
  }
  if (home === "/" || permissions.has("upload") || permissions.has("write")) return;
  const how = "make it there, unless everybody may upload; until then the account sees nothing";
  tell(`the folder ${quote(home)} of the share is not made for who may not upload: ${how}`);
}

/** Changes what an account may do, and where. @throws CommandError: 64 without anything to change, 1 without the account */
export async function setUser(name: string, { folder, allow, home }: UserSettings): Promise<void> {
  if (allow === undefined && home === undefined)
    throw new CommandError(Exit.usage, "say what to change: --allow LIST or --home DIR");
  const change = {
    ...(allow === undefined ? {} : { permissions: readPermissions(allow) }),
    ...(home === undefined ? {} : { home: readHome(home) }),
  };
  await changing(name, folder, (accounts) => accounts.change(name, change));
  tell(`changed ${quote(name)}`);
  const changed = await withAccounts(folder, { create: false }, (file) => file?.accounts.find(name));
  if (changed) warnOfHome(changed);
}

/** Gives an account another password. @throws CommandError: 1 without the account */
export async function changePassword(name: string, { folder }: UserSettings): Promise<void> {
  await withAccounts(folder, { create: false }, (file) => {
    if (file?.accounts.find(name) == null) throw absent(name, file);
  });
  const hash = await hashPassword(await newPassword(name));
  await changing(name, folder, (accounts) => accounts.change(name, { hash }));
  tell(`changed the password of ${quote(name)}`);
}

/** Removes an account. @throws CommandError: 1 when there is none of that name */
export async function removeUser(name: string, { folder }: UserSettings): Promise<void> {
  await changing(name, folder, (accounts) => accounts.remove(name));
  tell(`removed ${quote(name)}`);
}

async function changing(name: string, folder: string, change: (accounts: AccountTable) => boolean): Promise<void> {
  await withAccounts(folder, { create: false }, (file) => {
    if (file === null || !change(file.accounts)) throw absent(name, file);
  });
  await tellDaemon(folder);
}

function exists(name: string): CommandError {
  return new CommandError(
    Exit.failed,
    `there is an account ${quote(name)} already; "tincan user set" and "tincan user passwd" change it`,
  );
}

function absent(name: string, file: AccountsFile | null): CommandError {
  const meant = nearest(name, file?.accounts.all().map((account) => account.name) ?? []);
  const hint = meant === null ? '"tincan user list" shows which there are' : `did you mean ${quote(meant)}`;
  return new CommandError(Exit.failed, `there is no account ${quote(name)}; ${hint}`);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

import type { Account } from "../../accounts/account.ts";
import { formatPermissions } from "../../accounts/permission.ts";
import { safeJson } from "../../client/json-text.ts";
import { formatTable } from "../../client/table.ts";
import { withAccounts } from "../operator/accounts-file.ts";

const COLUMNS = [{ title: "NAME" }, { title: "MAY ALSO" }, { title: "HOME" }, { title: "SINCE" }];

/** Prints the accounts by name, for people in a table, for programs a line of JSON each. */
export async function listUsers({ folder, json }: { readonly folder: string; readonly json: boolean }): Promise<void> {
  const accounts = await withAccounts(folder, { create: false }, (file) => file?.accounts.all() ?? []);
  if (json) {
    process.stdout.write(accounts.map((account) => `${safeJson(JSON.stringify(fields(account)))}\n`).join(""));
    return;
  }
  if (accounts.length === 0) {
    process.stdout.write('there are no accounts; "tincan user add NAME" makes one\n');
    return;
  }
  process.stdout.write(`${formatTable(COLUMNS, accounts.map(row))}\n`);
}

function fields({ name, permissions, home, created }: Account): object {
  return { name, allow: [...permissions], home, created: new Date(created).toISOString() };
}

function row({ name, permissions, home, created }: Account): readonly string[] {
  const may = permissions.size === 0 ? "-" : formatPermissions(permissions, ", ");
  return [name, may, home, new Date(created).toISOString().slice(0, 10)];
}

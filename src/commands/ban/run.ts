import type { Ban } from "../../accounts/ban.ts";
import { formatLeft } from "../../bytes/amounts.ts";
import { quote } from "../../bytes/text.ts";
import { safeJson } from "../../client/json-text.ts";
import { type Column, formatTable } from "../../client/table.ts";
import { duration, OptionError } from "../../config/option.ts";
import { CommandError, Exit } from "../../exit.ts";
import { canonicalNetwork } from "../../net/blocklist.ts";
import { isOf, parseNetwork } from "../../net/by-network.ts";
import { tellDaemon, withAccounts } from "../operator/accounts-file.ts";

const COLUMNS: readonly Column[] = [
  { title: "BANNED" },
  { title: "UNTIL" },
  { title: "" },
  { title: "REASON", least: 10 },
];

/** A reason is for a list, in UTF-8 bytes. */
const MOST_REASON = 200;
/** A hundred years, in milliseconds: the end of a longer ban would sooner or later be no date. */
const LONGEST_MS = 36_525 * 86_400_000;

export interface BanSettings {
  readonly folder: string;
  readonly for?: string;
  readonly reason?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** Keeps an address or a network out. @throws CommandError (64) for what is none */
export async function ban(address: string, settings: BanSettings): Promise<void> {
  const { folder, reason = "" } = settings;
  if (settings.list === true || settings.json === true)
    throw new CommandError(Exit.usage, "--list and --json list the bans; leave out the address");
  const network = checkNetwork(address);
  checkReason(reason);
  const since = Date.now();
  const until = settings.for === undefined ? null : since + parseTime(settings.for);
  await withAccounts(folder, { create: true }, (file) => file?.bans.add({ network, since, until, reason }));
  await tellDaemon(folder);
  tell(
    `banned ${network} ${until === null ? "until it is lifted" : `for ${left(until, since)}, until ${time(until)}`}`,
  );
}

/** Lifts a ban. @throws CommandError: 64 for what is no address, 1 when it was not banned */
export async function unban(address: string, folder: string): Promise<void> {
  const network = checkNetwork(address);
  await withAccounts(folder, { create: false }, (file) => {
    if (file?.bans.remove(network) === true) return;
    const wider = file?.bans.all(Date.now()).find((other) => covers(other.network, address));
    const hint = wider === undefined ? '"tincan ban" lists who is' : `but ${wider.network} is, which it is in`;
    throw new CommandError(Exit.failed, `${network} is not banned; ${hint}`);
  });
  await tellDaemon(folder);
  tell(`${network} is no longer banned`);
}

/** Prints who is banned, oldest first. */
export async function listBans({ folder, json = false, for: time, reason }: BanSettings): Promise<void> {
  if (time !== undefined || reason !== undefined)
    throw new CommandError(Exit.usage, "say whom to ban: an address, or a network such as 10.0.0.0/8");
  const now = Date.now();
  const bans = await withAccounts(folder, { create: false }, (file) => file?.bans.all(now) ?? []);
  if (json) process.stdout.write(bans.map((each) => `${safeJson(JSON.stringify(fields(each)))}\n`).join(""));
  else if (bans.length === 0) tell("nobody is banned");
  else {
    const rows = bans.map((each) => row(each, now));
    tell(formatTable(COLUMNS, rows, process.stdout.columns || Number.POSITIVE_INFINITY));
  }
}

function checkNetwork(text: string): string {
  const network = canonicalNetwork(text);
  if (network !== null) return network;
  throw new CommandError(Exit.usage, `${quote(text)} is no address; try 10.0.0.5, 10.0.0.0/8 or 2001:db8::/64`);
}

function checkReason(reason: string): void {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(reason)) throw new CommandError(Exit.usage, "the reason must be one line of text");
  if (Buffer.byteLength(reason) > MOST_REASON)
    throw new CommandError(
      Exit.usage,
      `the reason ${quote(reason, 20)} is too long; give at most ${MOST_REASON} bytes`,
    );
}

function parseTime(text: string): number {
  try {
    const ms = duration("", 0, "10m, 2h or 7d").parse(text);
    if (ms > 0 && ms <= LONGEST_MS) return ms;
    const why = ms > 0 ? "more than 100 years" : "over at once";
    throw new OptionError(`${quote(text)} is ${why}; leave --for out for a ban without an end`);
  } catch (error) {
    if (error instanceof OptionError) throw new CommandError(Exit.usage, `--for ${error.message}`);
    throw error;
  }
}

function covers(network: string, address: string): boolean {
  const parsed = parseNetwork(network);
  return parsed !== null && isOf(parsed, address);
}

function fields({ network, since, until, reason }: Ban): object {
  return { network, since: iso(since), until: until === null ? null : iso(until), reason };
}

function row({ network, until, reason }: Ban, now: number): readonly string[] {
  return [network, ...(until === null ? ["for good", ""] : [time(until), `in ${left(until, now)}`]), reason];
}

function left(until: number, now: number): string {
  return formatLeft((until - now) / 1000);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** 2026-01-02 03:04:05 UTC */
function time(ms: number): string {
  return `${iso(ms).slice(0, 19).replace("T", " ")} UTC`;
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

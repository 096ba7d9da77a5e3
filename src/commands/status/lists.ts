import { formatPercent, formatRate, formatSize, formatSpan } from "../../bytes/amounts.ts";
import { type Column, formatTable } from "../../client/table.ts";
import type { Person, TransferStatus } from "../../control/status.ts";
import type { Room } from "./room.ts";

const PEOPLE: readonly Column[] = [
  { title: "WHO", least: 10 },
  { title: "ACCOUNT", least: 7 },
  { title: "DOOR" },
  { title: "ADDRESS", least: 15 },
  { title: "UNREAD", right: true },
];

const TRANSFERS: readonly Column[] = [
  { title: "TRANSFER", least: 20 },
  { title: "DOOR", spare: true },
  { title: "WHO", least: 11 },
  { title: "DONE", right: true, spare: true },
  { title: "SIZE", right: true },
  { title: "", right: true },
  { title: "RATE", right: true },
  { title: "LEFT", right: true },
];

/** Who is there; `members` may be more than are listed. Empty without anybody. */
export function peopleTable(
  people: readonly Person[],
  members: number,
  most: number,
  { columns }: Room,
): readonly string[] {
  if (people.length === 0) return [];
  const rows = people
    .slice(0, most)
    .map(({ name, account, door, host, pending }) => [
      name ?? "-",
      account ?? "-",
      door,
      host === "" ? "unix" : host,
      pending === 0 ? "-" : formatSize(pending),
    ]);
  return ["", formatTable(PEOPLE, rows, columns), ...more(Math.max(people.length, members), most)];
}

export function transferTable(
  transfers: readonly TransferStatus[],
  most: number,
  { columns }: Room,
): readonly string[] {
  if (transfers.length === 0) return [];
  const rows = transfers.slice(0, most).map((transfer) => {
    const { door, account, host, direction, path, offset, bytes, size, rate, eta } = transfer;
    return [
      `${direction} ${path}`,
      door,
      account ?? host,
      formatSize(offset + bytes),
      size === null ? "?" : formatSize(size),
      size === null ? "" : formatPercent(offset + bytes, size),
      formatRate(rate),
      eta === null ? "-:--" : formatSpan(eta),
    ];
  });
  return ["", formatTable(TRANSFERS, rows, columns), ...more(transfers.length, most)];
}

function more(all: number, shown: number): readonly string[] {
  return all > shown ? [`and ${count(all - shown)} more`] : [];
}

export function some(number: number, what: string): string {
  return `${count(number)} ${what}${number === 1 ? "" : "s"}`;
}

export function count(number: number): string {
  return number.toLocaleString("en-US");
}

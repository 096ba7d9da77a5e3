import { formatPercent, formatRate, formatSize, formatSpan } from "../../bytes/amounts.ts";
import { escapeText } from "../../bytes/text.ts";
import { type Column, formatTable } from "../../client/table.ts";
import type { Person, Status, TransferStatus } from "../../control/status.ts";
import { formatAddress, socketAddress } from "../../net/address.ts";
import type { Listener } from "../../net/door.ts";

/** More rows of a table nobody reads. */
const MOST_ROWS = 20;
const MOST_ROOMS = 10;

const right = (title: string): Column => ({ title, right: true });
const left = (title: string): Column => ({ title });

/** A status for people, in lines without a newline at the end. */
export function report(status: Status): string {
  const { version, pid, uptime, memory, share, connections, members, rooms } = status;
  const shared = share === null ? "no files" : `the files in ${escapeText(share)}`;
  const limit = `${count(connections.active)} of ${count(connections.limit)} connections`;
  const talk = `${some(members, "member")} in ${some(rooms.length, "room")}`;
  return [
    `tincan ${escapeText(version)}, pid ${pid}, up ${formatSpan(uptime)}, ${formatSize(memory.rss)} of memory, shares ${shared}`,
    `${limit}, ${count(connections.waiting)} waiting; ${talk}; ${some(status.transfers.length, "transfer")}`,
    "",
    doorTable(status.doors),
    ...roomList(rooms),
    ...peopleTable(status.people, members),
    ...transferTable(status.transfers),
  ].join("\n");
}

function doorTable(doors: Status["doors"]): string {
  const numbers = ["ACTIVE", "WAITING", "LIMIT", "REFUSED", "SEEN", "IN", "OUT"].map(right);
  const rows = Object.entries(doors).map(([name, door]) => [
    name,
    door.listeners.length === 0 ? "closed" : door.listeners.map(address).join(" "),
    ...[door.active, door.waiting, door.limit, door.refused, door.accepted + (door.datagrams?.in ?? 0)].map(count),
    ...[door.bytesIn, door.bytesOut].map(formatSize),
  ]);
  return formatTable([left("DOOR"), left("LISTENS ON"), ...numbers], rows);
}

function address({ transport, host, port }: Listener): string {
  if (transport === "unix") return `unix:${host}`;
  const where = formatAddress(socketAddress(host, port));
  return transport === "tcp" ? where : `${where}/${transport}`;
}

/** `rooms: #lobby 12, #dev 3`, the fullest first. */
function roomList(rooms: Status["rooms"]): readonly string[] {
  const full = rooms.filter(({ members }) => members > 0).sort((a, b) => b.members - a.members);
  if (full.length === 0) return [];
  const shown = full.slice(0, MOST_ROOMS).map(({ room, members }) => `${escapeText(room)} ${count(members)}`);
  const hidden = full.length - shown.length;
  return ["", `rooms: ${shown.join(", ")}${hidden > 0 ? ` and ${count(hidden)} more` : ""}`];
}

function peopleTable(people: readonly Person[], members: number): readonly string[] {
  if (people.length === 0) return [];
  const columns = [left("WHO"), left("ACCOUNT"), left("DOOR"), left("ADDRESS"), right("UNREAD")];
  const rows = people
    .slice(0, MOST_ROWS)
    .map(({ name, account, door, host, pending }) => [
      name ?? "-",
      account ?? "-",
      door,
      host === "" ? "unix" : host,
      pending === 0 ? "-" : formatSize(pending),
    ]);
  return ["", formatTable(columns, rows), ...more(Math.max(people.length, members))];
}

function transferTable(transfers: readonly TransferStatus[]): readonly string[] {
  if (transfers.length === 0) return [];
  const columns = [left("TRANSFER"), left("DOOR"), left("WHO"), right("DONE"), right("SIZE")];
  const amounts = [right(""), right("RATE"), right("LEFT")];
  const rows = transfers.slice(0, MOST_ROWS).map((transfer) => {
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
  return ["", formatTable([...columns, ...amounts], rows), ...more(transfers.length)];
}

function more(all: number): readonly string[] {
  return all > MOST_ROWS ? [`and ${count(all - MOST_ROWS)} more`] : [];
}

function some(number: number, what: string): string {
  return `${count(number)} ${what}${number === 1 ? "" : "s"}`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

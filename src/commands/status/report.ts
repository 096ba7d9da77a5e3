import { formatSize, formatSpan } from "../../bytes/amounts.ts";
import { escapeText } from "../../bytes/text.ts";
import { cutMiddle } from "../../bytes/width.ts";
import type { Status } from "../../control/status.ts";
import { doorTable, usualHosts } from "./doors.ts";
import { count, peopleTable, some, transferTable } from "./lists.ts";
import { type Room, rowsFor } from "./room.ts";

const MOST_ROOMS = 10;
/** A path of which less is seen says nothing. */
const LEAST_PATH = 20;

/** A status for people, in lines without a newline at the end, which fit into the room that there is. */
export function report(status: Status, room: Room): string {
  const { doors, transfers, people, members } = status;
  const head = [...headlines(status, room), "", doorTable(doors, room)].join("\n");
  const taken = head.split("\n").length;
  const lists = rowsFor([transfers.length, people.length], room.rows - taken);
  return [
    head,
    ...transferTable(transfers, lists[0] ?? 0, room),
    ...peopleTable(people, members, lists[1] ?? 0, room),
  ].join("\n");
}

function headlines(status: Status, room: Room): readonly string[] {
  const { version, pid, uptime, memory, members, rooms, transfers } = status;
  const talk = `${some(members, "member")} in ${some(rooms.length, "room")}`;
  return [
    `tincan ${escapeText(version)}, pid ${pid}, up ${formatSpan(uptime)}, ${formatSize(memory.rss)} of memory`,
    ...troubleLines(status),
    placeLine(status, room),
    placesLine(status.connections),
    `${talk}; ${some(transfers.length, "transfer")}`,
    ...roomLine(rooms, room),
  ];
}

/** `not ready: the folder that is shared is gone`, and what else is gone, of which it may be ready. */
function troubleLines({ notReady, troubles }: Status): readonly string[] {
  const others = troubles.filter((trouble) => trouble !== notReady).map((trouble) => `trouble: ${trouble}`);
  return notReady === null ? others : [`not ready: ${notReady}`, ...others];
}

/** `listens on 127.0.0.1 and ::1; shares the files in /srv/share`; in a pipe the table of doors has the addresses. */
function placeLine({ doors, share }: Status, { columns }: Room): string {
  const hosts = Number.isFinite(columns) ? usualHosts(doors) : null;
  const listens = hosts === null ? "" : `listens on ${hosts.map(escapeText).join(" and ")}; `;
  if (share === null) return `${listens}shares no files`;
  const words = `${listens}shares the files in `;
  return words + cutMiddle(escapeText(share), Math.max(LEAST_PATH, columns - words.length));
}

/** `8 connections (2 for data, 1 waiting), 2 open files; limit 10,000`, and what the doors have adds up to the first number. */
function placesLine({ active, data, waiting, openFiles, limit }: Status["connections"]): string {
  const kinds = data === 0 ? [] : [`${count(data)} for data`];
  const open = `${some(active, "connection")} (${[...kinds, `${count(waiting)} waiting`].join(", ")})`;
  return `${open}, ${some(openFiles, "open file")}; limit ${count(limit)}`;
}

/** `rooms: #lobby 12, #dev 3`, the fullest first, and as many as there is room for. */
function roomLine(rooms: Status["rooms"], { columns }: Room): readonly string[] {
  const full = rooms.filter(({ members }) => members > 0).sort((a, b) => b.members - a.members);
  if (full.length === 0) return [];
  const line = (shown: number) => {
    const names = full.slice(0, shown).map(({ room, members }) => `${escapeText(room)} ${count(members)}`);
    return `rooms: ${names.join(", ")}${shown < full.length ? ` and ${count(full.length - shown)} more` : ""}`;
  };
  let shown = Math.min(full.length, MOST_ROOMS);
  while (shown > 1 && Bun.stringWidth(line(shown)) > columns) shown--;
  return [line(shown)];
}

import { describe, expect, test } from "bun:test";
import { report } from "../../../src/commands/status/report.ts";
import { ENDLESS, rowsFor } from "../../../src/commands/status/room.ts";
import type { DoorStatus, Person, Status, TransferStatus } from "../../../src/control/status.ts";
import type { Listener } from "../../../src/net/door.ts";

const HOSTS = ["127.0.0.1", "::1"];

function door(ports: readonly (readonly [number, Listener["transport"]])[], hosts = HOSTS): DoorStatus {
  const listeners = ports.flatMap(([port, transport]) => hosts.map((host) => ({ transport, host, port })));
  const counts = { active: 1_000, waiting: 1_000, limit: 10_000, accepted: 99_999, refused: 9_999 };
  return { port: ports[0]?.[0] ?? 0, listeners, ...counts, bytesIn: 999e9, bytesOut: 1.23e9 };
}

const person: Person = {
  name: "张三".repeat(16),
  account: "a".repeat(32),
  door: "framed",
  host: "2001:db8::1",
  pending: 4e6,
};

const transfer: TransferStatus = {
  id: 1,
  door: "framed",
  account: "b".repeat(32),
  host: "10.0.0.5",
  direction: "put",
  path: `/${"文件/".repeat(30)}end.iso`,
  offset: 0,
  length: 5e9,
  bytes: 123e6,
  size: 5e9,
  percent: 2.4,
  rate: 1.23e6,
  eta: 3_600,
  seconds: 100,
};

function statusWith(changes: Partial<Status>): Status {
  return {
    version: "0.1.0",
    pid: 4_194_304,
    started: "2026-01-02T03:04:05.678Z",
    uptime: 360_000,
    notReady: null,
    troubles: [],
    share: `/srv/${"long/".repeat(30)}share`,
    memory: { rss: 123e6 },
    connections: { active: 4_000, data: 100, waiting: 4_000, openFiles: 200, limit: 10_000, limitPerAddress: null },
    doors: {
      line: door([
        [21423, "tcp"],
        [22392, "tls"],
      ]),
      echo: door([
        [21407, "tcp"],
        [21407, "udp"],
      ]),
    },
    members: 50,
    rooms: Array.from({ length: 9 }, (_, at) => ({ room: `#a-room-of-many-${at}`, members: 9 - at })),
    people: Array<Person>(50).fill(person),
    transfers: Array<TransferStatus>(40).fill(transfer),
    ...changes,
  };
}

describe("a status on a terminal", () => {
  const lines = report(statusWith({}), { columns: 80, rows: 23 }).split("\n");

  test("fits into 80 columns, whatever names and paths there are", () => {
    expect(lines.filter((line) => Bun.stringWidth(line) > 80)).toEqual([]);
    expect(lines[1]).toMatch(/^listens on 127\.0\.0\.1 and ::1; shares the files in \/srv\/long.*….*\/share$/);
    expect(lines[4]).toEndWith(" and 6 more");
  });

  test("names ports, whose addresses are said once", () => {
    expect(lines.find((line) => line.startsWith("line "))).toStartWith("line  21423 22392/tls ");
    expect(lines.find((line) => line.startsWith("echo "))).toStartWith("echo  21407 21407/udp ");
  });

  test("shows of every list the beginning", () => {
    expect(lines.length).toBeLessThanOrEqual(23);
    expect(lines.filter((line) => line.startsWith("put ")).length).toBeGreaterThanOrEqual(3);
    expect(lines.filter((line) => line.startsWith("张三")).length).toBeGreaterThanOrEqual(3);
    expect(lines.at(-1)).toMatch(/^and \d+ more$/);
  });

  test("says addresses in full where a door has its own", () => {
    const doors = {
      line: door([[8423, "tcp"]]),
      echo: door([[8407, "tcp"]]),
      framed: door([[8400, "tcp"]], ["10.0.0.5"]),
    };
    const text = report(statusWith({ doors }), { columns: 80, rows: 24 });
    expect(text).toContain("\nline    8423 ");
    expect(text).toContain("\nframed  10.0.0.5:8400 ");
  });
});

test("a status in a pipe has everything in full", () => {
  const text = report(statusWith({}), ENDLESS);
  expect(text).toContain("127.0.0.1:21423 [::1]:21423 127.0.0.1:22392/tls [::1]:22392/tls");
  expect(text).toContain(person.name ?? "");
  expect(text).toContain(transfer.path);
  expect(text).toContain("/long".repeat(30));
});

test.each([
  [null, [], []],
  [null, ["the control socket is gone"], ["trouble: the control socket is gone"]],
  ["the share is gone", ["the share is gone"], ["not ready: the share is gone"]],
  ["the server is shutting down", ["a is gone"], ["not ready: the server is shutting down", "trouble: a is gone"]],
  ["a is gone", ["a is gone", "b is gone"], ["not ready: a is gone", "trouble: b is gone"]],
])("not ready because of %j, with troubles %j", (notReady, troubles, lines) => {
  const text = report(statusWith({ notReady, troubles }), { columns: 80, rows: 24 }).split("\n");
  expect(text.filter((line) => /^(?:not ready|trouble):/.test(line))).toEqual(lines);
  expect(text.slice(1, 1 + lines.length)).toEqual(lines);
});

test.each([
  [[3, 2], 30, [3, 2]],
  [[30, 2], 16, [8, 2]],
  [[2, 30], 16, [2, 8]],
  [[30, 30], 16, [5, 5]],
  [[0, 30], 16, [0, 13]],
  [[30, 30], 0, [1, 1]],
  [[30, 30], Number.POSITIVE_INFINITY, [20, 20]],
])("lists of %j rows share %d rows as %j", (lengths, room, rows) => {
  expect(rowsFor(lengths, room)).toEqual(rows);
});

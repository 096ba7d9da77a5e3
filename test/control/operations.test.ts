import { describe, expect, test } from "bun:test";
import { Operations } from "../../src/control/operations.ts";
import { Transfers } from "../../src/files/transfers.ts";
import { createRuntime } from "../../src/net/runtime.ts";
import { bring, openHub } from "../chat/members.ts";

function open(o: { limit?: number; descriptors?: number | null } = {}) {
  const { hub, clock } = openHub();
  const runtime = createRuntime({ limits: { maxConnections: o.limit ?? 100 } });
  const transfers = new Transfers(clock);
  const watched = { version: "9.9.9", began: { now: 5_000, mono: 0 }, share: null, runtime, hub, transfers, doors: [] };
  return { hub, runtime, transfers, operations: new Operations(watched, o.descriptors ?? null) };
}

const GET = {
  door: "ftp",
  account: "ann",
  host: "10.0.0.5",
  direction: "get",
  path: "/a/b",
  offset: 0,
  length: 9,
} as const;

describe("new peers are welcome", () => {
  test("until the server drains", () => {
    const { operations } = open();
    expect(operations.notReady()).toBeNull();
    operations.draining = true;
    expect(operations.notReady()).toBe("the server is shutting down");
  });

  test("until 95 of 100 places are taken, and again when some are given back", () => {
    const { operations, runtime } = open();
    for (let i = 0; i < 94; i++) runtime.admission.admit("127.0.0.1");
    expect(operations.notReady()).toBeNull();
    runtime.admission.admit("127.0.0.1");
    expect(operations.notReady()).toBe("nearly all connections are taken");
    runtime.admission.release("127.0.0.1");
    expect(operations.notReady()).toBeNull();
  });

  test("while there are descriptors", () => {
    expect(open({ descriptors: 1_000_000 }).operations.notReady()).toBeNull();
    expect(open({ descriptors: 4 }).operations.notReady()).toContain("descriptors");
  });
});

describe("what is measured", () => {
  test("has the counts of the chat and of transfers, and tells of nobody", async () => {
    const { operations, hub, transfers } = open({ descriptors: 77 });
    const ann = bring(hub, { name: "ann" });
    ann.seat.submit({ op: "say", room: "#lobby", text: "hi" });
    bring(hub, { name: "bob" });
    transfers.begin(GET).move(5);
    const put = transfers.begin({ ...GET, direction: "put" });
    put.move(3);
    put.end("broken");
    const text = await operations.metrics();
    for (const line of [
      `tincan_build_info{version="9.9.9",bun="${Bun.version}"} 1`,
      "tincan_start_time_seconds 5",
      "tincan_ready 1",
      "tincan_max_descriptors 77",
      "tincan_max_connections 100",
      "tincan_chat_members 2",
      "tincan_chat_rooms 1",
      "tincan_chat_events_total 3",
      "tincan_chat_deliveries_total 1",
      'tincan_transfers_running{direction="get"} 1',
      'tincan_transfers_total{direction="put",outcome="broken"} 1',
      'tincan_transfer_bytes_total{direction="get"} 5',
      'tincan_transfer_bytes_total{direction="put"} 3',
    ])
      expect(text.split("\n")).toContain(line);
    expect(text).not.toMatch(/ann|bob|10\.0\.0\.5|\/a\/b|lobby/);
    const names = text.split("\n").flatMap((line) => /^([a-z_]+)/.exec(line)?.[1] ?? []);
    expect(names.filter((name) => !name.startsWith("tincan_"))).toEqual([]);
  });

  test("is the same when it is looked at again", async () => {
    const { operations, hub } = open();
    bring(hub, { name: "ann" });
    const line = "tincan_chat_events_total 1";
    expect(await operations.metrics()).toContain(line);
    expect(await operations.metrics()).toContain(line);
  });
});

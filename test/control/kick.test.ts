import { expect, test } from "bun:test";
import { kick } from "../../src/control/kick.ts";
import type { SocketConnection } from "../../src/net/connection.ts";
import type { Who } from "../../src/net/protocol.ts";
import type { Runtime } from "../../src/net/runtime.ts";

/** A runtime with connections that remember why they were kicked. */
function runtimeOf(peers: readonly { readonly host: string; readonly who: Who | null }[]) {
  const kicked: string[] = [];
  const connections = peers.map(({ host, who }) => ({
    state: "open",
    host,
    who,
    kick: (detail: string) => kicked.push(`${who?.name ?? who?.account ?? host} ${detail}`.trim()),
  }));
  const runtime = { connections: () => connections as unknown as Iterable<SocketConnection> };
  return { runtime: runtime as unknown as Runtime, kicked };
}

const peers = [
  { host: "10.0.0.5", who: { name: "bob", account: null } },
  { host: "::ffff:10.0.0.6", who: { name: "Ann", account: "ann" } },
  { host: "2001:db8::1", who: { name: null, account: "ann" } },
  { host: "10.0.0.5", who: null },
  { host: "", who: { name: "张三", account: null } },
  { host: "10.9.9.9", who: { name: null, account: "10.0.0.7" } },
];

test.each([
  ["bob", ["bob"]],
  ["BOB", ["bob"]],
  // The account has exactly this name, so that what only looks like it does not count.
  ["ann", ["Ann", "ann"]],
  ["张三", ["张三"]],
  ["10.0.0.5", ["bob", "10.0.0.5"]],
  ["::ffff:10.0.0.5", ["bob", "10.0.0.5"]],
  ["10.0.0.6", ["Ann"]],
  ["10.0.0.0/24", ["bob", "Ann", "10.0.0.5"]],
  ["2001:db8::/32", ["ann"]],
  ["eve", []],
  ["10.0.0.7", ["10.0.0.7"]],
  ["10.0.0.8", []],
  ["x".repeat(5000), []],
])("kick %s ends %j", (who, expected) => {
  const { runtime, kicked } = runtimeOf(peers);
  expect(kick(runtime, { who })).toEqual({ ended: expected.length });
  expect(kicked).toEqual(expected);
});

test("the reason is told, and must be one line", () => {
  const { runtime, kicked } = runtimeOf(peers);
  kick(runtime, { who: "bob", reason: " no spam " });
  expect(kicked).toEqual(["bob no spam"]);
  for (const fields of [
    {},
    { who: "" },
    { who: 5 },
    { who: "bob", reason: "a\nb" },
    { who: "bob", reason: "x".repeat(201) },
  ])
    expect(() => kick(runtime, fields)).toThrow();
  expect(kicked).toHaveLength(1);
});

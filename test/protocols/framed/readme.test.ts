import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { framedDoor } from "../../../protocols/framed/index.ts";
import type { FieldTable } from "../../../protocols/services/fields.ts";
import { fileRequests } from "../../../protocols/services/file-requests.ts";
import { requests } from "../../../protocols/services/requests.ts";
import { Hub } from "../../../src/chat/hub.ts";
import { MemoryLog } from "../../../src/chat/memory-log.ts";
import { systemClock } from "../../../src/clock.ts";
import type { Door } from "../../../src/net/door.ts";
import { createRuntime } from "../../../src/net/runtime.ts";
import { client } from "../../support/clients.ts";
import { withoutFiles } from "../../support/door-context.ts";
import { run } from "../../support/program.ts";
import { errorCodes } from "./error-codes.ts";

const readme = readFileSync(new URL("../../../protocols/framed/README.md", import.meta.url), "utf8");

/** A part of the page, from its heading to the next. */
function section(heading: string): string {
  return readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
}

test("the README lists every error code, and no other", () => {
  const rows = section("Errors").matchAll(/^\| (`[^|]+) \|/gm);
  const listed = [...rows].flatMap(([, codes = ""]) => [...codes.matchAll(/`([^`]+)`/g)].map(([, code]) => code));
  expect(listed.sort()).toEqual([...errorCodes].sort());
});

test("the README has every request with its fields, and says which need an id", () => {
  const tables = section("Requests") + section("Files");
  const rows = [...tables.matchAll(/^\| `(\w+)(?: \{([^}]*)\})?` \|(.*)$/gm)];
  const written = rows.map(([, op, fields = "", rest = ""]) => [op, fields, /\| needs an id/.test(rest)]);
  const chat = Object.entries(requests).map(([op, { fields, needsId }]) => [op, names(fields), needsId({ topic: "" })]);
  const files = Object.entries(fileRequests).map(([op, { fields, needsId }]) => [op, names(fields), needsId]);
  expect(written).toEqual([...chat, ...files]);
});

function names(fields: FieldTable): string {
  return Object.entries(fields)
    .map(([name, { optional }]) => (optional ? `${name}?` : name))
    .join(",");
}

/** The clients on the page, as they would be pasted, but for the port. */
function clientsIn(language: string, port: number): string[] {
  const blocks = section("Clients").matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"));
  return Array.from(blocks, ([, code = ""]) => code.replaceAll("8400", String(port)));
}

/** The door's own options as they are by default. */
const config = {
  frameHeader: framedDoor.options.frameHeader.default,
  frameAck: framedDoor.options.frameAck.default,
  frameIdle: framedDoor.options.frameIdle.default,
};

async function withDoor(use: (port: number) => Promise<void>): Promise<void> {
  const door: Door = framedDoor.open({
    ...withoutFiles,
    runtime: createRuntime(),
    hub: new Hub({ log: new MemoryLog(), clock: systemClock }),
    config,
    listen: [{ host: "127.0.0.1", port: 0 }],
    allow: { chat: true, echo: true, udp: true },
    maxFrame: 1 << 20,
    server: "tincan/test",
    portOf: () => null,
  });
  await door.start();
  try {
    await use(door.listeners[0]?.port ?? 0);
  } finally {
    door.suspend();
    await door.drain(systemClock.mono() + 5_000);
  }
}

async function prints(command: readonly string[], expected: string): Promise<void> {
  const { code, stdout, stderr } = await run(command, { ms: 20_000 });
  expect(stderr).toBe("");
  expect(stdout).toBe(expected);
  expect(code).toBe(0);
}

describe("the README's clients work as they are", () => {
  const python = client("python3");
  const bash = client("bash");

  python.test("in Python", () =>
    withDoor(async (port) => {
      const [echo = "", chat = "", files = "", ...more] = clientsIn("python", port);
      expect(more).toEqual([]);
      await prints([python.path, "-c", echo], "HELLO\nGRüßE\n");
      await prints([python.path, "-c", chat], "ann\nTrue\n");
      expect(files).toContain("def put");
    }),
  );

  test("in Node", () =>
    withDoor(async (port) => {
      const [echo = "", ...more] = clientsIn("js", port);
      expect(more).toEqual([]);
      await prints(["node", "--input-type=module", "-e", echo], "HELLO\n");
    }));

  bash.test("in bash", () =>
    withDoor(async (port) => {
      const [echo = "", ...more] = clientsIn("bash", port);
      expect(more).toEqual([]);
      await prints([bash.path, "-c", echo], "HELLO\nGRüßE\n");
    }),
  );

  bash.test("from the line that is announced", async () => {
    await withDoor((port) => prints([bash.path, "-c", framedDoor.paste("127.0.0.1", port, config)], "\0\0\0\x05HELLO"));
  });
});

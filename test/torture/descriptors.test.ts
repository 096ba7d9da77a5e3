import { expect, test } from "bun:test";
import { connect, type TcpClient } from "../support/tcp.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

const DESCRIPTORS = 300;
/** The table less 256 for everything else. */
const PLACES = DESCRIPTORS - 256;

test("a small descriptor table is never filled: peers are refused by count, nothing spins, places come back", async () => {
  const command = ["sh", "-c", `ulimit -n ${DESCRIPTORS}; exec "$@"`, "sh", TINCAN];
  await using tincan = await startTincan(["--doors", "echo"], { command });
  const to = { port: tincan.port("echo") };
  const admitted = await Promise.all(Array.from({ length: PLACES }, () => connect(to)));
  for (const client of admitted) await isEchoed(client);
  // Most are told that it is full; when too many come at once the rest is only closed, perhaps before connect() is done.
  const crowd = await Promise.all(Array.from({ length: 400 }, () => connect(to).catch(() => null)));
  await tincan.waitForEvents(crowd.length, ({ event }) => event === "refused");
  const busyBefore = tincan.cpu();
  const started = performance.now();
  // Who was told and stays is kept for two seconds, so that the words arrive: time in which nothing should happen.
  const told = await Promise.all(crowd.map(async (client) => (await client?.readAll())?.toString() ?? ""));
  await Promise.all(crowd.map((client) => client?.closed));
  const seconds = (performance.now() - started) / 1000;
  expect(told.filter((words) => words.includes("too many")).length).toBeGreaterThan(10);
  expect(tincan.cpu() - busyBefore).toBeLessThan(Math.max(0.3, seconds / 2));
  expect(tincan.fds()).toBeLessThan(DESCRIPTORS);
  for (const client of admitted) await isEchoed(client);
  for (const client of admitted) client[Symbol.dispose]();
  await tincan.waitForEvents(PLACES, ({ event, reason }) => event === "closed" && reason === "peer");
  using next = await connect(to);
  await isEchoed(next);
}, 60_000);

async function isEchoed(client: TcpClient): Promise<void> {
  await client.write("here");
  expect((await client.readExactly(4)).toString()).toBe("HERE");
}

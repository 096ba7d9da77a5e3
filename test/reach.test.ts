import { expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { connect } from "./support/tcp.ts";
import { TempFolder } from "./support/temp.ts";
import { startTincan } from "./support/tincan.ts";

const outside = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;

/** The line of `/files` that says how to get one, for who comes over the loopback. */
async function wayTold(flags: readonly string[], header: string): Promise<string> {
  using share = new TempFolder();
  await Bun.write(share.file("a.txt"), "a");
  await using tincan = await startTincan([share.path, "--trust-proxy", "127.0.0.1", ...flags]);
  using client = await connect({ port: tincan.port("line") });
  await client.write(`${header}/files\r\n`);
  const way = await client.inbox.readLineWith("get one");
  return way.replaceAll(/:\d+/g, "");
}

const header = "PROXY TCP4 203.0.113.9 10.0.0.2 51234 8423\r\n";

test.skipIf(outside === undefined)(
  "who comes by a proxy of this machine is told addresses that others can use",
  async () => {
    const flags = ["--host", "127.0.0.1", "--host", outside ?? ""];
    expect(await wayTold(flags, header)).toContain(`tincan get ${outside}/a.txt  or  http://${outside}/files/a.txt`);
    expect(await wayTold(flags, "")).toContain("tincan get 127.0.0.1/a.txt  or  http://127.0.0.1/files/a.txt");
  },
);

test("where others can get nowhere, it is told those of this machine", async () => {
  expect(await wayTold([], header)).toContain("tincan get 127.0.0.1/a.txt  or  http://127.0.0.1/files/a.txt");
});

import { expect } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { client } from "../support/clients.ts";
import { until } from "../support/deadline.ts";
import { Program, run } from "../support/program.ts";
import { Gate, Relay, type Side } from "../support/relay.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";
import { content } from "../support/tree.ts";
import { Doors } from "./doors.ts";
import { sha256 } from "./watcher.ts";

const BREAK = resolve(import.meta.dir, "../support/break-tls.py");
const SIZE = 8 * 1024 * 1024;
/** More than the rest of a record, which must be whole before anybody can say that it is wrong. */
const GARBAGE = Buffer.alloc(64 * 1024, "this is no TLS record");
const FLAGS = ["--allow-write", "--tls-self-signed"];

const python = client("python3");

python.test(
  "TLS that is broken in the middle of a transfer by FTP ends it, and the CPU is idle (pyftpdlib issue 613)",
  async () => {
    await using doors = await Doors.open(FLAGS);
    writeFileSync(doors.file("big"), content(SIZE));
    const ruin = async (...args: readonly string[]) => {
      const { stdout, stderr } = await run([python.path, BREAK, String(doors.tincan.port("ftp")), ...args], {
        ms: 30_000,
      });
      if (stdout === "") throw new Error(stderr);
      return stdout;
    };
    await doors.twice(async () => {
      expect(await ruin("STOR", "new", "data")).toMatch(/^4(?:26|51) /);
      expect(await ruin("RETR", "big", "data")).toMatch(/^4(?:26|51) /);
      expect(await ruin("STOR", "new", "control")).toStartWith("control ");
      expect(await ruin("RETR", "big", "control")).toStartWith("control ");
      await doors.settled();
      expect(doors.visible).toEqual(["big"]);
    });
    python.exchanged(8);
  },
  60_000,
);

for (const op of ["get", "put"] as const) {
  python.test(
    `TLS that is broken in the middle of tincan ${op} is told, and the same command goes on`,
    async () => {
      const bytes = content(SIZE);
      using here = new TempFolder();
      await using doors = await Doors.open(FLAGS);
      const listeners = doors.tincan.ready.doors["framed"]?.listeners ?? [];
      const port = listeners.find(({ transport }) => transport === "tls")?.port ?? 0;
      await using relay = await Relay.start(port);
      const [from, to] = op === "get" ? [doors.share, here.path] : [here.path, doors.share];
      writeFileSync(`${from}/big`, bytes);
      const remote = `127.0.0.1:${relay.port}/big`;
      const command = [TINCAN, op, ...(op === "get" ? [remote] : ["big", remote]), "--tls", "--insecure"];
      const [source, sink]: readonly Side[] = op === "get" ? ["server", "client"] : ["client", "server"];
      const gate = new Gate(source ?? "server", SIZE / 2);
      relay.gate = gate;
      await using first = new Program([...command, "--retries", "0"], { cwd: here.path });
      await gate.reached;
      relay.inject(sink ?? "client", GARBAGE);
      expect(await first.exited(30_000)).toBe(1);
      expect(first.stderr.unread.toString()).toContain("big");
      relay.gate = null;
      relay.lose("client");
      await until(async () => (await doors.status()).transfers.length === 0, "the end of the transfer");
      expect(readdirSync(to).filter((name) => !name.startsWith("."))).toEqual([]);
      await doors.isIdle();
      const { code, stderr } = await run(command, { cwd: here.path, ms: 30_000 });
      expect([code, stderr]).toEqual([0, expect.stringMatching(/^resuming big at \d+\.\d %$/m)]);
      expect(readdirSync(to)).toEqual(["big"]);
      expect(sha256(readFileSync(`${to}/big`))).toBe(sha256(bytes));
    },
    90_000,
  );
}

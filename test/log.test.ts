import { expect, test } from "bun:test";
import { type Level, LineLog, type LogFormat, type LogSink } from "../src/log.ts";
import { run } from "./support/program.ts";
import { TempFolder } from "./support/temp.ts";

const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678), mono: () => 0, after: () => () => {} };

/** What a log writes to a file while `tell` runs. */
async function written(o: { format: LogFormat; level?: Level }, tell: (log: LineLog) => void): Promise<string> {
  using folder = new TempFolder();
  const path = folder.file("log");
  const sink = Bun.file(path).writer();
  const log = new LineLog({ format: o.format, level: o.level ?? "debug", clock, sink });
  tell(log);
  await log.flush();
  await sink.end();
  return await Bun.file(path).text();
}

test("an event is a line of text with its time in UTC", async () => {
  const text = await written({ format: "text" }, (log) => {
    log.info("closed", { door: "line", id: 7, why: "took nothing for 60 s", tls: null, skip: undefined, ok: true });
  });
  const fields = 'door=line id=7 why="took nothing for 60 s" tls=null ok=true';
  expect(text).toBe(`2026-01-02T03:04:05.678Z info  closed ${fields}\n`);
});

test("an event is a line of JSON", async () => {
  const text = await written({ format: "json" }, (log) => log.warn("closed", { door: "line", id: 7, tls: null }));
  expect(text).toBe(
    '{"time":"2026-01-02T03:04:05.678Z","level":"warn","event":"closed","door":"line","id":7,"tls":null}\n',
  );
});

test.each(["text", "json"] as const)("nobody's text can drive the terminal or forge a line of %s", async (format) => {
  const evil = 'a"b\x1b[2J\r\n2026 \u202e\u009b2J';
  const text = await written({ format }, (log) => log.info("said", { text: evil }));
  expect(text).toMatch(/^[\x20-\x7e]+\n$/);
  if (format === "json") expect(Object.keys(JSON.parse(text))).toEqual(["time", "level", "event", "text"]);
  else expect(text).toContain('text="a\\"b\\x1b[2J');
});

test.each([
  ["debug", 4],
  ["info", 3],
  ["warn", 2],
  ["error", 1],
] as const)("level %p writes %p of the four", async (level, count) => {
  const text = await written({ format: "text", level }, (log) => {
    for (const told of ["debug", "info", "warn", "error"] as const) log[told]("x");
  });
  expect(text.match(/\n/g)).toHaveLength(count);
});

/** A sink whose reader takes nothing until it is told to. */
class StuckSink implements LogSink {
  lines: string[] = [];
  flushes = 0;
  stuck = Promise.withResolvers<number>();

  write(text: string): number {
    this.lines.push(text);
    return text.length;
  }

  flush(): Promise<number> {
    this.flushes++;
    return this.stuck.promise;
  }

  take(): void {
    const { resolve } = this.stuck;
    this.stuck = Promise.withResolvers<number>();
    resolve(0);
  }
}

test("lines of one turn leave together, and an error at once", async () => {
  const sink = new StuckSink();
  const log = new LineLog({ format: "text", level: "info", clock, sink });
  log.info("one");
  log.info("two");
  expect(sink.flushes).toBe(0);
  log.error("three");
  expect(sink.flushes).toBe(1);
  expect(sink.lines.join("").match(/\n/g)).toHaveLength(3);
});

test("a stuck reader costs a bounded number of lines, and is told how many it missed", async () => {
  const sink = new StuckSink();
  const log = new LineLog({ format: "text", level: "info", clock, sink });
  log.error("first");
  const long = "x".repeat(10_000);
  for (let i = 0; i < 300; i++) log.info("more", { long });
  expect(sink.flushes).toBe(1);
  sink.take();
  await new Promise<void>((resolve) => setImmediate(resolve));
  const lines = sink.lines.join("");
  expect(lines.length).toBeLessThan(1024 * 1024 + 20_000);
  const kept = lines.split("more").length - 1;
  expect(lines.slice(-100)).toEndWith(`warn  log-dropped count=${300 - kept}\n`);
  expect(kept).toBeGreaterThan(100);
});

test("a pipe that nobody reads does not stop the process", async () => {
  const script = `
    import { LineLog } from ${JSON.stringify(`${import.meta.dir}/../src/log.ts`)};
    const log = new LineLog({ format: "text", level: "info" });
    for (let i = 0; i < 50; i++) {
      log.info("filler", { text: "x".repeat(100_000) });
      await new Promise((resolve) => setImmediate(resolve));
    }
    process.stdout.write("still here");
    process.exit(0);`;
  const { stdout } = await run([process.execPath, "-e", script]);
  expect(stdout).toBe("still here");
  const blocked = Bun.spawn(["sh", "-c", '"$0" -e "$1" 2>&3 | cat', process.execPath, script], {
    stdio: ["ignore", "pipe", "ignore", "pipe"],
  });
  expect(await new Response(blocked.stdout as ReadableStream).text()).toBe("still here");
  expect(await blocked.exited).toBe(0);
});

test("a reader that is gone does not end the process", async () => {
  const script = `
    import { LineLog } from ${JSON.stringify(`${import.meta.dir}/../src/log.ts`)};
    const log = new LineLog({ format: "text", level: "info" });
    for (let i = 0; i < 5; i++) log.error("nobody hears this");
    await log.flush();
    process.stdout.write("still here");`;
  const pipe = '"$0" -e "$1" 2>&1 >/dev/null | true';
  const { code } = await run(["bash", "-c", `set -o pipefail; ${pipe}`, process.execPath, script]);
  expect(code).toBe(0);
});

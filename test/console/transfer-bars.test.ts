import { describe, expect, test } from "bun:test";
import { Footer } from "../../src/console/footer.ts";
import { showTransfers } from "../../src/console/transfer-bars.ts";
import { transferRow } from "../../src/console/transfer-row.ts";
import { type TransferSpec, Transfers } from "../../src/files/transfers.ts";
import { Screen } from "../commands/screen.ts";
import { HandClock } from "../support/hand-clock.ts";
import { Inbox } from "../support/inbox.ts";

const MB = 1_000_000;
const spec: TransferSpec = {
  door: "ftp",
  account: "ann",
  host: "10.0.0.5",
  direction: "get",
  path: "/big.iso",
  offset: 0,
  length: 100 * MB,
};

/** A terminal of 80 columns with a log, and below it the bars of a registry. */
function scene(rows = 24) {
  const inbox = new Inbox("the terminal");
  const screen = new Screen(inbox);
  let writes = 0;
  const sink = {
    write(text: string) {
      if (text !== "") writes += 1;
      // A terminal in its usual mode begins a new line for LF.
      inbox.push(Buffer.from(text.replaceAll("\n", "\r\n")));
      return text.length;
    },
    flush: () => 0,
  };
  const footer = new Footer(sink, () => 80);
  const clock = new HandClock();
  const transfers = new Transfers(clock);
  showTransfers({ transfers, footer, clock, colour: false, size: () => ({ rows, columns: 80 }) });
  return { screen, footer, clock, transfers, log: (line: string) => footer.write(`${line}\n`), writes: () => writes };
}

describe("the bars", () => {
  test("stand below the log, and are gone when nothing runs", () => {
    const { screen, clock, transfers, log } = scene();
    log("one");
    const transfer = transfers.begin(spec);
    transfer.move(25 * MB);
    clock.move(1000);
    const bar = "get /big.iso (ann by ftp) ███░░░░░░░░░░░░  25.0 %   100 MB    25 MB/s   0:03";
    expect(screen.rows.map((row) => row.replace(/ {2,}(?=█)/, " "))).toEqual(["one", bar]);
    log("two");
    expect(screen.rows.map((row) => row.slice(0, 12))).toEqual(["one", "two", "get /big.iso"]);
    transfer.end("done");
    log("three");
    clock.move(250);
    expect(screen.rows).toEqual(["one", "two", "three"]);
    expect(clock.waiting).toBe(0);
  });

  test("are at most eight, and half of a small terminal", () => {
    for (const [rows, shown] of [
      [24, 8],
      [6, 3],
      [1, 1],
    ] as const) {
      const { screen, clock, transfers } = scene(rows);
      for (let i = 0; i < 20; i++) transfers.begin({ ...spec, path: `/file${i}` });
      clock.move(250);
      expect(screen.rows).toHaveLength(shown);
      expect(screen.rows.at(-1)).toBe(`and ${20 - (shown - 1)} more, 0 B/s`);
    }
  });

  test("cost nothing while nothing runs, nor for what ends at once", () => {
    const { clock, transfers, writes } = scene();
    clock.move(10_000);
    for (let i = 0; i < 100; i++) transfers.begin(spec).end("done");
    expect(clock.waiting).toBe(1);
    clock.move(250);
    expect([clock.waiting, writes()]).toEqual([0, 0]);
  });

  test("are erased whole from a terminal that has become narrower", () => {
    let columns = 80;
    const written: string[] = [];
    const footer = new Footer({ write: (text) => written.push(text), flush: () => 0 }, () => columns);
    footer.show(["x".repeat(79), "y".repeat(79), ""]);
    columns = 40;
    footer.show([]);
    expect(written).toEqual([`${"x".repeat(79)}\n${"y".repeat(79)}\n`, "\r\x1b[4A\x1b[J"]);
  });

  test("leave a terminal alone that takes nothing", () => {
    let written = 0;
    const sink = {
      write: (text: string) => {
        written += text.length;
        return 0;
      },
      flush: () => new Promise<number>(() => {}),
    };
    const footer = new Footer(sink, () => 80);
    footer.show(["a"]);
    for (let i = 0; i < 100; i++) footer.show([`row ${i}`]);
    expect(written).toBeLessThan(20);
  });
});

describe("a row", () => {
  const transfer = (some: Partial<TransferSpec>) => new Transfers(new HandClock()).begin({ ...spec, ...some });
  const row = (some: Partial<TransferSpec>, columns: number) => transferRow(transfer(some), columns, (bar) => bar);

  test.each([20, 40, 60, 80, 200])("is narrower than a terminal of %d columns", (columns) => {
    for (const path of ["/a", `/${"长".repeat(80)}`, `/${"x".repeat(255)}.iso`]) {
      for (const length of [null, 0, 5 * 1024 ** 3]) {
        expect(Bun.stringWidth(row({ path, length, host: "2001:db8::1", account: null }, columns))).toBeLessThan(
          columns,
        );
      }
    }
  });

  test.each([20, 40, 50])("tells how far it is on a terminal of %d columns, too", (columns) => {
    expect(row({ offset: 60 * MB, length: 40 * MB, path: `/${"x".repeat(255)}` }, columns)).toContain("60.0 %");
  });

  test("shows what of a file was there before, and nothing that drives a terminal", () => {
    const resumed = row({ offset: 60 * MB, length: 40 * MB }, 80);
    expect(resumed).toContain("60.0 %");
    expect(row({ path: "/\x1b]0;evil\x07\u202e" }, 120)).toContain("/\\x1b]0;evil\\x07\\u202e");
  });
});

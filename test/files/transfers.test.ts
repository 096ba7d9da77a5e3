import { expect, test } from "bun:test";
import { type TransferSpec, Transfers } from "../../src/files/transfers.ts";
import { HandClock } from "../support/hand-clock.ts";

const spec: TransferSpec = {
  door: "ftp",
  account: null,
  host: "10.0.0.5",
  direction: "get",
  path: "/big.iso",
  offset: 0,
  length: 1000,
};

test("knows what runs, and tells of every beginning and every end once", () => {
  const transfers = new Transfers(new HandClock());
  const told: string[] = [];
  const forget = transfers.onBegin(() => told.push(`begin ${transfers.count}`));
  transfers.onEnd(({ id, outcome }) => told.push(`end ${id} ${outcome}`));
  const first = transfers.begin(spec);
  const second = transfers.begin(spec);
  expect([...transfers.running]).toEqual([first, second]);
  first.end("done");
  first.end("failed", "too late");
  second.end("broken", "the peer went away");
  forget();
  transfers.begin(spec);
  expect(told).toEqual(["begin 1", "begin 2", "end 1 done", "end 2 broken"]);
  expect([first.outcome, second.detail, transfers.count]).toEqual(["done", "the peer went away", 1]);
});

test("the rate is that of the last seconds, and tells how long it will still take", () => {
  const clock = new HandClock();
  const transfer = new Transfers(clock).begin(spec);
  expect(transfer.eta).toBeNull();
  clock.move(1000);
  transfer.move(100);
  expect([transfer.rate, transfer.eta]).toEqual([100, 9]);
  clock.move(1000);
  transfer.move(900);
  transfer.end("done");
  clock.move(5000);
  expect([transfer.elapsed, transfer.rate, transfer.eta]).toEqual([2000, 500, 0]);
});

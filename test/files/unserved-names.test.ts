import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import type { Fields, Log } from "../../src/log.ts";
import { silentLog } from "../../src/log.ts";
import { HandClock } from "../support/hand-clock.ts";
import { listed, Share } from "./share.ts";

/** A share, and what its log was told. */
function scene() {
  const told: (readonly [string, Fields | undefined])[] = [];
  const log: Log = { ...silentLog, warn: (event, fields) => told.push([event, fields]) };
  const clock = new HandClock();
  return { share: new Share({ log, clock }), clock, told };
}

test("names that nobody can ask for are not listed, and the log is told of them once an hour", async () => {
  const { share, clock, told } = scene();
  await using _ = share;
  mkdirSync(share.file("music"));
  for (const name of ["a\\b", "tab\there", ".a\\hidden", "fine"]) share.put(`music/${name}`, "");
  writeFileSync(Buffer.concat([Buffer.from(share.file("music/caf")), Buffer.from([0xe9])]), "");
  const access = share.enter(["read"], { home: "/" });
  expect(await listed(access, "/music")).toEqual(["fine"]);
  expect((await access.page("/music", { limit: 10 })).entries).toHaveLength(1);
  expect(told).toEqual([["names-not-served", expect.objectContaining({ folder: "/music", count: 3 })]]);
  clock.move(61 * 60 * 1000);
  await listed(access, "/music");
  expect(told).toHaveLength(2);
  await listed(share.enter(["read"], { home: "/music" }));
  expect(told).toHaveLength(2);
});

test("of a composed and a decomposed name that look the same, the one is listed that is served", async () => {
  const { share, told } = scene();
  await using _ = share;
  for (const name of ["e\u0301", "\u00e9", "u\u0308"]) share.put(name, String(name.length));
  const access = share.enter();
  expect(await listed(access)).toEqual(["\u00e9", "\u00fc"]);
  expect((await access.page("/", { limit: 10 })).entries).toHaveLength(2);
  expect((await access.stat("/\u00e9")).size).toBe(1);
  expect(told).toEqual([["names-not-served", expect.objectContaining({ folder: "/", count: 1 })]]);
  await access.remove("/\u00e9");
  expect(await listed(access)).toEqual(["\u00e9", "\u00fc"]);
});

test("however many folders have such names, few lines tell of them, and few are remembered", async () => {
  const { share, told } = scene();
  await using _ = share;
  const access = share.enter(["read"]);
  for (let i = 0; i < 300; i++) {
    mkdirSync(share.file(`d${i}`));
    share.put(`d${i}/x\\y`, "");
    await listed(access, `/d${i}`);
  }
  expect(told).toHaveLength(256);
});

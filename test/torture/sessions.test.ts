import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { until } from "../support/deadline.ts";
import { RawPeer, testWithRawPeers } from "../support/raw-peer.ts";
import { content } from "../support/tree.ts";
import { Doors, put, store } from "./doors.ts";

const MIB = 1024 * 1024;

/** A collector that believes in a small machine, so that what is not collected yet is little of what is measured. */
const COLLECT_OFTEN = { BUN_JSC_forceRAMSize: String(30 * MIB) };

test("hundreds of sessions with all they do leave no memory and no descriptor", async () => {
  await using doors = await Doors.open(["--allow-write"], undefined, { env: COLLECT_OFTEN });
  writeFileSync(doors.file("x"), content(1000));
  const session = async (i: number) => {
    using ftp = await doors.ftp();
    expect((await ftp.fetches("RETR x")).length).toBe(1000);
    expect(await store(ftp, `STOR f${i}`, content(2000))).toStartWith("226");
    await ftp.fetches("MLSD");
    await ftp.says(`RNFR f${i}`, 350);
    await ftp.says(`RNTO g${i}`, 250);
    await ftp.says(`DELE g${i}`, 250);
    await ftp.epsv();
    await ftp.says("RETR nothing", 550);
    await ftp.says("QUIT", 221);
    using frames = await doors.frames();
    expect(await put(frames, { path: `/h${i}`, size: 2000, mtime: i }, content(2000))).toBeNull();
    await frames.ask({ op: "list", id: 1, path: "/" });
    await frames.send({ op: "get", id: 2, path: "/x" });
    await frames.until(({ event }) => event === "end");
    await frames.ask({ op: "hash", id: 3, path: "/x" });
    await frames.ask({ op: "remove", id: 4, path: `/h${i}` });
  };
  const resident: number[] = [];
  let fds = 0;
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 150; i += 5) await Promise.all([0, 1, 2, 3, 4].map((j) => session(round * 1000 + i + j)));
    await doors.settled();
    if (round === 0) fds = doors.tincan.fds();
    resident.push(doors.tincan.rss());
  }
  await until(
    () => doors.tincan.fds() <= fds,
    () => `${doors.tincan.fds()} descriptors to become ${fds}`,
  );
  expect(doors.names).toEqual(["x"]);
  const [, second = 0, , last = 0] = resident;
  expect(last, `resident after each round: ${resident.join(", ")}`).toBeLessThan(second * 1.1);
}, 90_000);

test("who may only add changes and deletes what the same connection has added, and nothing else", async () => {
  await using doors = await Doors.open(["--allow-upload"]);
  writeFileSync(doors.file("theirs"), "theirs");
  using ann = await doors.ftp();
  expect(await store(ann, "STOR mine", content(5))).toStartWith("226");
  using bob = await doors.frames();
  using eve = await doors.ftp();
  for (const name of ["theirs", "mine"]) {
    await eve.says(`DELE ${name}`, 550);
    await eve.says(`RNFR ${name}`, 550);
    await eve.says("RNTO eves", 503);
    await eve.epsv();
    await eve.says(`STOR ${name}`, 550);
    await eve.says(`APPE ${name}`, 550);
    await eve.says("REST 2", 350);
    await eve.says(`STOR ${name}`, 550);
    await eve.says(`MFMT 20010203040506 ${name}`, 550);
    await eve.says(`SITE CHMOD 600 ${name}`, 550);
    for (const op of ["remove", "put"]) {
      const answer = await bob.ask({ op, id: 1, path: `/${name}`, size: 0, overwrite: true });
      expect(answer).toMatchObject({ ok: false });
    }
    expect(await bob.ask({ op: "rename", id: 1, from: `/${name}`, to: "/other" })).toMatchObject({ ok: false });
  }
  await ann.says("DELE theirs", 550);
  await ann.says("RNFR mine", 350);
  await ann.says("RNTO theirs", 5);
  await ann.says("RNFR mine", 350);
  await ann.says("RNTO still-mine", 250);
  await ann.says("DELE still-mine", 250);
  expect(doors.names).toEqual(["theirs"]);
});

testWithRawPeers(
  "during a transfer only STAT, ABOR and QUIT are obeyed at once, the rest waits its turn",
  async () => {
    await using doors = await Doors.open();
    writeFileSync(doors.file("big"), content(16 * MIB));
    writeFileSync(doors.file("other"), "other");
    await doors.twice(async () => {
      using ftp = await doors.ftp();
      await using down = await RawPeer.connect(await ftp.epsv());
      await ftp.says("RETR big", 150);
      await down.read(1000);
      for (const line of ["DELE other", "EPSV", "PORT 1,2,3", "REST 5", "USER root", "CWD nowhere", "RNFR other"])
        await ftp.sends(line);
      expect(await ftp.says("STAT", 213)).toContain("big");
      expect(doors.visible).toEqual(["big", "other"]);
      await ftp.sends("ABOR");
      await ftp.reads(426);
      await ftp.reads(226);
      // Then they are obeyed in their order, each once.
      for (const code of [250, 229, 501, 350, 331, 530, 530]) await ftp.reads(code);
      await ftp.says("QUIT", 221);
      writeFileSync(doors.file("other"), "other");
    });
  },
  60_000,
);

import { expect, test } from "bun:test";
import { mkdirSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { folderTar } from "../../../../protocols/http/files/tar.ts";
import { isStream } from "../../../../protocols/http/wire/reply.ts";
import { VaultError } from "../../../../src/files/error.ts";
import { refusal, Share } from "../../../files/share.ts";
import { Program } from "../../../support/program.ts";
import { TempFolder } from "../../../support/temp.ts";
import { HttpDoor } from "../door.ts";

test("what is of any time is unpacked with it by tar", async () => {
  await using share = new Share();
  using folder = new TempFolder();
  mkdirSync(share.file("d"));
  mkdirSync(share.file("d/sub"));
  const times = [-86_400, 0, 1_700_000_000, 2 ** 31 - 1, 2 ** 31, 4_102_444_800];
  const nameOf = (time: number) => `d/${"long ".repeat(30)}é ${time}`;
  const at = (seconds: number) => new Date(seconds * 1000);
  for (const time of times) utimesSync(share.put(nameOf(time), "x"), at(time), at(time));
  utimesSync(share.file("d/sub"), at(5_000_000_000), at(5_000_000_000));
  await using door = await HttpDoor.open({ vault: share.vault, anonymous: ["read"] });
  const answer = await door.fetch("/files/d/?archive=tar");
  writeFileSync(folder.file("d.tar"), new Uint8Array(await answer.arrayBuffer()));
  await using tar = new Program(["tar", "xf", "d.tar"], { cwd: folder.path });
  expect((await tar.outcome()).code).toBe(0);
  const secondsOf = (name: string) => Math.floor(statSync(folder.file(name)).mtimeMs / 1000);
  expect(times.map((time) => secondsOf(nameOf(time)))).toEqual(times);
  expect(secondsOf("d/sub")).toBe(5_000_000_000);
});

test("a folder that may not be read is refused before an archive of nothing is sent", async () => {
  await using share = new Share();
  mkdirSync(share.file("shut"));
  const access = share.enter();
  // The disk refuses root nothing.
  const shut = Object.assign(Object.create(access) as typeof access, {
    async *entries(path: string) {
      if (path === "/shut") throw new VaultError("denied", "the server's system does not permit this");
      yield* access.entries(path);
    },
  });
  expect(await refusal(folderTar(shut, "/shut"))).toBe("denied");
  const { status, body } = await folderTar(shut, "/");
  expect([status, body === null]).toEqual([200, false]);
});

test("a file that shrinks in an archive is an error of that archive alone", async () => {
  await using share = new Share();
  mkdirSync(share.file("d"));
  const path = share.put("d/f", new Uint8Array(1_000_000));
  const { body } = await folderTar(share.enter(), "/d");
  if (!isStream(body)) throw new Error("an archive is a stream");
  // Two heads, and some of the file.
  for (let got = 0; got < 10_000; ) got += (await body.next())?.length ?? Number.POSITIVE_INFINITY;
  truncateSync(path, 10);
  const rest = async () => {
    while ((await body.next()) !== null);
  };
  // Whatever else fails because of it fails this test, as an error that nobody has handled.
  expect(await rest().catch(String)).toBe("Error: a file became shorter while it was sent");
  body.cancel();
  await new Promise(setImmediate);
});

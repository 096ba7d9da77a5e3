import { describe, expect, test } from "bun:test";
import { until } from "../support/deadline.ts";
import { PageChat } from "../support/page-chat.ts";
import { connect, type TcpClient } from "../support/tcp.ts";
import { startTincan } from "../support/tincan.ts";

describe("the page in a room of hundreds", () => {
  test("lists five hundred, says that there are others, and sees them go", async () => {
    await using tincan = await startTincan(["--doors", "http,line"]);
    const peers: TcpClient[] = [];
    try {
      while (peers.length < 640) {
        const some = await Promise.all(Array.from({ length: 64 }, () => connect({ port: tincan.port("line") })));
        peers.push(...some);
        for (const peer of some) await peer.readLine();
      }
      using ann = await PageChat.open(tincan.port("http"), { name: "ann" });
      const is = (members: number, others: boolean) =>
        until(
          () => ann.room().members.length === members && ann.room().others === others,
          () => `${members} people; there are ${ann.room().members.length}, and others: ${ann.room().others}`,
        );
      await is(500, true);
      // All of them are told in sentences, because more than a hundred stay.
      for (const peer of peers.splice(0, 500)) peer[Symbol.dispose]();
      await is(141, false);
      expect(ann.room().members).toContain("ann");
    } finally {
      for (const peer of peers) peer[Symbol.dispose]();
    }
  }, 30_000);
});

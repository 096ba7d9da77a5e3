import { describe, expect, test } from "bun:test";
import { v2From } from "../bytes/proxy-headers.ts";
import { FtpServer } from "../support/ftp.ts";
import { lineClient } from "../support/line-user.ts";
import { connect } from "../support/tcp.ts";

const TOLD = "a PROXY header is taken only from the proxies that --trust-proxy names";
const headers = {
  "version 1": Buffer.from("PROXY TCP4 203.0.113.9 10.0.0.2 51234 80\r\n"),
  "version 2": Buffer.from(v2From("203.0.113.9", 51234)),
};

describe("a PROXY header from who is no trusted proxy", () => {
  for (const [version, header] of Object.entries(headers))
    test(`is told so at every door but the echo, and no room hears of it: ${version}`, async () => {
      await using server = await FtpServer.start(["--doors", "line,http,ftp,framed"]);
      const { tincan } = server;
      using ann = await lineClient({ port: tincan.port("line") }, "ann");
      for (const door of ["line", "http", "ftp", "framed"]) {
        using client = await connect({ port: tincan.port(door) });
        await client.write(header);
        expect((await client.readAll()).toString()).toContain(TOLD);
        client.halfClose();
        expect(await tincan.closed(client.peer)).toMatchObject({ door, reason: "violation" });
      }
      // What is read line by line is all that was told to the room.
      expect(await ann.tcp.readLine()).toMatch(/^-- guest\d+ joined/);
      expect(await ann.tcp.readLine()).toMatch(/^-- guest\d+ left \(broke the protocol\)/);
    });
});

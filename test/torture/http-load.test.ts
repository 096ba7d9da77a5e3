import { expect } from "bun:test";
import { client } from "../support/clients.ts";
import { LineUser, lineClient } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { RawWebSocket } from "../support/raw-web-socket.ts";
import { startTincan } from "../support/tincan.ts";

const wrk = client("wrk");
const nc = client("nc");

wrk.test(
  "500 connections of wrk ask as fast as they can, and whoever chats meanwhile misses nothing",
  async () => {
    await using tincan = await startTincan(["--doors", "http,line", "--chat-rate", "0"]);
    const [http, line] = [{ port: tincan.port("http") }, { port: tincan.port("line") }];
    await using netcat = new Program([nc.path, "127.0.0.1", String(line.port)]);
    const nat = await LineUser.at(netcat).isCalled("nat");
    using ann = await lineClient(line, "ann");
    using web = await RawWebSocket.chat(http, "web");
    const url = `http://127.0.0.1:${http.port}/api/echo?text=a`;
    let over = false;
    const load = run([wrk.path, "-t1", "-c500", "-d5s", url], { ms: 30_000 }).finally(() => {
      over = true;
    });
    let said = 0;
    for (; !over; said++) {
      await ann.user.say(`ann ${said}`);
      expect(await nat.hears("ann: ")).toBe(`ann: ann ${said}`);
      expect(await hears(web)).toBe(`ann ${said}`);
      await web.say({ op: "say", room: "#lobby", text: `web ${said}` });
      expect(await nat.hears("web: ")).toBe(`web: web ${said}`);
      expect(await ann.user.hears("web: ")).toBe(`web: web ${said}`);
    }
    const { code, stdout } = await load;
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/Non-2xx|Socket errors/);
    expect(Number(/(\d+) requests in/.exec(stdout)?.[1])).toBeGreaterThan(5_000);
    expect(said).toBeGreaterThan(10);
    wrk.exchanged();
    nc.exchanged();
  },
  60_000,
);

/** The next text that somebody else said. */
async function hears(web: RawWebSocket): Promise<unknown> {
  for (;;) {
    const message = await web.readJson();
    if (message["event"] === "message") return message["text"];
  }
}

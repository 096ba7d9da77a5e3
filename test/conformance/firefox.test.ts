import { describe, expect } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { client } from "../support/clients.ts";
import { Firefox, firefox } from "../support/firefox.ts";
import { LineUser } from "../support/line-user.ts";
import { Program } from "../support/program.ts";
import { Relay } from "../support/relay.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan } from "../support/tincan.ts";

const nc = client("nc");
const host = "127.0.0.1";

describe("a Firefox", () => {
  firefox.test(
    "talks with a netcat, searches, uploads and downloads, and comes back to a server that was killed",
    async () => {
      using share = new TempFolder();
      using local = new TempFolder();
      const bytes = new Uint8Array(9 * 1024 * 1024).map((_, at) => at % 251);
      await Bun.write(local.file("很大 & 50%.bin"), bytes);
      const flags = [share.path, "--allow-upload", "--min-free", "0", "--history", "7d"];
      const kept = [...flags, "--state-dir", local.file("state")];
      const first = await startTincan(kept);
      await using relay = await Relay.start(first.port("http"));
      await using user = await Firefox.launch();
      await using netcat = new Program([nc.path, host, String(first.port("line"))]);
      const nat = await LineUser.at(netcat).isCalled("nat");

      await user.open(`http://${host}:${relay.port}/`);
      await user.click(".own-name");
      await user.isAt("Your name");
      await user.type("fox", "Enter");
      await nat.hears("fox");
      await user.click("textarea");
      await user.type("hello from Firefox", "Enter");
      await nat.hears("fox: hello from Firefox");
      await nat.say("and from netcat");
      await user.sees(".said", "and from netcat");

      // Escape empties a field for searches there, too, and closed nothing.
      await user.click(".room-head button", "Search");
      await user.isAt("Search in #lobby");
      await user.type("netcat");
      await user.sees(".hit", "and from netcat");
      await user.click(".hit-open");
      await user.sees(".log .goal", "and from netcat");
      await user.type("Escape");
      await user.misses(".goal");
      await user.click(".search input");
      await user.type("Escape");
      await user.misses(".search");

      await user.click(".files-bar button", "Upload");
      await user.choose(local.file("很大 & 50%.bin"));
      await user.sees(".upload", "checked");
      expect(readFileSync(join(share.path, "很大 & 50%.bin")).equals(bytes)).toBe(true);
      await nat.hears("-- fox uploaded");
      await user.sees(".announced", "很大 & 50%.bin");
      await user.click(".file-main", "很大 & 50%.bin");
      expect(readFileSync(await user.downloaded()).equals(bytes)).toBe(true);

      await first.stop("SIGKILL").catch(() => {});
      await first[Symbol.asyncDispose]();
      relay.lose("server");
      await user.sees(".status", "Connection lost");
      await user.click("textarea");
      await user.type("while it was away", "Enter");
      await using second = await startTincan(kept);
      relay.to = second.port("http");
      await using again = new Program([nc.path, host, String(second.port("line"))]);
      await LineUser.at(again).hears("fox: while it was away");
      await user.misses(".outgoing");
      expect(await user.evaluate('[...document.querySelectorAll(".said")].map((e) => e.textContent)')).toEqual([
        "hello from Firefox",
        "and from netcat",
        "while it was away",
      ]);
      expect(user.complaints).toEqual([]);
      firefox.exchanged(6);
      nc.exchanged(4);
    },
    180_000,
  );
});

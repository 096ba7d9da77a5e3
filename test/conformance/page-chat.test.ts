import { describe, expect, test } from "bun:test";
import { isChatless } from "../../protocols/http/page/app/chat/state.ts";
import { until } from "../support/deadline.ts";
import { lineClient } from "../support/line-user.ts";
import { PageChat } from "../support/page-chat.ts";
import { run } from "../support/program.ts";
import { Random, SEED } from "../support/random.ts";
import { Relay } from "../support/relay.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";

const host = "127.0.0.1";

/** Says "before" in a room; then the server ends, and the page notices. */
async function losesItsServer(user: PageChat, server: Tincan, room = "#lobby"): Promise<void> {
  user.chat.outbox.say(room, "say", "before");
  await user.hears("before", room);
  await server[Symbol.asyncDispose]();
  await user.offline();
}

describe("the page's chat", () => {
  test("hears the line door, and is heard there", async () => {
    await using tincan = await startTincan(["--doors", "http,line"]);
    using page = await PageChat.open(tincan.port("http"), { name: "ann" });
    using bob = await lineClient({ host, port: tincan.port("line") }, "bob");
    await bob.user.say("hi from a line");
    await page.hears("hi from a line");
    page.chat.outbox.say("#lobby", "say", "hi from\na page");
    await bob.user.hears("ann: hi from");
    await bob.user.hears("ann: a page");
    await bob.user.say("/msg ann psst");
    await until(() => page.state.rooms.has("@bob"), "a private room");
    expect(page.room("@bob")).toMatchObject({ unread: 1, called: true });
    page.chat.outbox.say("@bob", "tell", "hush");
    await bob.user.hears("[ann] hush");
  });

  test("loses nothing and doubles nothing, however often the connection breaks", async () => {
    await using tincan = await startTincan(["--doors", "http", "--chat-rate", "0"]);
    await using relay = await Relay.start(tincan.port("http"));
    using ann = await PageChat.open(relay.port, { name: "ann" });
    using bob = await PageChat.open(tincan.port("http"), { name: "bob" });
    const random = new Random(SEED);
    const said: string[] = [];
    for (let round = 0; round < 25; round++) {
      for (let count = random.below(4); count >= 0; count--) {
        const who = random.below(2) === 0 ? ann : bob;
        said.push(`${who.memory.name} ${said.length}`);
        who.chat.outbox.say("#lobby", "say", said.at(-1) ?? "");
      }
      // Before, while or after they are on their way.
      for (let turns = random.below(4); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
      relay.lose(random.below(2) === 0 ? "client" : "server");
      if (random.below(2) === 0) await ann.online();
    }
    for (const page of [ann, bob]) {
      await until(
        () => page.texts().length >= said.length && page.room().outgoing.length === 0,
        () =>
          `${said.length} messages (seed ${SEED}); ${page.texts().length} are here, ${JSON.stringify(page.room().outgoing)}`,
      );
      expect(page.texts().toSorted()).toEqual(said.toSorted());
    }
    expect(ann.texts()).toEqual(bob.texts());
    expect(ann.entered).toBeGreaterThan(3);
  });

  test("asks by HTTP whether the server is back before it opens another WebSocket", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    await using relay = await Relay.start(tincan.port("http"));
    using ann = await PageChat.open(relay.port, { name: "ann" });
    const asked: string[] = [];
    using proxy = Bun.serve({
      port: 0,
      hostname: host,
      fetch: ({ method, url }) => {
        asked.push(`${method} ${new URL(url).pathname}`);
        return new Response("nobody is behind this", { status: 502 });
      },
    });
    relay.to = proxy.port ?? 0;
    relay.lose("server");
    await until(
      () => asked.filter((one) => one === "GET /healthz").length >= 3,
      () => `three questions; there were ${asked.join(", ")}`,
    );
    expect(asked.filter((one) => one === "GET /ws")).toHaveLength(1);
    relay.to = tincan.port("http");
    relay.lose("server");
    await ann.online();
    // What is open tells of its end by itself.
    asked.length = 0;
    relay.to = proxy.port ?? 0;
    relay.lose("server");
    await until(() => asked.includes("GET /healthz"), "another question");
    expect(asked[0]).toBe("GET /ws");
  });

  test("fetches the newest of what it has missed, and the rest when one scrolls up", async () => {
    await using tincan = await startTincan(["--doors", "http", "--chat-rate", "0"]);
    using bob = await PageChat.open(tincan.port("http"), { name: "bob" });
    for (let count = 1; count <= 150; count++) bob.chat.outbox.say("#lobby", "say", `${count}`);
    await bob.hears("150");
    using ann = await PageChat.open(tincan.port("http"), { name: "ann" });
    expect(ann.texts()).toEqual(Array.from({ length: 60 }, (_, at) => `${at + 91}`));
    for (const left of [120, 150]) {
      expect(ann.room().more).toBe(true);
      await ann.chat.older("#lobby");
      expect(ann.texts()).toHaveLength(left);
    }
    expect(ann.room().more).toBe(false);
    expect(ann.texts()[0]).toBe("1");
  });

  test("goes on with a server that was started anew, and marks where it forgot", async () => {
    const first = await startTincan(["--doors", "http"]);
    await using relay = await Relay.start(first.port("http"));
    using ann = await PageChat.open(relay.port, { name: "ann", rooms: ["#lobby", "#dev"] });
    await losesItsServer(ann, first, "#dev");
    ann.chat.outbox.say("#dev", "say", "meanwhile");
    await using second = await startTincan(["--doors", "http"]);
    relay.to = second.port("http");
    await ann.hears("meanwhile", "#dev");
    expect(ann.texts("#dev")).toEqual(["before", "meanwhile"]);
    expect(ann.room("#dev").timeline.items.some(({ kind }) => kind === "break")).toBe(true);
    expect(ann.state.name).toBe("ann");
  });

  test("says that it is called otherwise since it came back", async () => {
    const first = await startTincan(["--doors", "http"]);
    await using relay = await Relay.start(first.port("http"));
    using ann = await PageChat.open(relay.port, { name: "ann" });
    await losesItsServer(ann, first);
    await using second = await startTincan(["--doors", "http"]);
    using _other = await PageChat.open(second.port("http"), { name: "ann" });
    relay.to = second.port("http");
    await ann.online();
    expect(ann.state.name).toBe("ann_");
    const told = ann.room().timeline.items.flatMap((item) => (item.kind === "passing" ? [item.event] : []));
    expect(told).toContainEqual(expect.objectContaining({ event: "name", from: "ann", to: "ann_" }));
    expect([...ann.room().members].sort()).toEqual(["ann", "ann_"]);
    expect(ann.memory.name).toBe("ann");
  });

  test("keeps what it has, and says so, where the server has forgotten what came then", async () => {
    await using tincan = await startTincan(["--doors", "http", "--chat-rate", "0"]);
    await using relay = await Relay.start(tincan.port("http"));
    using bob = await PageChat.open(tincan.port("http"), { name: "bob" });
    using ann = await PageChat.open(relay.port, { name: "ann" });
    bob.chat.outbox.say("#lobby", "say", "seen");
    await ann.hears("seen");
    for (const missed of [210, 450]) {
      relay.to = 1;
      relay.lose("server");
      await ann.offline();
      for (let count = 1; count <= missed; count++) bob.chat.outbox.say("#lobby", "say", `${missed} ${count}`);
      await bob.hears(`${missed} ${missed}`);
      relay.to = tincan.port("http");
      await ann.online();
      expect(ann.state.missed).toBe(true);
    }
    while (ann.room().more) await ann.chat.older("#lobby");
    const remembered = Array.from({ length: 200 }, (_, at) => `450 ${at + 251}`);
    expect(ann.texts()).toEqual(["seen", ...Array.from({ length: 60 }, (_, at) => `210 ${at + 151}`), ...remembered]);
    const breaks = ann.room().timeline.items.filter(({ kind }) => kind === "break");
    expect(breaks).toMatchObject([{ why: "forgotten" }, { why: "forgotten" }]);
    relay.lose("server");
    await until(() => ann.entered === 4, "it to come back");
    expect(ann.state.missed).toBe(false);
  });

  test("keeps what it has where somebody spoke first to a server that was started anew", async () => {
    const first = await startTincan(["--doors", "http"]);
    await using relay = await Relay.start(first.port("http"));
    using ann = await PageChat.open(relay.port, { name: "ann" });
    await losesItsServer(ann, first);
    await using second = await startTincan(["--doors", "http"]);
    using bob = await PageChat.open(second.port("http"), { name: "bob" });
    bob.chat.outbox.say("#lobby", "say", "first");
    await bob.hears("first");
    relay.to = second.port("http");
    await ann.hears("first");
    expect(ann.texts()).toEqual(["before", "first"]);
    await ann.online();
    expect(ann.state.missed).toBe(true);
  });

  test("shows a killed server's history in one piece, and marks what it had not kept", async () => {
    using disk = SmallDisk.mount(2 * 1024 * 1024);
    if (disk === null) return;
    const kept = ["--doors", "http", "--history", "7d", "--state-dir", disk.file("state")];
    const first = await startTincan(kept);
    await using relay = await Relay.start(first.port("http"));
    using ann = await PageChat.open(relay.port, { name: "ann" });
    ann.chat.outbox.say("#lobby", "say", "kept");
    await ann.hears("kept");
    await fetch(`http://127.0.0.1:${first.port("http")}/api/rooms/lobby/search?text=on+the+disk`);
    disk.fill();
    ann.chat.outbox.say("#lobby", "say", "not kept");
    await ann.hears("not kept");
    await first.stop("SIGKILL").catch(() => {});
    await first[Symbol.asyncDispose]();
    await ann.offline();
    disk.makeRoom();
    await using second = await startTincan(kept);
    relay.to = second.port("http");
    await ann.online();
    await until(
      () => ann.state.missed,
      () => `it to know that something is missing; it has ${JSON.stringify(ann.room().timeline)}`,
    );
    ann.chat.outbox.say("#lobby", "say", "later");
    await ann.hears("later");
    expect(ann.texts()).toEqual(["kept", "not kept", "later"]);
    const { items } = ann.room().timeline;
    expect(items.findIndex((item) => item.kind === "break" && item.why === "unkept")).toBe(
      items.findIndex((item) => item.kind === "said" && item.event.text === "not kept") + 1,
    );
    using bob = await PageChat.open(second.port("http"), { name: "bob" });
    await bob.hears("later");
    expect(bob.texts()).toEqual(["kept", "later"]);
    expect(bob.room().timeline.items.some(({ kind }) => kind === "break")).toBe(false);
  });

  test("counts what it has missed while it was away", async () => {
    await using tincan = await startTincan(["--doors", "http", "--chat-rate", "0"]);
    await using relay = await Relay.start(tincan.port("http"));
    const rooms = ["#lobby", "#dev"];
    using bob = await PageChat.open(tincan.port("http"), { name: "bob", rooms });
    using ann = await PageChat.open(relay.port, { name: "ann", rooms });
    for (const room of rooms) bob.chat.outbox.say(room, "say", "seen");
    await ann.hears("seen", "#dev");
    ann.chat.show("#dev");
    ann.chat.show("#lobby");
    relay.to = 1;
    relay.lose("server");
    await ann.offline();
    for (const room of rooms) for (const text of ["hi", "ann?"]) bob.chat.outbox.say(room, "say", text);
    await bob.hears("ann?", "#dev");
    relay.to = tincan.port("http");
    await ann.online();
    expect(ann.room("#lobby").unread).toBe(0);
    expect(ann.room("#dev")).toMatchObject({ unread: 2, called: true });
    expect(ann.room("#dev").newFrom).not.toBeNull();
  });

  test("takes another name when its own is taken, and its own back from a dead connection", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    const port = tincan.port("http");
    using first = await PageChat.open(port, { name: "ann" });
    using second = await PageChat.open(port, { name: "ann" });
    expect(second.state.name).toBe("ann_");
    using third = await PageChat.open(port, { name: "ann", session: first.memory.session });
    expect(third.state.name).toBe("ann");
    await until(() => first.state.status.kind === "ended", "the first to be told");
    expect(first.state.status).toMatchObject({ reason: "replaced" });
  });

  test("is called as its account when it logs in, and by the same guest's name until then", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    await using relay = await Relay.start(tincan.port("http"));
    using other = await PageChat.open(tincan.port("http"), { name: "bob" });
    using ann = await PageChat.open(relay.port);
    const guest = ann.state.name;
    for (const entered of [2, 3]) {
      relay.lose("server");
      relay.lose("client");
      await until(() => ann.entered === entered, "it to come back");
      expect(ann.state.name).toBe(guest);
    }
    await ann.chat.logIn("ann");
    expect(ann.state.name).toBe("ann");
    expect(ann.memory.name).toBeNull();
    const seen = other.room().timeline.items.length;
    ann.chat.connect();
    await until(() => ann.entered === 4, "the connection of who has logged in");
    expect(ann.state.name).toBe("ann");
    ann.chat.outbox.say("#lobby", "say", "here");
    await other.hears("here");
    // The name was taken, and nobody saw anybody go or come for the new connection.
    const told = other
      .room()
      .timeline.items.slice(seen)
      .flatMap((item) => ("event" in item ? [item.event.event] : []));
    expect(told.filter((event) => event !== "name")).toEqual(["message"]);
    using second = await PageChat.open(tincan.port("http"));
    await second.chat.logIn("ann");
    expect(second.state.name).toBe("ann_");
    await second.chat.logIn(null);
    second.chat.connect();
    await until(() => second.entered === 2, "the guest");
    expect(second.state.name).toStartWith("guest");
    using chosen = await PageChat.open(tincan.port("http"), { name: "carol" });
    await chosen.chat.logIn("dora");
    expect(chosen.state.name).toBe("carol");
  });

  test("counts what nobody looked at", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    const port = tincan.port("http");
    using ann = await PageChat.open(port, { name: "ann", rooms: ["#lobby", "#dev"] });
    using bob = await PageChat.open(port, { name: "bob", rooms: ["#lobby", "#dev"] });
    bob.chat.outbox.say("#lobby", "say", "seen");
    bob.chat.outbox.say("#dev", "say", "banner, annex");
    await ann.hears("banner, annex", "#dev");
    expect(ann.room("#lobby").unread).toBe(0);
    expect(ann.room("#dev")).toMatchObject({ unread: 1, called: false });
    bob.chat.outbox.say("#dev", "say", "ann: look");
    await ann.hears("ann: look", "#dev");
    expect(ann.room("#dev")).toMatchObject({ unread: 2, called: true });
    ann.chat.show("#dev");
    expect(ann.room("#dev")).toMatchObject({ unread: 0, called: false });
    expect(ann.room("#dev").newFrom).not.toBeNull();
  });

  test("says when the operator has ended it, and stays away", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    using ann = await PageChat.open(tincan.port("http"), { name: "ann" });
    await run([TINCAN, "kick", "ann", "--reason", "too loud", "--state-dir", tincan.folder.file("state")]);
    await until(
      () => ann.state.status.kind === "ended",
      () => JSON.stringify(ann.state.status),
    );
    expect(ann.state.status).toMatchObject({ reason: "kicked" });
  });

  test("is told of files where there is no chat", async () => {
    using folder = new TempFolder();
    await using tincan = await startTincan([
      folder.path,
      "--doors",
      "http",
      "--deny-chat",
      "--allow-upload",
      "--min-free",
      "0",
    ]);
    const port = tincan.port("http");
    using page = await PageChat.open(port);
    expect(page.state.name).toBeNull();
    await page.chat.ask("watch", { path: "/" });
    await fetch(`http://127.0.0.1:${port}/files/a.txt`, { method: "PUT", body: "a" });
    await until(() => page.files.length > 0, "news of a file");
    expect(page.files[0]).toMatchObject({ kind: "stored", path: "/a.txt" });
  });

  test("takes a name and a room as soon as it is let in, whatever of the history is still to come", async () => {
    await using tincan = await startTincan(["--doors", "http"]);
    using page = new PageChat(tincan.port("http"));
    await new Promise<void>((resolve) => page.chat.state.watch(() => page.state.name !== null && resolve()));
    expect(page.state.status.kind).toBe("connecting");
    await Promise.all([page.chat.rename("ann"), page.chat.join("#dev")]);
    expect(page.state.name).toBe("ann");
    expect(page.state.active).toBe("#dev");
    await page.online();
    expect(page.memory.rooms).toEqual(["#lobby", "#dev"]);
  });

  test("waits with what was not sent where a server has come back without a chat", async () => {
    using folder = new TempFolder();
    const first = await startTincan(["--doors", "http"]);
    await using relay = await Relay.start(first.port("http"));
    using ann = await PageChat.open(relay.port, { name: "ann" });
    await first[Symbol.asyncDispose]();
    await ann.offline();
    ann.chat.outbox.say("#lobby", "say", "meanwhile");
    await using files = await startTincan([folder.path, "--doors", "http", "--deny-chat"]);
    relay.to = files.port("http");
    await ann.online();
    expect(isChatless(ann.state)).toBe(true);
    expect(ann.room().outgoing.map(({ state }) => state)).toEqual(["waiting"]);
  });

  test("goes on without a break where the server remembers over its restart", async () => {
    using folder = new TempFolder();
    const flags = ["--doors", "http", "--history", "7d", "--state-dir", folder.file("state")];
    const first = await startTincan(flags);
    await using relay = await Relay.start(first.port("http"));
    using ann = await PageChat.open(relay.port, { name: "ann" });
    await losesItsServer(ann, first);
    ann.chat.outbox.say("#lobby", "say", "meanwhile");
    await using second = await startTincan(flags);
    relay.to = second.port("http");
    await ann.hears("meanwhile");
    using bob = await PageChat.open(second.port("http"), { name: "bob" });
    bob.chat.outbox.say("#lobby", "say", "after");
    for (const page of [ann, bob]) {
      await page.hears("after");
      expect(page.texts()).toEqual(["before", "meanwhile", "after"]);
      expect(page.room().timeline.items.some(({ kind }) => kind === "break")).toBe(false);
    }
  });
});

import { describe, expect, test } from "bun:test";
import type { Credentials, Gate, Login, PeerAddress } from "../../../src/accounts/gate.ts";
import { stranger } from "../../../src/accounts/stranger.ts";
import type { Visitor } from "../../../src/accounts/visitor.ts";
import { Share, visitor } from "../../files/share.ts";
import { MemoryDoor } from "./door.ts";
import { FilesDoor } from "./files-door.ts";

/** Knows ann, whose password is right, and takes its time when a test wants it to. */
class TestGate implements Gate {
  readonly asked: PeerAddress[] = [];
  wait: Promise<void> = Promise.resolve();

  anonymous(peer: PeerAddress): Visitor {
    return stranger(peer, new Set());
  }

  async login({ user, password }: Credentials, peer: PeerAddress): Promise<Login> {
    this.asked.push(peer);
    await this.wait;
    if (user === "ann" && password === "right") {
      return { ok: true, visitor: { ...visitor(["read", "upload"]), account: "ann", owner: "account:ann" } };
    }
    return { ok: false, code: "bad-login", message: "the name or the password is wrong" };
  }

  hasAccounts(): Promise<boolean> {
    return Promise.resolve(true);
  }

  refusesPlain({ loopback, encrypted }: PeerAddress): string | null {
    return loopback || encrypted ? null : "no password in the clear; use TLS";
  }
}

const hello = { op: "hello", v: 1, service: "files", id: 1, user: "ann", password: "right" };

describe("a hello with user and password", () => {
  for (const service of ["files", "chat"]) {
    test(`logs in to ${service}, and files are those of the account`, async () => {
      await using share = new Share();
      const gate = new TestGate();
      const door = new MemoryDoor({ vault: share.vault, gate });
      const peer = door.connect();
      await peer.say({ ...hello, service, name: "kim" }, { op: "mkdir", path: "/made", id: 2 });
      expect(await peer.hear(2)).toMatchObject([
        { id: 1, ok: true, service },
        { id: 2, ok: true },
      ]);
      expect(peer.conn.session?.who).toMatchObject({ name: service === "chat" ? "kim" : null, account: "ann" });
      expect(share.events).toMatchObject([{ kind: "made", visitor: { account: "ann" } }]);
      expect(share.events[0]?.visitor.nick).toBe(service === "chat" ? "kim" : undefined);
      expect(gate.asked).toMatchObject([{ host: "127.0.0.1", loopback: true, encrypted: false }]);
      peer.conn.close();
    });
  }

  test("is refused in constant words, may be tried again, and counts as a refused hello", async () => {
    const door = new MemoryDoor({ gate: new TestGate() });
    const peer = door.connect();
    const answers = [];
    for (const wrong of [{ user: "bob" }, { password: "s3cret" }])
      answers.push(await peer.request({ ...hello, ...wrong }));
    expect(answers[0]).toEqual(answers[1] ?? {});
    expect(answers[0]).toMatchObject({ id: 1, ok: false, op: "hello", error: { code: "bad-login" } });
    expect(JSON.stringify(answers)).not.toContain("s3cret");
    expect(await peer.request(hello)).toMatchObject({ ok: true });

    const stubborn = door.connect();
    await stubborn.say(...Array(10).fill({ ...hello, password: "guess" }));
    expect(stubborn.messages()).toHaveLength(7);
    expect(stubborn.conn.why).toMatchObject({ kind: "violation" });
  });

  test("is not looked at over plain TCP from elsewhere", async () => {
    const gate = new TestGate();
    const door = new MemoryDoor({ gate });
    const peer = door.connect("192.0.2.7");
    expect(await peer.request(hello)).toMatchObject({ ok: false, error: { code: "plain-password" } });
    expect(gate.asked).toEqual([]);
  });

  test("is not read past until it is known, and a peer that goes meanwhile comes in nowhere", async () => {
    const gate = new TestGate();
    const slow = Promise.withResolvers<void>();
    gate.wait = slow.promise;
    const door = new MemoryDoor({ gate });
    const peer = door.connect();
    let settled = false;
    const said = peer.say({ ...hello, service: "chat" }, { op: "ping", id: 2 }).then(() => {
      settled = true;
    });
    await Promise.resolve();
    expect(settled).toBe(false);
    expect(peer.messages()).toEqual([]);
    peer.conn.close();
    slow.resolve();
    await said;
    expect(door.hub.stats().members).toBe(0);
  });

  test("for echo is checked too", async () => {
    const peer = new MemoryDoor({ gate: new TestGate() }).connect();
    expect(await peer.request({ ...hello, service: "echo", password: "x" })).toMatchObject({ ok: false });
    expect(await peer.request({ ...hello, service: "echo" })).toMatchObject({ ok: true });
  });
});

describe("who has no account", () => {
  test("may read where everybody may, and is denied the rest", async () => {
    await using files = new FilesDoor(["read"]);
    files.share.put("a", "hello");
    const ann = await files.peer();
    expect(await ann.request({ op: "stat", path: "/a", id: 1 })).toMatchObject({ ok: true });
    for (const request of [
      { op: "mkdir", path: "/x" },
      { op: "remove", path: "/a" },
      { op: "rename", from: "/a", to: "/b" },
      { op: "put", path: "/x", size: 1 },
    ]) {
      expect(await ann.request({ ...request, id: 2 })).toMatchObject({ id: 2, ok: false, error: { code: "denied" } });
    }
    expect(files.share.names()).toEqual(["a"]);
  });

  test("is denied to read, too, where that is not allowed", async () => {
    await using files = new FilesDoor([]);
    files.share.put("a", "hello");
    const ann = await files.peer();
    for (const op of ["list", "stat", "hash", "get"]) {
      expect(await ann.request({ op, path: "/a", id: 1 })).toMatchObject({
        id: 1,
        ok: false,
        error: { code: "denied" },
      });
    }
  });

  test("is told that no files are shared, by every request but end and cancel", async () => {
    const door = new MemoryDoor();
    const peer = door.connect();
    await peer.request({ op: "hello", v: 1, service: "files", id: 0 });
    for (const request of [
      { op: "list", path: "/" },
      { op: "stat", path: "/" },
      { op: "hash", path: "/a" },
      { op: "mkdir", path: "/a" },
      { op: "remove", path: "/a" },
      { op: "rename", from: "/a", to: "/b" },
      { op: "get", path: "/a" },
      { op: "put", path: "/a" },
    ]) {
      expect(await peer.request({ ...request, id: 1 })).toMatchObject({ id: 1, error: { code: "no-files" } });
    }
  });
});

describe("a member of the chat", () => {
  test("asks for files between its messages, and is told by its name of what it adds", async () => {
    await using files = new FilesDoor();
    const ann = await files.peer("chat", { name: "ann" });
    expect(await ann.request({ op: "name", name: "anna", id: 1 })).toMatchObject({ ok: true });
    expect(await ann.request({ op: "mkdir", path: "/x", id: 2 })).toEqual({ id: 2, ok: true });
    expect(files.share.events[0]?.visitor.nick).toBe("anna");
    expect(await ann.request({ op: "say", room: "#lobby", text: "hi", id: 3 })).toMatchObject({ ok: true, seq: 1 });
  });

  test("of files alone is seen by nobody, and has no chat", async () => {
    await using files = new FilesDoor();
    const bob = await files.peer("chat", { name: "bob" });
    const ann = await files.peer("files", { name: "ann" });
    expect(bob.messages()).toEqual([]);
    expect(files.door.hub.stats().members).toBe(1);
    for (const op of ["say", "who", "ping", "rooms"]) {
      expect(await ann.request({ op, room: "#lobby", text: "hi", id: 1 })).toMatchObject({
        error: { code: "unknown-op" },
      });
    }
    expect(await ann.request({ op: "hello", id: 1 })).toMatchObject({ error: { code: "hello-again" } });
  });
});

test("requests that only ask need an id, those that change need none", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer();
  for (const op of ["list", "stat", "hash", "get", "put", "end"]) {
    expect(await ann.request({ op, path: "/", of: 1 })).toMatchObject({ ok: false, op, error: { code: "needs-id" } });
  }
  await ann.say({ op: "mkdir", path: "/x" }, { op: "rename", from: "/x", to: "/y" }, { op: "remove", path: "/nope" });
  expect(await ann.hear()).toMatchObject([{ ok: false, op: "remove", error: { code: "not-found" } }]);
  expect(files.share.names()).toEqual(["y"]);
});

test("requests are done in order, whatever they wait for", async () => {
  await using files = new FilesDoor();
  const ann = await files.peer();
  await ann.say(
    { op: "mkdir", path: "/a", id: 1 },
    { op: "rename", from: "/a", to: "/b", id: 2 },
    { op: "stat", path: "/b", id: 3 },
    { op: "remove", path: "/b", id: 4 },
    { op: "stat", path: "/b", id: 5 },
  );
  const answers = await ann.hear(5);
  expect(answers.map(({ id, ok }) => [id, ok])).toEqual([
    [1, true],
    [2, true],
    [3, true],
    [4, true],
    [5, false],
  ]);
});

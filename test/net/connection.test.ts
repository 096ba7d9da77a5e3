import { describe, expect, test } from "bun:test";
import type { Connection } from "../../src/net/protocol.ts";
import { until } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { RawPeer, testWithRawPeers } from "../support/raw-peer.ts";
import { connect } from "../support/tcp.ts";
import { type Behaviour, TestDoor } from "./test-door.ts";

const MIB = 1024 * 1024;

const echo: Behaviour = (conn) => ({
  async onData(chunk) {
    if (!conn.send(chunk)) await conn.drained();
  },
});
const silent: Behaviour = () => ({ onData() {} });

describe("sending", () => {
  test("answers a client that sent and half-closed", async () => {
    await using door = await TestDoor.open(echo);
    using client = await connect({ port: door.port });
    await client.write("hi");
    client.halfClose();
    expect((await client.readAll()).toString()).toBe("hi");
    expect(await door.ending()).toEqual({ kind: "peer" });
  });

  test("keeps the order of many small and large sends", async () => {
    const pieces = Array.from({ length: 3000 }, (_, i) => Buffer.alloc(i % 97 === 0 ? 100_000 : i % 50, i & 255));
    await using door = await TestDoor.open((conn) => ({
      onData() {
        for (const piece of pieces) conn.send(piece);
        conn.finish();
      },
    }));
    using client = await connect({ port: door.port });
    await client.write("go");
    expect((await client.readAll()).equals(Buffer.concat(pieces))).toBe(true);
    client.halfClose();
    expect(await door.ending()).toEqual({ kind: "local" });
  });

  test("shares buffers between connections without mixing their streams", async () => {
    const shared = Array.from({ length: 40 }, (_, i) => Buffer.from(`shared ${i};`));
    const all: { send(b: Uint8Array): boolean }[] = [];
    await using door = await TestDoor.open((conn) => {
      all.push(conn);
      return {
        onData(chunk) {
          all[1]?.send(Buffer.from("only the second;"));
          for (const piece of shared) for (const each of all) each.send(piece);
          for (const each of all) each.send(Buffer.from(chunk));
        },
      };
    });
    const clients = [];
    for (let i = 0; i < 4; i++) clients.push(await connect({ port: door.port }));
    await door.connection(3);
    await clients[0]?.write("end.");
    for (const [i, client] of clients.entries()) {
      const own = i === 1 ? "only the second;" : "";
      expect(await client.readUntil("end.")).toBe(`${own}${shared.join("")}end.`);
      client[Symbol.dispose]();
    }
  });

  test("bounds what an echo holds for a peer that does not read, and loses no byte of 64 MiB", async () => {
    await using door = await TestDoor.open(echo);
    using client = await connect({ port: door.port });
    const hash = new Bun.CryptoHasher("sha256");
    const chunk = Buffer.alloc(MIB);
    let most = 0;
    const conn = await door.connection();
    const sent = (async () => {
      for (let i = 0; i < 64; i++) {
        chunk.fill(i);
        hash.update(chunk);
        await client.write(Buffer.from(chunk));
        most = Math.max(most, conn.pending);
      }
      client.halfClose();
    })();
    const got = await client.readAll(60_000);
    await sent;
    expect(new Bun.CryptoHasher("sha256").update(got).digest("hex")).toBe(hash.digest("hex"));
    expect(most).toBeLessThan(MIB);
  });

  testWithRawPeers("ends a frozen peer as slow at the cap while its neighbour gets every byte", async () => {
    const cap = 600_000;
    const piece = Buffer.alloc(10_000, "x");
    const all: { send(b: Uint8Array): boolean }[] = [];
    await using door = await TestDoor.open(
      (conn) => {
        all.push(conn);
        return { onData: () => all.forEach((each) => void each.send(piece)) };
      },
      { limits: { maxOutbox: cap } },
    );
    await using frozen = await RawPeer.connect(door.port);
    await door.connection(0);
    using healthy = await connect({ port: door.port });
    await door.connection(1);
    let bytes = 0;
    while (door.endings.length === 0) {
      await healthy.write("more");
      bytes += (await healthy.readExactly(piece.length)).length;
      if (bytes > 64 * MIB) throw new Error("the frozen peer is still there");
    }
    expect(door.endings).toEqual([{ kind: "slow", pending: expect.any(Number) }]);
    const [why] = door.endings;
    expect(why?.kind === "slow" && why.pending > cap && why.pending <= cap + piece.length).toBe(true);
    await healthy.write("more");
    expect((await healthy.readExactly(piece.length)).equals(piece)).toBe(true);
    expect(door.log.filter(({ event }) => event === "closed")).toEqual([
      { event: "closed", fields: expect.objectContaining({ reason: "slow", peer: frozen.peer }) },
    ]);
  });

  testWithRawPeers("gives up a peer that takes nothing for the stall limit, and not before", async () => {
    const clock = new HandClock();
    await using door = await TestDoor.open(
      (conn) => ({
        onData() {
          conn.send(Buffer.alloc(8 * MIB));
        },
      }),
      { clock, limits: { maxOutbox: 16 * MIB } },
    );
    await using frozen = await RawPeer.connect(door.port);
    await frozen.send("go");
    const conn = await door.connection();
    await until(() => conn.pending > 0 && conn.pending < 8 * MIB, "the socket to be full");
    clock.move(59_900);
    expect(conn.state).toBe("open");
    clock.move(300);
    expect((await door.ending()).kind).toBe("slow");
  });

  testWithRawPeers("evicts the largest holder when all outboxes together are over the budget", async () => {
    await using door = await TestDoor.open(
      (conn) => ({
        onData(chunk) {
          conn.send(Buffer.alloc(chunk[0] === 76 ? 13 * MIB : 11 * MIB));
        },
      }),
      { limits: { maxOutbox: 64 * MIB, outboxBudget: 14 * MIB } },
    );
    await using large = await RawPeer.connect(door.port);
    await large.send("L");
    const first = await door.connection(0);
    await until(() => first.pending > 0, "the first socket to be full");
    await using small = await RawPeer.connect(door.port);
    await small.send("s");
    expect((await door.ending()).kind).toBe("slow");
    expect(first.state).toBe("closed");
    expect((await door.connection(1)).state).toBe("open");
  });
});

describe("reading", () => {
  test("pauses while the session's promise is pending, and serialises the chunks", async () => {
    const steps: string[] = [];
    const gate = Promise.withResolvers<void>();
    await using door = await TestDoor.open(() => ({
      async onData(chunk) {
        steps.push(`begin ${chunk.length}`);
        if (steps.length === 1) await gate.promise;
        steps.push("end");
      },
    }));
    using client = await connect({ port: door.port });
    await client.write("a");
    await until(() => steps.length === 1, "the first chunk");
    await client.write(Buffer.alloc(100));
    using other = await connect({ port: door.port });
    await door.connection(1);
    await other.write("b");
    await until(() => steps.includes("end"), "the neighbour to be served");
    expect(steps).toEqual(["begin 1", "begin 1", "end"]);
    gate.resolve();
    await until(() => steps.length === 6, "the second chunk");
    expect(steps.slice(3)).toEqual(["end", "begin 100", "end"]);
  });

  test("hears a half-close that came while it was paused", async () => {
    const gate = Promise.withResolvers<void>();
    await using door = await TestDoor.open((conn) => ({
      async onData() {
        await gate.promise;
        conn.send(Buffer.from("done"));
      },
    }));
    using client = await connect({ port: door.port });
    await client.write("x");
    client.halfClose();
    await door.connection();
    gate.resolve();
    expect((await client.readAll()).toString()).toBe("done");
    expect(await door.ending()).toEqual({ kind: "peer" });
  });

  test("ends the largest holder of half-received input when all are over the budget", async () => {
    await using door = await TestDoor.open(
      () => {
        let held = 0;
        return {
          onData(chunk) {
            held += chunk.length;
          },
          get buffered() {
            return held;
          },
          farewell: () => Buffer.from("no room"),
        };
      },
      { limits: { inputBudget: 1000 } },
    );
    using large = await connect({ port: door.port });
    await large.write(Buffer.alloc(700));
    await until(() => door.runtime.inputBudget.used === 700, "the first input");
    using small = await connect({ port: door.port });
    await small.write(Buffer.alloc(400));
    expect((await large.readAll()).toString()).toBe("no room");
    large.halfClose();
    expect(await door.ending()).toEqual({ kind: "busy" });
    expect((await door.connection(1)).state).toBe("open");
  });

  test("holds to the budget for half-received input while peers that were ended for it stay", async () => {
    // Its time stands still: nobody leaves because the time for leaving is over.
    await using door = await TestDoor.open(
      () => {
        let held = 0;
        return {
          onData(chunk) {
            held += chunk.length;
          },
          get buffered() {
            return held;
          },
        };
      },
      { clock: new HandClock(), limits: { inputBudget: 1000 } },
    );
    const clients = [];
    for (let i = 0; i < 6; i++) {
      const client = await connect({ port: door.port });
      clients.push(client);
      await client.write(Buffer.alloc(600 - i));
      const { runtime } = door;
      await until(() => (i === 0 ? runtime.inputBudget.used === 600 : door.endings.length === i - 1), `client ${i}`);
      expect(runtime.inputBudget.used).toBeLessThan(1200);
    }
    expect(door.endings).toEqual(Array(4).fill({ kind: "busy" }));
    for (const client of clients) client[Symbol.dispose]();
  });
});

describe("containing errors", () => {
  const cases: Record<string, Behaviour> = {
    "a throw in onData": () => ({
      onData() {
        throw new Error("oops");
      },
      farewell: (why) => Buffer.from(`bye, ${why.kind}`),
    }),
    "a rejected promise": () => ({
      onData: () => Promise.reject(new Error("oops")),
      farewell: (why) => Buffer.from(`bye, ${why.kind}`),
    }),
    "a throw in buffered": () => ({
      onData() {},
      get buffered(): number {
        throw new Error("oops");
      },
      farewell: (why) => Buffer.from(`bye, ${why.kind}`),
    }),
    "a throw in farewell too": () => ({
      onData() {
        throw new Error("oops");
      },
      farewell() {
        throw new Error("again");
      },
    }),
  };
  for (const [name, behaviour] of Object.entries(cases)) {
    test(`${name} ends this connection and no other`, async () => {
      let first = true;
      await using door = await TestDoor.open((conn, net) => {
        const chosen = first ? behaviour : echo;
        first = false;
        return chosen(conn, net);
      });
      using broken = await connect({ port: door.port });
      await door.connection(0);
      using healthy = await connect({ port: door.port });
      await broken.write("x");
      const words = (await broken.readAll()).toString();
      expect(words).toBe(name.includes("farewell") ? "" : "bye, error");
      broken.halfClose();
      expect(await door.ending()).toEqual({ kind: "error", error: new Error("oops") });
      await healthy.write("still here");
      expect((await healthy.readExactly(10)).toString()).toBe("still here");
    });
  }

  test("a throw in open, onPeerEnd and onShutdown ends the connection with the error", async () => {
    const throwing = () => {
      throw new Error("oops");
    };
    await using opening = await TestDoor.open(throwing);
    using one = await connect({ port: opening.port });
    await one.readAll();
    await until(() => opening.log.some(({ event }) => event === "closed"), "the log");
    expect(opening.log.at(-1)?.fields).toMatchObject({ reason: "error", detail: "oops" });

    await using ending = await TestDoor.open(() => ({ onData() {}, onPeerEnd: throwing }));
    using two = await connect({ port: ending.port });
    two.halfClose();
    expect((await ending.ending()).kind).toBe("error");

    const shutting = await TestDoor.open(() => ({ onData() {}, onShutdown: throwing }));
    using _three = await connect({ port: shutting.port });
    await shutting.connection();
    await shutting[Symbol.asyncDispose]();
    expect((await shutting.ending()).kind).toBe("error");
  });
});

describe("ending", () => {
  test("lets a peer finish what it sends, so that it reads the reason instead of a reset", async () => {
    await using door = await TestDoor.open((conn) => ({
      onData: () => conn.finish(Buffer.from("too much\n"), { kind: "violation", detail: "too much" }),
    }));
    using client = await connect({ port: door.port });
    await client.write(Buffer.alloc(8 * MIB));
    expect((await client.readAll()).toString()).toBe("too much\n");
    client.halfClose();
    expect(await door.ending()).toEqual({ kind: "violation", detail: "too much" });
  });

  test("reads on for two seconds at most after its own end", async () => {
    const clock = new HandClock();
    await using door = await TestDoor.open((conn) => ({ onData: () => conn.finish() }), { clock });
    using client = await connect({ port: door.port });
    await client.write("x");
    await client.readAll();
    clock.move(1_900);
    expect(door.endings).toEqual([]);
    clock.move(300);
    expect(await door.ending()).toEqual({ kind: "local" });
  });

  testWithRawPeers("what the kernel took arrives, however slowly it is read", async () => {
    const clock = new HandClock();
    const bytes = Buffer.alloc(200_000, "kernel ");
    const finish = (conn: Connection) => ({
      onData() {
        conn.send(bytes);
        conn.finish();
      },
    });
    await using door = await TestDoor.open(finish, { clock });
    await using peer = await RawPeer.connect(door.port);
    await peer.send("x");
    const conn = await door.connection();
    await until(() => conn.state === "finishing" && conn.pending === 0, "the kernel to take it all");
    await until(() => {
      clock.move(1_000);
      return door.endings.length > 0;
    }, "the end of the patience");
    expect(await peer.drain()).toEqual({ how: "ended", bytes });
  });

  test("reads on for the linger bytes at most after its own end", async () => {
    await using door = await TestDoor.open((conn) => ({ onData: () => conn.finish() }), {
      limits: { lingerBytes: MIB },
    });
    using client = await connect({ port: door.port });
    await client.write("x");
    await client.readAll();
    await client.write(Buffer.alloc(4 * MIB)).catch(() => {});
    expect(await door.ending()).toEqual({ kind: "local" });
  });

  test("kill drops what is queued, tries the last words, and the first reason wins", async () => {
    await using door = await TestDoor.open((conn) => ({
      onData() {
        conn.send(Buffer.from("never sent"));
        conn.kill({ kind: "replaced" }, Buffer.from("taken over"));
        conn.finish(Buffer.from("more words"), { kind: "idle" });
        expect(conn.send(Buffer.from("late"))).toBe(false);
      },
    }));
    using client = await connect({ port: door.port });
    await client.write("x");
    expect((await client.readAll()).toString()).toBe("taken over");
    client.halfClose();
    expect(await door.ending()).toEqual({ kind: "replaced" });
  });

  test("kick says the session's last words with the operator's reason, and drops what is queued", async () => {
    await using door = await TestDoor.open((conn) => ({
      onData: () => void conn.send(Buffer.from("never sent")),
      farewell: (why) => Buffer.from(why.kind === "kicked" ? `kicked: ${why.detail}` : why.kind),
      who: { name: "bob", account: null },
    }));
    using client = await connect({ port: door.port });
    await door.connection(0);
    const [conn] = door.runtime.connections();
    expect(conn?.who).toEqual({ name: "bob", account: null });
    conn?.kick("spam");
    expect((await client.readAll()).toString()).toBe("kicked: spam");
    client.halfClose();
    expect(await door.ending()).toEqual({ kind: "kicked", detail: "spam" });
    expect(door.log).toContainEqual({ event: "closed", fields: expect.objectContaining({ detail: "spam" }) });
  });

  test("is told at the end of the turn, never inside the call that caused it", async () => {
    const inside: number[] = [];
    await using door = await TestDoor.open((conn) => ({
      onData() {
        conn.kill({ kind: "banned" });
        inside.push(door.endings.length);
      },
    }));
    using client = await connect({ port: door.port });
    await client.write("x");
    expect(await door.ending()).toEqual({ kind: "banned" });
    expect(inside).toEqual([0]);
  });

  test("tells a peer's reset as the peer's end", async () => {
    await using door = await TestDoor.open(silent);
    const client = await connect({ port: door.port });
    await door.connection();
    client.reset();
    expect(await door.ending()).toEqual({ kind: "peer" });
  });

  test("drained is false when closed, and sendFile resolves", async () => {
    const answers: unknown[] = [];
    await using door = await TestDoor.open((conn) => ({
      onData() {
        conn.send(Buffer.alloc(32 * MIB));
        void conn.drained().then((below) => answers.push(below));
        void conn.sendFile({ fd: 0, offset: 0, length: 10 }).then((taken) => answers.push(taken));
        conn.kill({ kind: "local" });
      },
    }));
    using client = await connect({ port: door.port });
    await client.write("x");
    await door.ending();
    await until(() => answers.length === 2, "both answers");
    expect(answers).toContain(false);
    expect(answers).toContain(0);
  });
});

describe("deadlines", () => {
  const kinds = [
    ["handshake", "stall"],
    ["idle", "idle"],
    ["stall", "stall"],
  ] as const;
  for (const [kind, reason] of kinds) {
    test(`${kind} ends the connection as ${reason}, with the session's last words`, async () => {
      const clock = new HandClock();
      const farewell = () => Buffer.from("too late");
      await using door = await TestDoor.open(
        (conn) => {
          conn.deadline(kind, 5_000);
          return { onData: (chunk) => void conn.send(chunk), farewell };
        },
        { clock },
      );
      using client = await connect({ port: door.port });
      await client.write("a");
      await client.readExactly(1);
      clock.move(4_000);
      await client.write("b");
      await client.readExactly(1);
      clock.move(1_200);
      const conn = await door.connection();
      expect(conn.state).toBe(kind === "handshake" ? "finishing" : "open");
      clock.move(4_000);
      expect((await client.readAll()).toString()).toBe("too late");
      client.halfClose();
      expect(await door.ending()).toEqual({ kind: reason });
    });
  }

  test("a cleared deadline does nothing, and no timer is left when nobody waits", async () => {
    const clock = new HandClock();
    await using door = await TestDoor.open(
      (conn) => {
        conn.deadline("handshake", 1_000);
        conn.deadline("handshake", null);
        return { onData() {} };
      },
      { clock },
    );
    using _client = await connect({ port: door.port });
    const conn = await door.connection();
    clock.move(60_000);
    expect(conn.state).toBe("open");
    expect(clock.waiting).toBe(0);
  });

  for (const kind of ["idle", "stall"] as const) {
    test(`${kind} does not count the silence before it was set`, async () => {
      const clock = new HandClock();
      await using door = await TestDoor.open(silent, { clock });
      using client = await connect({ port: door.port });
      const conn = await door.connection();
      // All of a turn has one time.
      await new Promise<void>((resolve) => setImmediate(resolve));
      clock.move(60_000);
      conn.deadline(kind, 5_000);
      clock.move(4_000);
      expect(conn.state).toBe("open");
      clock.move(1_200);
      client.halfClose();
      expect(await door.ending()).toEqual({ kind });
    });
  }

  test("the door's idle limit counts from the last byte in either direction", async () => {
    const clock = new HandClock();
    await using door = await TestDoor.open(silent, { clock, idleMs: 10_000 });
    using client = await connect({ port: door.port });
    const conn = await door.connection();
    clock.move(9_000);
    conn.send(Buffer.from("ping"));
    await client.readExactly(4);
    clock.move(9_000);
    expect(conn.state).toBe("open");
    clock.move(1_200);
    client.halfClose();
    expect(await door.ending()).toEqual({ kind: "idle" });
  });
});

import { describe, expect, test } from "bun:test";
import { Link, LinkDown } from "../../../../../protocols/http/page/app/chat/link.ts";
import { PastReader } from "../../../../../protocols/http/page/app/chat/past.ts";
import {
  type ChatState,
  changeRoom,
  initialChat,
  showing,
  withRoom,
} from "../../../../../protocols/http/page/app/chat/state.ts";
import { addPage, addSaid, emptyTimeline } from "../../../../../protocols/http/page/app/chat/timeline.ts";
import type { RoomEvent } from "../../../../../protocols/http/page/app/chat/wire.ts";
import { Store } from "../../../../../protocols/http/page/app/lib/store.ts";

const TIME = "2026-01-02T03:04:05.678Z";
const said = (seq: number): RoomEvent => {
  return { event: "message", room: "#lobby", from: "ann", text: `${seq}`, time: TIME, epoch: "k", seq };
};
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

interface Asked {
  readonly id: number;
  readonly limit: number;
  readonly before?: number;
  readonly after?: number;
}

/** A room of a thousand messages, of which the page has the newest hundred. */
function open() {
  const state = new Store<ChatState>(withRoom(initialChat, "#lobby"));
  const change = (isNew: readonly RoomEvent[]) =>
    state.update((now) =>
      changeRoom(now, "#lobby", (room) => ({ ...room, timeline: addPage(room.timeline, isNew, () => false) })),
    );
  change(range(901, 1_000).map(said));
  const waiting: Asked[] = [];
  const link = new Link(
    (text) => void waiting.push(JSON.parse(text)),
    () => {},
  );
  const online: { link: Link | null } = { link };
  const reader = new PastReader(state, () => online.link, { has: ({ seq }) => seq === 500 });
  /** The server answers all that it was asked. */
  const answer = async () => {
    for (const { id, limit, before, after } of waiting.splice(0)) {
      const found =
        after === undefined
          ? range(Math.max(1, (before ?? 0) - limit), (before ?? 0) - 1)
          : range(after + 1, Math.min(1_000, after + limit));
      const events = found.map(said);
      const isMore = after === undefined ? (events[0]?.seq ?? 1) > 1 : (events.at(-1)?.seq ?? 1_000) < 1_000;
      const next = isMore ? ((after === undefined ? events[0] : events.at(-1))?.seq ?? null) : null;
      link.receive(JSON.stringify({ id, ok: true, events, next, oldest: 1 }));
    }
    await new Promise<void>((done) => setImmediate(done));
  };
  const lobby = () => {
    const room = state.value.rooms.get("#lobby");
    if (room === undefined) throw new Error("there is no lobby");
    return room;
  };
  const seqs = () =>
    (lobby().past ?? lobby().timeline).items.map((item) => (item.kind === "said" ? item.event.seq : 0));
  return { reader, answer, lobby, seqs, state, online, waiting };
}

describe("a message of any age", () => {
  test("is shown with what stands around it, apart from the newest", async () => {
    const { reader, answer, lobby, seqs } = open();
    void reader.find(said(500));
    await answer();
    expect(seqs()).toEqual(range(461, 540));
    expect(lobby().goal?.key).toBe("k:500");
    expect(
      lobby()
        .past?.items.filter(({ mine }) => mine)
        .map(({ key }) => key),
    ).toEqual(["k:500"]);
    expect(lobby().timeline.first).toBe(901);
    reader.leave("#lobby");
    expect([seqs(), lobby().goal]).toEqual([range(901, 1_000), null]);
  });

  test("among the newest is shown there, and nothing is asked", async () => {
    const { reader, lobby, waiting } = open();
    await reader.find(said(950));
    expect(lobby()).toMatchObject({ past: null, goal: { key: "k:950" } });
    expect(waiting).toEqual([]);
  });

  test("a little before the newest is one with them", async () => {
    const { reader, answer, lobby, seqs } = open();
    void reader.find(said(870));
    await answer();
    expect(lobby()).toMatchObject({ past: null, more: true, goal: { key: "k:870" } });
    expect(seqs()).toEqual(range(831, 1_000));
  });

  test("is the beginning of reading both ways, until it is one with the newest", async () => {
    const { reader, answer, lobby, seqs, state } = open();
    void reader.find(said(60));
    await answer();
    for (let step = 0; step < 3; step++) {
      void reader.older("#lobby");
      // While that is on its way, nothing is asked twice.
      void reader.older("#lobby");
      await answer();
    }
    expect(seqs()).toEqual(range(1, 100));
    expect(lobby().past?.more).toBe(false);
    // The room goes on meanwhile.
    state.update((now) =>
      changeRoom(now, "#lobby", (room) => ({ ...room, timeline: addSaid(room.timeline, said(1_001), false) })),
    );
    for (let step = 0; step < 20; step++) {
      void reader.newer("#lobby");
      await answer();
      expect(seqs()[0]).toBe(1);
    }
    expect(lobby()).toMatchObject({ past: null, more: false });
    expect(seqs()).toEqual(range(1, 1_001));
  });

  test("that was found too late is not shown any more", async () => {
    const { reader, answer, lobby, seqs } = open();
    void reader.find(said(100));
    reader.leave("#lobby");
    await answer();
    expect(lobby()).toMatchObject({ past: null, goal: null });
    void reader.find(said(100));
    void reader.find(said(950));
    await answer();
    expect(lobby()).toMatchObject({ past: null, goal: { key: "k:950" } });
    void reader.find(said(500));
    await answer();
    void reader.older("#lobby");
    reader.leave("#lobby");
    await answer();
    expect(seqs()).toEqual(range(901, 1_000));
  });

  test("that comes when another room is shown leaves the newest to come back to", async () => {
    const { reader, answer, lobby, state } = open();
    void reader.find(said(500));
    state.update((now) => showing(now, "#other"));
    await answer();
    state.update((now) => showing(now, "#lobby"));
    expect(lobby()).toMatchObject({ past: null, goal: null });
  });

  test("behind which nothing is to be had stays as it is", async () => {
    const { reader, answer, lobby, state } = open();
    // As while the newest are fetched anew.
    state.update((now) => changeRoom(now, "#lobby", (room) => ({ ...room, timeline: emptyTimeline })));
    void reader.find(said(1_000));
    await answer();
    const { past } = lobby();
    expect(past?.items.length).toBe(40);
    void reader.newer("#lobby");
    await answer();
    expect(lobby().past).toBe(past);
  });

  test("is not to be had without a connection", async () => {
    const { reader, lobby, online } = open();
    online.link = null;
    expect(reader.find(said(500))).rejects.toThrow(LinkDown);
    await reader.find(said(950));
    expect(lobby().goal?.key).toBe("k:950");
  });
});

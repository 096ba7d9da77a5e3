import { expect, test } from "bun:test";
import { Chat } from "../../../../../protocols/http/page/app/chat/client.ts";
import type { SocketEvents } from "../../../../../protocols/http/page/app/chat/lifeline.ts";
import { type ChatState, initialChat } from "../../../../../protocols/http/page/app/chat/state.ts";
import type { RoomEvent } from "../../../../../protocols/http/page/app/chat/wire.ts";
import { Store } from "../../../../../protocols/http/page/app/lib/store.ts";

const TIME = "2026-01-02T03:04:05.678Z";
const said = (epoch: string, seq: number, other: object = {}) => {
  return { event: "message", room: "#lobby", from: "bob", text: `${epoch}${seq}`, time: TIME, epoch, seq, ...other };
};
const pageOf = (...events: readonly object[]) => ({ events, oldest: 1, next: null });
const three = pageOf(said("a", 1), said("a", 2), said("a", 3));
const atTen = { name: "ann", session: "s", rooms: [{ room: "#lobby", epoch: "b", seq: 10, topic: "old" }] };

/** The page's chat, and a server whose every word the test says. */
function open() {
  const asked: { readonly op: string; readonly id: number }[] = [];
  let events: SocketEvents | null = null;
  const chat = new Chat({
    state: new Store<ChatState>(initialChat),
    memory: { name: "ann", rooms: ["#lobby"], session: null, guestSince: {} },
    dial: (heard) => {
      events = heard;
      return { send: (text) => void asked.push(JSON.parse(text)), close: () => {} };
    },
    after: () => () => {},
    now: Date.now,
    unsure: () => "unsure",
    explain: async () => "",
    attentive: () => true,
    onFiles: () => {},
    onOnline: () => {},
    onLoginEnded: () => {},
  });
  /** Before what waits for one of them goes on, the next is there. */
  const tell = (...messages: readonly object[]) => {
    for (const message of messages) events?.message(JSON.stringify(message));
    return new Promise<void>((done) => setImmediate(done));
  };
  const answerTo = (op: string, fields: object) => {
    const [question] = asked.splice(
      asked.findIndex((one) => one.op === op),
      1,
    );
    expect(question).toMatchObject({ op });
    return { id: question?.id, ok: true, ...fields };
  };
  const dial = () => {
    asked.length = 0;
    chat.connect();
    events?.opened();
  };
  /** In the lobby, which has three messages of an epoch `a`. */
  const comeIn = async () => {
    dial();
    await tell(answerTo("hello", { ...atTen, rooms: [{ room: "#lobby", epoch: "a", seq: 3 }] }));
    await tell(answerTo("history", three), answerTo("who", { members: ["ann", "bob"] }));
    expect(chat.state.value.status.kind).toBe("online");
  };
  const lobby = () => chat.state.value.rooms.get("#lobby");
  const shown = () =>
    lobby()?.timeline.items.map((item) => {
      return item.kind === "said" ? item.event.text : item.kind === "break" ? item.why : item.kind;
    });
  return { chat, asked, tell, answerTo, dial, comeIn, lobby, shown };
}

test("what is said before it is known that the room counts anew stands behind that", async () => {
  const { asked, tell, answerTo, dial, comeIn, shown } = open();
  await comeIn();
  dial();
  await tell(answerTo("hello", atTen), said("b", 11));
  expect(shown()).toEqual(["a1", "a2", "a3", "restarted", "b11"]);
  await tell(answerTo("history", pageOf(said("b", 1), said("b", 2), said("b", 3))));
  expect(asked).toContainEqual(expect.objectContaining({ op: "history", before: 11 }));
  await tell(answerTo("history", pageOf(said("b", 9), said("b", 10))));
  expect(shown()).toEqual(["a1", "a2", "a3", "restarted", "b9", "b10", "b11"]);
});

test("what is said while an earlier event is looked for is not all that was said", async () => {
  const { tell, answerTo, dial, comeIn, lobby, shown } = open();
  await comeIn();
  dial();
  await tell(answerTo("hello", atTen));
  const topic = said("b", 11, { event: "topic", text: "new" });
  await tell(topic, answerTo("history", pageOf(said("b", 1), said("b", 2), said("b", 3))));
  await tell(answerTo("history", pageOf(said("b", 9), said("b", 10))));
  expect(shown()).toEqual(["a1", "a2", "a3", "restarted", "b9", "b10", "new"]);
  expect(lobby()?.topic).toBe("new");
});

test("what a killed server has kept is not said again", async () => {
  const { chat, tell, answerTo, dial, comeIn, lobby, shown } = open();
  await comeIn();
  chat.outbox.say("#lobby", "say", "mine");
  dial();
  await tell(answerTo("hello", { ...atTen, rooms: [{ room: "#lobby", epoch: "b", seq: 4 }] }));
  await tell(answerTo("history", three));
  await tell(answerTo("history", pageOf(said("a", 4, { from: "ann", text: "mine" }))));
  await tell(answerTo("who", { members: ["ann", "bob"] }));
  expect(chat.state.value.status.kind).toBe("online");
  expect(lobby()?.outgoing).toEqual([]);
  expect(shown()).toEqual(["a1", "a2", "a3", "mine"]);
});

test("an event before which much is missing is counted once", async () => {
  const { chat, tell, answerTo, comeIn, lobby } = open();
  await comeIn();
  chat.show("@bob");
  await tell(said("a", 1_000));
  await tell(answerTo("history", { events: [said("a", 4)], oldest: 1, next: 5 }));
  await tell(answerTo("history", { events: [said("a", 999), said("a", 1_000)], oldest: 1, next: 999 }));
  expect(lobby()?.unread).toBe(1_000 - 3);
});

test("what was said before that which was let go meanwhile is not shown above a hole", async () => {
  const { chat, tell, answerTo, dial, lobby } = open();
  const from = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, at) => said("a", first + at));
  dial();
  await tell(answerTo("hello", { ...atTen, rooms: [{ room: "#lobby", epoch: "a", seq: 103 }] }));
  const newest = { events: from(101, 103), oldest: 1, next: 101 };
  await tell(answerTo("history", newest), answerTo("who", { members: ["ann", "bob"] }));
  void chat.older("#lobby");
  await tell(...from(104, 2_200));
  await tell(answerTo("history", { events: from(41, 100), oldest: 1, next: 41 }));
  const seqs = lobby()?.timeline.items.map((item) => (item.kind === "said" ? item.event.seq : 0)) ?? [];
  expect(seqs.length).toBeGreaterThan(900);
  expect(seqs).toEqual(from(seqs[0] ?? 0, 2_200).map(({ seq }) => seq));
  expect(lobby()).toMatchObject({ more: true, loading: false });
});

test("a place that was looked at is left when the server counts anew", async () => {
  const { chat, tell, answerTo, dial, comeIn, lobby, shown } = open();
  await comeIn();
  await chat.past.find(said("a", 2) as RoomEvent);
  expect(lobby()?.goal?.key).toBe("a:2");
  dial();
  await tell(answerTo("hello", atTen));
  await tell(answerTo("history", pageOf(said("b", 1), said("b", 2), said("b", 3))));
  expect(lobby()).toMatchObject({ past: null, goal: null });
  await tell(answerTo("history", pageOf(said("b", 9), said("b", 10))));
  expect(shown()).toEqual(["a1", "a2", "a3", "restarted", "b9", "b10"]);
});

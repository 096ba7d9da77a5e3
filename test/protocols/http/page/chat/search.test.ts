import { expect, test } from "bun:test";
import { RoomSearch } from "../../../../../protocols/http/page/app/chat/search.ts";
import type { RoomEvent } from "../../../../../protocols/http/page/app/chat/wire.ts";

const said = (seq: number): RoomEvent => {
  return {
    event: "message",
    room: "#lobby",
    from: "ann",
    text: "tea",
    time: "2026-01-02T03:04:05.678Z",
    epoch: "k",
    seq,
  };
};

interface Question {
  readonly words: string;
  readonly before: number | null;
  answer(seqs: readonly number[], next?: number | null): Promise<void>;
  refuse(error: Error): Promise<void>;
}

/** A search whose answers come when the test gives them. */
function open() {
  const asked: Question[] = [];
  const search = new RoomSearch((words, before) => {
    const { promise, resolve, reject } = Promise.withResolvers<{ events: readonly RoomEvent[]; next: number | null }>();
    // What waits for the answer has it a moment later.
    const told = () => new Promise<void>((done) => setImmediate(done));
    const answer: Question["answer"] = (seqs, next = null) => {
      resolve({ events: seqs.map(said), next });
      return told();
    };
    const refuse: Question["refuse"] = (error) => {
      reject(error);
      return told();
    };
    asked.push({ words, before, answer, refuse });
    return promise;
  });
  const seqs = () => search.found.value.events.map(({ seq }) => seq);
  return { search, asked, seqs };
}

test("goes on where the page before ended", async () => {
  const { search, asked, seqs } = open();
  void search.look("tea");
  await asked[0]?.answer([9, 8], 8);
  void search.more();
  expect(asked[1]).toMatchObject({ words: "tea", before: 8 });
  await asked[1]?.answer([5]);
  expect(seqs()).toEqual([9, 8, 5]);
  await search.more();
  expect(asked).toHaveLength(2);
});

test("an answer that was overtaken does not count", async () => {
  const { search, asked, seqs } = open();
  void search.look("t");
  void search.look("tea");
  await asked[1]?.answer([9]);
  await asked[0]?.answer([1]);
  expect(seqs()).toEqual([9]);
  expect(search.found.value.words).toBe("tea");
});

test("what comes when the words are gone is not shown", async () => {
  const { search, asked, seqs } = open();
  void search.look("tea");
  void search.look(" ");
  await asked[0]?.answer([9]);
  expect([seqs(), search.found.value.words]).toEqual([[], ""]);
});

test("more of the words before does not come behind other words", async () => {
  const { search, asked, seqs } = open();
  void search.look("tea");
  await asked[0]?.answer([9], 9);
  void search.more();
  void search.look("cake");
  await asked[2]?.answer([7]);
  await asked[1]?.answer([4]);
  expect(seqs()).toEqual([7]);
});

test("a refusal is told, and forgotten with the next answer", async () => {
  const { search, asked } = open();
  void search.look("tea");
  const error = new Error("too long");
  await asked[0]?.refuse(error);
  expect(search.found.value).toMatchObject({ words: "tea", events: [], problem: error });
  void search.look("te");
  await asked[1]?.answer([3]);
  expect(search.found.value).toMatchObject({ words: "te", problem: null });
});

import { messageOf } from "../thrown.ts";
import { openHistory } from "./open.ts";
import type { Answer, MostKept, Op, Order, Orders, Results } from "./orders.ts";
import { isTooLarge, prune } from "./pruning.ts";
import { search } from "./searching.ts";
import { Store } from "./store.ts";

/*
 * The thread that has the database of what was said (see thread.ts).
 */

declare const self: Worker;

interface Opened {
  readonly store: Store;
  readonly most: MostKept;
}

/** The index learns when nothing was written for so long, in milliseconds, and so many events at once: some 3 ms. */
const QUIET_MS = 1_000;
const STEP = 500;
/**
 * When it is never quiet, it learns with the writing, so much that it catches up: once it is so many events behind, or so
 * much of what may be kept, since only what is in the index can be pruned for its size.
 */
const MOST_BEHIND = 100_000;
const PART_BEHIND = 1 / 16;
const STEP_BEHIND = 10_000;

let now: Opened | null = null;
let learning: Timer | undefined;

function learnLater(ms: number): void {
  clearTimeout(learning);
  learning = setTimeout(learn, ms);
}

function learn(): void {
  if (now === null || now.store.behind <= 0) return;
  try {
    now.store.learn(STEP);
    learnLater(0);
  } catch {
    // What the disk refuses is told by the next write, which tries this again too.
  }
}

function opened(): Opened {
  if (now === null) throw new Error("the history is not open");
  return now;
}

const table: { readonly [O in Op]: (order: Orders[O]) => Results[O] } = {
  open({ folder, clean, last, own, most }) {
    const { taken, damaged } = openHistory(folder, (database) => {
      const store = new Store(database, most.bytes);
      if (!clean || store.number !== last) store.countAnew();
      store.number = own;
      return { store, rooms: store.rooms() };
    });
    now = { store: taken.store, most };
    learnLater(QUIET_MS);
    return { rooms: taken.rooms, damaged };
  },
  write({ events }) {
    const { store, most } = opened();
    store.write(JSON.parse(events));
    if (store.behind > MOST_BEHIND || store.unlearned > most.bytes * PART_BEHIND) {
      store.learn(STEP_BEHIND);
      learnLater(0);
    } else learnLater(QUIET_MS);
    return { full: isTooLarge(store, most.bytes) };
  },
  read: (order) => opened().store.read(order),
  search: (order) => search(opened().store, order),
  prune: (order) => prune(opened().store, order, opened().most),
  forget({ room }) {
    opened().store.forget(room);
    return null;
  },
  close() {
    clearTimeout(learning);
    now?.store.close();
    now = null;
    return null;
  },
};

self.onmessage = ({ data }: MessageEvent<Order>) => postMessage(carryOut(data));

function carryOut<O extends Op>({ id, op, order }: Order<O>): Answer {
  try {
    return { id, result: table[op](order as Orders[O]) };
  } catch (error) {
    return { id, error: messageOf(error) };
  }
}

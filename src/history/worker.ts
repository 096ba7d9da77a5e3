import { openHistory } from "./open.ts";
import type { Answer, MostKept, Op, Order, Orders, Results } from "./orders.ts";
import { prune } from "./pruning.ts";
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

let now: Opened | null = null;

function opened(): Opened {
  if (now === null) throw new Error("the history is not open");
  return now;
}

const table: { readonly [O in Op]: (order: Orders[O]) => Results[O] } = {
  open({ folder, clean, most }) {
    const { taken, damaged } = openHistory(folder, (database) => {
      const store = new Store(database, most.bytes);
      if (!clean) store.countAnew();
      return { store, rooms: store.rooms() };
    });
    now = { store: taken.store, most };
    return { rooms: taken.rooms, damaged };
  },
  write({ events }) {
    opened().store.write(JSON.parse(events));
    return null;
  },
  read: (order) => opened().store.read(order),
  search: (order) => search(opened().store, order),
  prune: (order) => prune(opened().store, order, opened().most),
  forget({ room }) {
    opened().store.forget(room);
    return null;
  },
  close() {
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
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

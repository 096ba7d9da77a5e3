import type { MostKept, Orders, Results } from "./orders.ts";
import type { Store } from "./store.ts";

type PruneResult = Results["prune"];

/** Events that one step deletes: some milliseconds, in which nothing is written. */
const STEP = 500;
/** Free pages of the file that are given back in one step; fewer are kept for what is written next. */
const GIVEN_BACK = 200;

interface Doomed {
  readonly id: number;
  readonly room: number;
}

/** Deletes some of what is too old, or too much, if anything is. */
export function prune(store: Store, { cutoff }: Orders["prune"], most: MostKept): PruneResult {
  const doomed = tooOld(store, cutoff) ?? tooLarge(store, most.bytes) ?? tooManyRooms(store, most.rooms);
  if (doomed === null) return { done: !giveBack(store), oldest: [] };
  const { database, blocks } = store;
  const remove = database.query("DELETE FROM events WHERE id = ?");
  store.transact(() => {
    for (const { id } of doomed) remove.run(id);
    blocks.dropBelow(oldestId(store));
  });
  return { done: false, oldest: oldestOf(store, new Set(doomed.map(({ room }) => room))) };
}

/** Makes the file smaller where much of it is free. Tells whether it did. */
function giveBack({ database }: Store): boolean {
  const free = database.query<{ freelist_count: number }, []>("PRAGMA freelist_count").get()?.freelist_count ?? 0;
  if (free < GIVEN_BACK) return false;
  database.run(`PRAGMA incremental_vacuum(${GIVEN_BACK})`);
  return true;
}

function tooOld({ database }: Store, cutoff: number): readonly Doomed[] | null {
  return some(
    database
      .query<Doomed, [number, number]>("SELECT id, room FROM events WHERE time < ? ORDER BY time LIMIT ?")
      .all(cutoff, STEP),
  );
}

/** Whether more is kept than may be, and something of it can go. */
export function isTooLarge({ database, blocks }: Store, most: number): boolean {
  if (blocks.all.length < 2) return false;
  const used = database
    .query<{ bytes: number }, []>(
      `SELECT (page_count - freelist_count) * page_size AS bytes
       FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
    )
    .get();
  return used !== null && used.bytes > most;
}

/** Of the oldest block, because only as a whole it gives back what its index takes; never of the last. */
function tooLarge(store: Store, most: number): readonly Doomed[] | null {
  const [, second] = store.blocks.all;
  if (second === undefined || !isTooLarge(store, most)) return null;
  return some(
    store.database
      .query<Doomed, [number, number]>("SELECT id, room FROM events WHERE id < ? ORDER BY id LIMIT ?")
      .all(second.first, STEP),
  );
}

/** The room in which nobody has spoken for the longest time. */
function tooManyRooms({ database }: Store, most: number): readonly Doomed[] | null {
  const last = database
    .query<Doomed, []>(
      `SELECT rooms.id AS room, (SELECT id FROM events WHERE room = rooms.id ORDER BY seq DESC LIMIT 1) AS id
       FROM rooms WHERE EXISTS (SELECT * FROM events WHERE room = rooms.id) ORDER BY 2`,
    )
    .all();
  const [silent] = last;
  if (last.length <= most || silent === undefined) return null;
  return some(
    database
      .query<Doomed, [number, number]>("SELECT id, room FROM events WHERE room = ? LIMIT ?")
      .all(silent.room, STEP),
  );
}

function some(doomed: readonly Doomed[]): readonly Doomed[] | null {
  return doomed.length > 0 ? doomed : null;
}

function oldestId({ database }: Store): number {
  const oldest = database.query<{ id: number | null }, []>("SELECT min(id) AS id FROM events").get();
  return oldest?.id ?? Number.MAX_SAFE_INTEGER;
}

function oldestOf({ database }: Store, rooms: ReadonlySet<number>): PruneResult["oldest"] {
  const find = database.query<{ name: string; oldest: number }, [number]>(
    `SELECT name, coalesce((SELECT min(seq) FROM events WHERE room = rooms.id), seq + 1) AS oldest
     FROM rooms WHERE id = ?`,
  );
  return [...rooms].flatMap((room) => {
    const found = find.get(room);
    return found === null ? [] : [[found.name, found.oldest] as const];
  });
}

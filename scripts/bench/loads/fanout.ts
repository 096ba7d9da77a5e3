import type { Running, Tally } from "../../../src/client/bench/load.ts";
import type { ChatForm } from "./forms.ts";
import { Script } from "./script.ts";
import { Show } from "./show.ts";
import { enterAll, type Visitor } from "./visitor.ts";

/** Who talks and who listens. */
export interface FanoutLoad {
  readonly port: number;
  readonly form: ChatForm;
  readonly receivers: number;
  readonly publishers: number;
  /** Messages that a publisher may have said and not all receivers heard. */
  readonly window: number;
  /** Bytes of a text. */
  readonly size: number;
}

const REHEARSAL_MS = 30_000;
const REHEARSE_EVERY_MS = 100;
/** As long as nothing comes at the end, or before the beginning. */
const QUIET_MS = 200;
const LOST_MS = 1_000;
/** Receivers whose messages are timed: enough for a quantile, and few enough to leave the time to the server. */
const TIMED = 16;

let runs = 0;

/**
 * Publishers talk in a room and receivers listen. Every receiver must hear every message once and in order; what does
 * not come is lost. Starts when all hear all.
 */
export async function startFanout(load: FanoutLoad, tally: Tally): Promise<Running> {
  const run = (process.pid * 1_000 + runs++).toString(36);
  const room = load.form.room(`b${run}`);
  const enter = (role: string) => (at: number) => load.form.enter(room, `${role}${run}x${at}`);
  const listening = await enterAll(load.port, load.receivers, enter("r"));
  const talking = await enterAll(load.port, load.publishers, enter("p")).catch((error: unknown) => {
    for (const visitor of listening) visitor.close();
    throw error;
  });
  const close = () => {
    for (const visitor of [...talking, ...listening]) visitor.close();
  };
  try {
    await rehearse(load, room, `${run}t`, talking, listening);
  } catch (error) {
    close();
    throw error;
  }
  const show = new Show(load, room, new Script(run, load.publishers, load.size, load.form.ending), talking, tally);
  listening.forEach((visitor, at) => void show.seat(visitor, at % Math.ceil(load.receivers / TIMED) === 0));
  show.begin();
  return {
    async stop() {
      show.end();
      await untilQuiet(
        () => tally.answers + tally.disordered,
        () => show.missing() > 0,
        LOST_MS,
      );
      tally.lost = show.missing();
      const gone = [...talking, ...listening].filter(({ alive }) => !alive).length;
      if (gone > 0) tally.error("the server closed connections", gone);
      close();
    },
  };
}

/** Publishers say something until all receivers have heard each of them, and then until nothing comes any more. */
async function rehearse(
  load: FanoutLoad,
  room: string,
  run: string,
  talking: readonly Visitor[],
  listening: readonly Visitor[],
): Promise<void> {
  const unheard = listening.map(() => new Set(talking.keys()));
  let bytes = 0;
  listening.forEach((visitor, at) => {
    let text = "";
    visitor.listen((chunk) => {
      bytes += chunk.length;
      text = text.slice(-load.size) + Buffer.from(chunk).toString("latin1");
      for (const publisher of unheard[at] ?? []) {
        if (text.includes(rehearsal(run, publisher))) unheard[at]?.delete(publisher);
      }
    });
  });
  const end = performance.now() + REHEARSAL_MS;
  while (unheard.some((publishers) => publishers.size > 0)) {
    if (performance.now() > end) throw new Error("not all receivers heard all publishers within 30 s");
    talking.forEach((visitor, publisher) => {
      if (unheard.some((publishers) => publishers.has(publisher)))
        visitor.write(Buffer.from(load.form.say(room, rehearsal(run, publisher)), "latin1"));
    });
    await Bun.sleep(REHEARSE_EVERY_MS);
  }
  await untilQuiet(
    () => bytes,
    () => true,
    QUIET_MS,
  );
}

function rehearsal(run: string, publisher: number): string {
  return `%${run}.${publisher}.`;
}

/** Returns when `count` has not changed for `ms`, or at once when nothing is wanted any more. */
async function untilQuiet(count: () => number, wanted: () => boolean, ms: number): Promise<void> {
  let before = -1;
  for (let silent = 0; wanted() && silent < ms; silent += 20) {
    if (count() !== before) silent = 0;
    before = count();
    await Bun.sleep(20);
  }
}

import { MOST_DATAGRAM } from "../asker.ts";
import { FRAMED_PORT } from "../wire.ts";
import { benchChat } from "./chat.ts";
import { benchEcho } from "./echo.ts";
import { benchFrames } from "./frames.ts";
import type { Load, Running, Tally } from "./load.ts";
import { benchUdp, NUMBER_LENGTH } from "./udp.ts";

/** A kind of load: where it goes, how large its messages may be, and what it counts. */
export interface Kind {
  readonly port: number;
  readonly sizes: readonly [least: number, most: number];
  readonly counts: "answers" | "deliveries";
  readonly losses: boolean;
  /** Rejects when the server cannot be reached. */
  start(load: Load, tally: Tally): Promise<Running>;
}

const ECHO_PORT = 8407;

export const kinds: Readonly<Record<string, Kind>> = {
  echo: { port: ECHO_PORT, sizes: [1, 1024 ** 2], counts: "answers", losses: false, start: benchEcho },
  frames: { port: FRAMED_PORT, sizes: [0, 1024 ** 2], counts: "answers", losses: false, start: benchFrames },
  chat: { port: FRAMED_PORT, sizes: [16, 4_000], counts: "deliveries", losses: true, start: benchChat },
  udp: { port: ECHO_PORT, sizes: [NUMBER_LENGTH, MOST_DATAGRAM], counts: "answers", losses: true, start: benchUdp },
};

import { nextTurn } from "../next-turn.ts";

/** Messages of one peer that are handled before everybody else has a turn. */
const MESSAGES_A_TURN = 64;

/** What handles a connection's messages one after the other. */
export interface MessageHandler<M> {
  /** A promise when the next message must wait for something. */
  handle(message: M): void | Promise<void>;
  /** Nothing more is handled: the connection ends. */
  readonly stopped: boolean;
}

/**
 * Handles messages in order, at most 64 of them in a loop turn, so that a peer that pipelines holds up nobody. A promise
 * when that takes longer than this turn; the peer is not to be read meanwhile (what `onData` returns does that).
 */
export function inTurns<M>(messages: Iterator<M>, handler: MessageHandler<M>): void | Promise<void> {
  const wait = turn(messages, handler);
  return wait && goOn(messages, handler, wait);
}

async function goOn<M>(messages: Iterator<M>, handler: MessageHandler<M>, first: Promise<void>): Promise<void> {
  for (let wait: void | Promise<void> = first; wait; wait = turn(messages, handler)) {
    await wait;
    await nextTurn();
  }
}

/** Handles messages until none are left (undefined), or until something must be awaited before the next. */
function turn<M>(messages: Iterator<M>, handler: MessageHandler<M>): void | Promise<void> {
  for (let handled = 0; handled < MESSAGES_A_TURN; handled++) {
    if (handler.stopped) return;
    const next = messages.next();
    if (next.done) return;
    const wait = handler.handle(next.value);
    if (wait) return wait;
  }
  return Promise.resolve();
}

import type { Running, Tally } from "../../../src/client/bench/load.ts";
import { close, connected, EAGAIN, ECONNREFUSED, Memory, memcmp, POLLIN, poll, recv, send } from "./libc.ts";
import { spin } from "./spin.ts";

const DIGITS = 9;
const LOST_MS = 500;
const TEXT = " the quick brown fox jumps over the lazy dog";

/** One of the datagrams under way. */
class Slot {
  readonly question: Memory;
  readonly answer: Memory;
  sentAt = 0;
  waiting = false;

  constructor(
    public number: number,
    size: number,
  ) {
    this.question = Memory.of(Buffer.alloc(size, TEXT));
    this.answer = Memory.of(Buffer.alloc(size, TEXT.toUpperCase()));
  }

  count(number: number): void {
    this.number = number;
    const digits = String(number).padStart(DIGITS, "0");
    this.question.bytes.write(digits, "latin1");
    this.answer.bytes.write(digits, "latin1");
  }
}

/**
 * Numbered datagrams of `size` bytes, `window` of them under way. What has no answer for half a second is lost and asked
 * anew; answers that nobody waits for are counted as disordered.
 */
export function startDatagrams(port: number, size: number, window: number, tally: Tally): Running {
  const fd = connected(port, "udp");
  const slots = Array.from({ length: window }, (_, number) => new Slot(number - window, size));
  const pollfd = new Memory(8);
  pollfd.bytes.writeInt32LE(fd, 0);
  pollfd.bytes.writeInt16LE(POLLIN, 4);
  const scratch = new Memory(65_536);
  let stopping = false;

  const ask = (slot: Slot) => {
    slot.count(slot.number + window);
    slot.sentAt = performance.now();
    slot.waiting = true;
    const sent = send(fd, slot.question.at, size);
    // A full socket or the refusal of an earlier datagram: this one is swept as lost.
    if (sent < 0 && sent !== -EAGAIN && sent !== -ECONNREFUSED) tally.error(`sending failed with errno ${-sent}`);
  };
  const goOn = (slot: Slot) => {
    slot.waiting = false;
    if (!stopping) ask(slot);
  };
  const hear = (length: number) => {
    const number = Number(scratch.bytes.toString("latin1", 0, DIGITS));
    const slot = slots[number % window];
    if (slot === undefined || !slot.waiting || slot.number !== number) tally.disordered += 1;
    else {
      if (length === size && memcmp(scratch.at, slot.answer.at, size) === 0)
        tally.answer(performance.now() - slot.sentAt);
      else tally.error("an answer is not the question in upper case");
      goOn(slot);
    }
  };
  const sweep = () => {
    const now = performance.now();
    for (const slot of slots) {
      if (!slot.waiting || now - slot.sentAt < LOST_MS) continue;
      tally.lost += 1;
      goOn(slot);
    }
  };
  const step = () => {
    if (poll(pollfd.at, 1, 1) <= 0) {
      // Only now: after a pause of this process, answers may have waited for longer.
      sweep();
      return false;
    }
    for (let length = 0; length >= 0; ) {
      length = recv(fd, scratch.at, scratch.bytes.length);
      if (length >= 0) hear(length);
      else if (length === -ECONNREFUSED) tally.error("nobody listens there");
    }
    return true;
  };

  slots.forEach(ask);
  const spinning = spin(step, () => stopping && slots.every(({ waiting }) => !waiting));
  return {
    async stop() {
      stopping = true;
      await spinning;
      close(fd);
    },
  };
}

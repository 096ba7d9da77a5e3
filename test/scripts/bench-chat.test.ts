import { describe, expect, test } from "bun:test";
import type { Socket } from "bun";
import { startFanout } from "../../scripts/bench/loads/fanout.ts";
import { silentLine } from "../../scripts/bench/loads/forms.ts";
import { Tally } from "../../src/client/bench/load.ts";
import { until } from "../support/deadline.ts";

/** What a receiver gets instead of the message with this number; every receiver is asked. */
type Distortion = (line: string, number: number, receiver: number) => readonly string[];

interface Guest {
  readonly index: number;
  begun: string;
  kept: string;
}

/** A chat that everybody is in who connects, and that does to messages what it is told to. */
class Chat implements Disposable {
  private guests: Socket<Guest>[] = [];
  private connected = 0;
  private readonly listener;

  constructor(private readonly distort: Distortion) {
    this.listener = Bun.listen<Guest>({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        open: (socket) => {
          socket.data = { index: this.connected++, begun: "", kept: "" };
          this.guests.push(socket);
        },
        data: (socket, chunk) => {
          const lines = (socket.data.begun + chunk.toString("latin1")).split("\n");
          socket.data.begun = lines.pop() ?? "";
          for (const line of lines) this.say(socket, line);
        },
        close: (socket) => {
          this.guests = this.guests.filter((guest) => guest !== socket);
        },
      },
    });
  }

  get port(): number {
    return this.listener.port;
  }

  [Symbol.dispose](): void {
    this.listener.stop(true);
  }

  private say(speaker: Socket<Guest>, line: string): void {
    const number = Number(/^%\w+\.\d\d\.(\d{9}) /.exec(line)?.[1] ?? Number.NaN);
    for (const guest of this.guests) {
      if (guest === speaker) continue;
      const lines = Number.isNaN(number) ? [line] : this.distort(line, number, guest.data.index);
      guest.write(lines.map((each) => `someone: ${each}\r\n`).join(""));
    }
  }
}

/** Four receivers and two publishers, until there were `messages` deliveries or what else is enough. */
async function load(distort: Distortion, enough: number | ((tally: Tally) => boolean)): Promise<Tally> {
  using chat = new Chat(distort);
  const tally = new Tally();
  const running = await startFanout(
    { port: chat.port, form: silentLine, receivers: 4, publishers: 2, window: 3, size: 64 },
    tally,
  );
  await until(() => (typeof enough === "number" ? tally.answers >= enough : enough(tally)), "messages");
  await running.stop();
  return tally;
}

const faithful: Distortion = (line) => [line];
const second = (receiver: number) => receiver === 1;

describe("the chat load of the benchmark", () => {
  test.concurrent("counts every delivery of a server that does what it should", async () => {
    const tally = await load(faithful, 2_000);
    expect(tally.answers).toBe(tally.said * 4);
    expect(tally.latency.count).toBe(tally.answers);
    expect([tally.lost, tally.disordered, tally.errors]).toEqual([0, 0, 0]);
  });

  test.concurrent("needs no order between publishers", async () => {
    const held = new Map<number, string>();
    const tally = await load((line, number, receiver) => {
      // The second receiver hears publisher 0 one message late, the others at once.
      if (!second(receiver) || !/\.00\.\d{9} /.test(line) || number > 100) return [line];
      const late = held.get(receiver);
      held.set(receiver, line);
      if (number === 100) return late === undefined ? [line] : [late, line];
      return late === undefined ? [] : [late];
    }, 4_000);
    expect([tally.lost, tally.disordered, tally.errors]).toEqual([0, 0, 0]);
  });

  test.concurrent("counts messages that one receiver does not get", async () => {
    const tally = await load((line, number, receiver) => (second(receiver) && number === 7 ? [] : [line]), 400);
    expect([tally.lost, tally.disordered]).toEqual([2, 0]);
  });

  test.concurrent("counts messages that nobody gets", async () => {
    const tally = await load((line, number) => (number === 7 ? [] : [line]), 400);
    expect([tally.lost, tally.disordered]).toEqual([8, 0]);
  });

  test.concurrent("counts messages that come twice", async () => {
    const tally = await load(
      (line, number, receiver) => (second(receiver) && number === 7 ? [line, line] : [line]),
      400,
    );
    expect([tally.lost, tally.disordered]).toEqual([0, 2]);
  });

  test.concurrent("counts messages that come too late", async () => {
    const kept = new Map<string, string>();
    const tally = await load((line, number, receiver) => {
      const key = `${receiver} ${line.slice(0, 12)}`;
      if (second(receiver) && number === 6) kept.set(key, line);
      if (!second(receiver) || number < 6 || number > 7) return [line];
      return number === 6 ? [] : [line, kept.get(key) ?? ""];
    }, 400);
    expect([tally.lost, tally.disordered]).toEqual([0, 2]);
  });

  test.concurrent("takes a message that was changed for none", async () => {
    const tally = await load(
      (line, number, receiver) => (second(receiver) && number === 7 ? [line.replace("tin", "bin")] : [line]),
      400,
    );
    expect([tally.lost, tally.disordered]).toEqual([2, 0]);
  });

  // Both publishers have said their window of three, and are waiting.
  const withheld = ({ said, answers }: Tally) => said === 46 && answers === 160;

  test.concurrent("ends when a server withholds everything", async () => {
    const tally = await load((line, number) => (number >= 20 ? [] : [line]), withheld);
    expect([tally.answers, tally.lost]).toEqual([160, 24]);
  });

  test.concurrent("tells when the server ends connections", async () => {
    using chat = new Chat((line, number) => (number >= 20 ? [] : [line]));
    const tally = new Tally();
    const settings = { port: chat.port, form: silentLine, receivers: 2, publishers: 1, window: 1, size: 64 };
    const running = await startFanout(settings, tally);
    await until(() => tally.said === 21, "the message that is withheld");
    chat[Symbol.dispose]();
    await running.stop();
    expect(tally.errors).toBe(3);
  });
});

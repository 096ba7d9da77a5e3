import type { Socket } from "bun";
import type { Running, Tally } from "../../../src/client/bench/load.ts";

const LINE = Buffer.from("a line from somebody who leaves as soon as it is answered\n");
const ANSWER = LINE.toString().toUpperCase();
const LATE_MS = 3_000;

/** A visit under way. */
interface Visit {
  readonly done: (error: string | null) => void;
  answer: string;
}

/** Somebody connects, sends a line to an echo server, reads the answer, leaves, and comes again; `visitors` at a time. */
export function startConnecting(port: number, visitors: number, tally: Tally): Running {
  let over = false;
  const come = async () => {
    while (!over) {
      const begun = performance.now();
      const error = await visit(port);
      if (error === null) tally.answer(performance.now() - begun);
      else tally.error(error);
      if (error !== null) await Bun.sleep(10);
    }
  };
  const all = Promise.all(Array.from({ length: visitors }, come));
  return {
    async stop() {
      over = true;
      await all;
    },
  };
}

/** Null when the answer was right. */
function visit(port: number): Promise<string | null> {
  const { promise, resolve: done } = Promise.withResolvers<string | null>();
  const data: Visit = { done, answer: "" };
  Bun.connect({ hostname: "127.0.0.1", port, data, socket: handler }).catch((error: Error) => done(error.message));
  const late = setTimeout(() => done("an answer did not come within 3 s"), LATE_MS);
  return promise.finally(() => clearTimeout(late));
}

const handler: Bun.SocketHandler<Visit> = {
  open: (socket) => void socket.write(LINE),
  data: hear,
  close: ({ data }) => data.done("the server closed a connection before it had answered"),
  error: (socket, error) => {
    socket.data.done(error.message);
    socket.terminate();
  },
};

function hear(socket: Socket<Visit>, chunk: Buffer): void {
  const { data } = socket;
  data.answer += chunk.toString("latin1");
  if (data.answer.length < ANSWER.length) return;
  data.done(data.answer === ANSWER ? null : "an answer is not the line in upper case");
  socket.end();
}

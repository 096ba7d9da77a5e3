import { expect, test } from "bun:test";
import type { Socket } from "bun";
import { startConnecting } from "../../scripts/bench/loads/connect.ts";
import { gather } from "../../scripts/bench/loads/idle.ts";
import { Tally } from "../../src/client/bench/load.ts";
import { until } from "../support/deadline.ts";

function serve(answer: (socket: Socket, text: string) => void): Disposable & { readonly port: number } {
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: (socket, chunk) => answer(socket, chunk.toString()) },
  });
  return { port: listener.port, [Symbol.dispose]: () => listener.stop(true) };
}

const echo = (socket: Socket, text: string) => void socket.write(text.toUpperCase());

async function visits(
  answer: (socket: Socket, text: string) => void,
  enough: (tally: Tally) => boolean,
): Promise<Tally> {
  using server = serve(answer);
  const tally = new Tally();
  const running = startConnecting(server.port, 4, tally);
  await until(() => enough(tally), "visits");
  await running.stop();
  return tally;
}

test("visits are counted when their line comes back in upper case, in whatever pieces", async () => {
  const tally = await visits(
    (socket, text) => {
      socket.write(text.slice(0, 10).toUpperCase());
      setImmediate(() => socket.write(text.slice(10).toUpperCase()));
    },
    ({ answers }) => answers >= 100,
  );
  expect(tally.errors).toBe(0);
  expect(tally.latency.count).toBe(tally.answers);
});

test("a wrong answer to a visit is an error", async () => {
  const tally = await visits(
    (socket, text) => void socket.write(text),
    ({ errors }) => errors >= 4,
  );
  expect(tally.answers).toBe(0);
  expect(tally.firstError).toBe("an answer is not the line in upper case");
});

test("a connection that ends before its answer is an error", async () => {
  const tally = await visits(
    (socket) => void socket.end(),
    ({ errors }) => errors >= 4,
  );
  expect(tally.answers).toBe(0);
  expect(tally.firstError).toBe("the server closed a connection before it had answered");
});

test("everybody of an idle crowd has had an answer and is there", async () => {
  using server = serve(echo);
  const crowd = await gather(server.port, 100, () => [{ send: "ping\n", until: "PING" }]);
  expect(crowd.present()).toBe(100);
  crowd.leave();
  await until(() => crowd.present() === 0, "the end of the crowd");
});

test("a crowd of whom one is refused does not gather", async () => {
  let served = 0;
  using server = serve((socket, text) => (++served === 50 ? void socket.end("full\n") : echo(socket, text)));
  const gathering = gather(server.port, 100, () => [{ send: "ping\n", until: "PING" }]);
  await expect(gathering).rejects.toThrow("the server did not let a client in: full");
});

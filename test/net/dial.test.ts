import { expect } from "bun:test";
import { client } from "../support/clients.ts";
import { until } from "../support/deadline.ts";
import { Program } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TestDoor } from "./test-door.ts";

const python = client("python3");

/** Listens, and has as many connections in its queue as the system lets it: whoever connects now is not answered. */
const MUTE = `
import socket, sys
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(0)
waiting = []
for _ in range(4):
    waiting.append(socket.socket())
    waiting[-1].setblocking(False)
    waiting[-1].connect_ex(listener.getsockname())
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
`;

python.test("a dial that nobody waits for rejects at once, and counts until the system gives it up", async () => {
  await using mute = new Program([python.path, "-c", MUTE]);

  const port = Number(await mute.stdout.readLine());
  let message = "";
  await using door = await TestDoor.open((_, net) => ({
    async onData() {
      const gone = new AbortController();
      const dialled = net.dial({ host: "127.0.0.1", port, timeoutMs: 60_000, signal: gone.signal });
      gone.abort();
      await dialled.catch((error: Error) => {
        message = error.message;
      });
    },
  }));
  using peer = await connect({ port: door.port });
  await peer.write("x");
  await until(() => message !== "", "the end of the dial");
  expect(message).toBe("no longer waited for");
  expect(door.runtime.admission.count).toBe(2);
  await mute.endInput();
  await until(() => door.runtime.admission.count === 1, "the system to give up");
});

import { describe, expect } from "bun:test";
import { client } from "../support/clients.ts";
import { run } from "../support/program.ts";
import { startTincan } from "../support/tincan.ts";

const python = client("python3");

async function script(port: number, body: string): Promise<void> {
  const start = `import socket, sys\nport = int(sys.argv[1])\n`;
  const { code, stderr } = await run([python.path, "-c", start + body, String(port)], { ms: 60_000 });
  expect(stderr).toBe("");
  expect(code).toBe(0);
}

describe("Python's socket", () => {
  python.test(
    "runs 500 clients that each say hello in a loop, every answer checked",
    async () => {
      await using tincan = await startTincan(["--doors", "echo"]);
      await script(
        tincan.port("echo"),
        `
import selectors
selector, rounds = selectors.DefaultSelector(), 20
class Client:
    def __init__(self, number):
        self.number, self.done, self.got = number, 0, b""
        self.sock = socket.create_connection(("127.0.0.1", port))
        selector.register(self.sock, selectors.EVENT_READ, self)
        self.say()
    def say(self):
        self.text = f"hello {self.done} from client {self.number}\\n".encode()
        self.sock.sendall(self.text)
    def hear(self):
        chunk = self.sock.recv(4096)
        assert chunk, f"client {self.number} was closed"
        self.got += chunk
        if len(self.got) < len(self.text): return
        assert self.got == self.text.upper(), self.got
        self.got, self.done = b"", self.done + 1
        if self.done < rounds: return self.say()
        selector.unregister(self.sock)
        self.sock.close()
clients = [Client(number) for number in range(500)]
while selector.get_map():
    ready = selector.select(20)
    assert ready, "nothing came for 20 seconds"
    for key, _ in ready: key.data.hear()
assert all(client.done == rounds for client in clients)
`,
      );
      python.exchanged(10_000);
    },
    90_000,
  );

  python.test("never gets a larger answer than its question was, whatever --echo-reply says", async () => {
    await using tincan = await startTincan(["--doors", "echo", "--echo-reply", "four"]);
    await script(
      tincan.port("echo"),
      `
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(10)
sock.sendto(b"abc", ("127.0.0.1", port))
sock.sendto(b"abcdefgh", ("127.0.0.1", port))
assert sock.recv(100) == b"fou"
assert sock.recv(100) == b"four"
`,
    );
    python.exchanged();
  });

  python.test("gets its datagrams back in upper case, up to the largest that UDP can carry", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    await script(
      tincan.port("echo"),
      `
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(10)
for body in [b"a", bytes(range(256)), b"z" * 1472, b"x" * 65507]:
    sock.sendto(body, ("127.0.0.1", port))
    assert sock.recv(70000) == body.upper(), len(body)
`,
    );
    python.exchanged(4);
  });

  python.test("does not mind that a client is gone before its UDP answer comes", async () => {
    await using tincan = await startTincan(["--doors", "echo"]);
    await script(
      tincan.port("echo"),
      `
for _ in range(200):
    gone = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    gone.sendto(b"answer into the void", ("127.0.0.1", port))
    gone.close()
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(10)
sock.sendto(b"alive", ("127.0.0.1", port))
assert sock.recv(100) == b"ALIVE"
`,
    );
    python.exchanged();
  });

  python.test("finds the words that its course wants: --echo-greeting and --echo-reply", async () => {
    await using tincan = await startTincan([
      "--doors",
      "echo",
      "--echo-greeting",
      "hello !",
      "--echo-reply",
      "respons",
    ]);
    await script(
      tincan.port("echo"),
      `
sock = socket.create_connection(("127.0.0.1", port))
assert sock.recv(1024) == b"hello !"
for question in [b"first", b"second question"]:
    sock.sendall(question)
    assert sock.recv(1024) == b"respons"
`,
    );
    python.exchanged(3);
  });

  python.test(
    "pumps 64 MiB through the echo door while reading, and every byte comes back",
    async () => {
      await using tincan = await startTincan(["--doors", "echo"]);
      await script(
        tincan.port("echo"),
        `
import hashlib, threading
block, blocks = bytes(range(256)) * 256, 1024
sock = socket.create_connection(("127.0.0.1", port))
def send():
    for _ in range(blocks): sock.sendall(block)
    sock.shutdown(socket.SHUT_WR)
threading.Thread(target=send).start()
wanted, got, count = hashlib.sha256(), hashlib.sha256(), 0
for _ in range(blocks): wanted.update(block.upper())
while chunk := sock.recv(1 << 18):
    got.update(chunk)
    count += len(chunk)
assert count == len(block) * blocks, count
assert got.digest() == wanted.digest()
`,
      );
      expect(tincan.rss()).toBeLessThan(160 * 1024 * 1024);
      python.exchanged();
    },
    90_000,
  );
});

import { describe, expect } from "bun:test";
import { client } from "../support/clients.ts";
import { run } from "../support/program.ts";
import { startTincan, type Tincan } from "../support/tincan.ts";

const python = client("python3");

/** What every script begins with: the client of the README, which reads with `read(n)` and never trusts `recv`. */
const FRAMES = `
import socket, struct, sys
port, header = int(sys.argv[1]), sys.argv[2]
size = struct.calcsize(header)
sock = socket.create_connection(("127.0.0.1", port))
file = sock.makefile("rwb")
def frame(body): return struct.pack(header, len(body)) + body
def read():
    head = file.read(size)
    assert len(head) == size, "the server closed"
    body = file.read(struct.unpack(header, head)[0])
    return body
`;

async function script(tincan: Tincan, body: string, header = "!I"): Promise<void> {
  const { code, stderr } = await run([python.path, "-c", FRAMES + body, String(tincan.port("framed")), header], {
    ms: 25_000,
  });
  expect(stderr).toBe("");
  expect(code).toBe(0);
}

describe("Python and struct", () => {
  python.test("sends 1,000 frames in one sendall and gets exactly 1,000", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    await script(
      tincan,
      `
bodies = [(b"message %d " % i) * (i % 7) for i in range(1000)]
sock.sendall(b"".join(map(frame, bodies)))
for body in bodies: assert read() == body.upper(), body
sock.shutdown(socket.SHUT_WR)
assert file.read() == b""
`,
    );
    python.exchanged(1000);
  });

  python.test("sends one frame a byte at a time and gets exactly one", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    await script(
      tincan,
      `
sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for byte in frame(b"one byte at a time"): sock.sendall(bytes([byte]))
assert read() == b"ONE BYTE AT A TIME"
sock.shutdown(socket.SHUT_WR)
assert file.read() == b""
`,
    );
    python.exchanged();
  });

  python.test("gets empty frames, every byte value and a frame of exactly 1 MiB back", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    await script(
      tincan,
      `
for body in [b"", b"", bytes(range(256)), b"\\xff\\xf4abc", b"a" * (1 << 20), b"z"]:
    sock.sendall(frame(body))
    assert read() == body.upper(), len(body)
`,
    );
    python.exchanged(6);
  });

  python.test(
    "may talk in every header that struct can pack",
    async () => {
      for (const type of "bBhHiIlLqQ") {
        const mark = { b: "", B: "!", h: "<", H: ">", i: "=", I: "<", l: "@", L: "!", q: "", Q: "<" }[type];
        const header = `${mark}${type}`;
        await using tincan = await startTincan(["--doors", "framed", `--frame-header=${header}`]);
        await script(
          tincan,
          `
for body in [b"", b"abc", b"x" * 127]:
    sock.sendall(frame(body) * 3)
    for _ in range(3): assert read() == body.upper()
`,
          header,
        );
        python.exchanged(9);
      }
    },
    60_000,
  );

  python.test("waits for ok between header and body with --frame-ack, in both directions", async () => {
    await using tincan = await startTincan(["--doors", "framed", "--frame-ack"]);
    await script(
      tincan,
      `
for body in [b"sticky", b"", b"y" * 100000]:
    sock.sendall(struct.pack(header, len(body)))
    assert file.read(2) == b"ok"
    sock.sendall(body)
    assert struct.unpack(header, file.read(size))[0] == len(body)
    sock.sendall(b"ok")
    assert file.read(len(body)) == body.upper()
`,
    );
    python.exchanged(3);
  });

  python.test("joins the chat with JSON in frames and sees what others say", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    await script(
      tincan,
      `
import json
def say(**message): sock.sendall(frame(json.dumps(message).encode()))
say(op="hello", v=1, service="chat", name="ann", id=1)
hello = json.loads(read())
assert hello["ok"] and hello["name"] == "ann" and hello["rooms"][0]["room"] == "#lobby", hello
assert hello["limits"]["frame"] == 1 << 20 and hello["server"].startswith("tincan/"), hello
first, sock = sock, socket.create_connection(("127.0.0.1", port))
first_file, file = file, sock.makefile("rwb")
say(op="hello", v=1, service="chat", name="bob", id=1)
assert json.loads(read())["ok"]
say(op="say", room="#lobby", text="hi ann", id=2)
said = json.loads(read())
assert said["ok"] and said["seq"] == hello["rooms"][0]["seq"] + 1, said
file = first_file
seen = [json.loads(read()), json.loads(read())]
assert [e["event"] for e in seen] == ["join", "message"], seen
assert seen[1]["from"] == "bob" and seen[1]["text"] == "hi ann" and seen[1]["seq"] == said["seq"], seen
`,
    );
    python.exchanged(3);
  });

  python.test(
    "is told which number it sent when the length is absurd, and can still read that after its sendall",
    async () => {
      await using tincan = await startTincan(["--doors", "framed"]);
      await script(
        tincan,
        `
import json
sock.sendall(struct.pack("<I", 5) + b"hello" + b"x" * 1000000)
bye = json.loads(file.read(struct.unpack("<I", file.read(4))[0]))
assert bye["event"] == "bye", bye
assert "83886080" in bye["text"].replace(",", "") and "5" in bye["text"], bye
assert file.read() == b""
`,
      );
      python.exchanged();
    },
  );
});

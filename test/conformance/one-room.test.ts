import { describe, expect } from "bun:test";
import { client } from "../support/clients.ts";
import { LineUser } from "../support/line-user.ts";
import { Program } from "../support/program.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

const nc = client("nc");
const telnet = client("telnet");
const python = client("python3");
const host = "127.0.0.1";

/** A Python program that packs `!I` frames: prints what others say as `FROM: TEXT`, says every line of its stdin. */
const PYTHON = `
import json, socket, struct, sys, threading
sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
file = sock.makefile("rwb")
def send(**message):
    body = json.dumps(message).encode()
    sock.sendall(struct.pack("!I", len(body)) + body)
def receive():
    while head := file.read(4):
        message = json.loads(file.read(struct.unpack("!I", head)[0]))
        if message.get("event") == "message": print(f"{message['from']}: {message['text']}", flush=True)
        if message.get("id") == 1: print("in", message["name"], flush=True)
threading.Thread(target=receive, daemon=True).start()
send(op="hello", v=1, service="chat", name="py", id=1)
for line in sys.stdin: send(op="say", room="#lobby", text=line.rstrip("\\n"))
`;

describe("one room, four clients", () => {
  nc.test("nc, telnet, Python frames and tincan chat all see each other", async () => {
    await using tincan = await startTincan(["--doors", "line,framed"]);
    const line = String(tincan.port("line"));
    const framed = String(tincan.port("framed"));
    await using netcat = new Program([nc.path, host, line]);
    await using terminal = new Program([telnet.path, host, line], { terminal: true });
    await using frames = new Program([python.path, "-c", PYTHON, framed]);
    await using chat = new Program([TINCAN, "chat", `${host}:${framed}`, "--name", "can"]);
    await frames.stdout.readLineWith("in py");
    const people = {
      nat: await LineUser.at(netcat).isCalled("nat"),
      tel: await LineUser.at(terminal, "\r").isCalled("tel"),
      py: LineUser.at(frames),
      can: LineUser.at(chat),
    };
    await people.nat.say("/who");
    await people.nat.hears("can");
    for (const [name, speaker] of Object.entries(people)) {
      const text = `hello from ${name}`;
      await speaker.say(text);
      for (const [other, listener] of Object.entries(people)) {
        if (other !== name) expect((await listener.hears(`${name}: `)).trimEnd()).toEndWith(`${name}: ${text}`);
      }
    }
    nc.exchanged(3);
    telnet.exchanged(3);
    python.exchanged(3);
  });
});

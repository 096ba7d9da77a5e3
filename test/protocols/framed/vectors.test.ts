import { describe, expect, test } from "bun:test";
import { chunkHead, readChunk } from "../../../protocols/services/chunk.ts";
import { fileRequests } from "../../../protocols/services/file-requests.ts";
import { requests } from "../../../protocols/services/requests.ts";
import { client } from "../../support/clients.ts";
import { until } from "../../support/deadline.ts";
import type { Message } from "../../support/frames.ts";
import { run } from "../../support/program.ts";
import { chunk, MemoryDoor } from "./door.ts";
import { errorCodes } from "./error-codes.ts";
import { Stage } from "./stage.ts";
import { type ChunkStep, type Exchange, type Format, VECTORS, vectors } from "./vectors.ts";

const python = client("python3");
const bytes = (hex: string) => Buffer.from(hex, "hex");

/** Checks every byte of the vectors with nothing but struct and json. */
const PYTHON = `
import json, struct, sys
vectors = json.load(open(sys.argv[1]))
for f in vectors["formats"]:
    s = struct.Struct(f["format"])
    assert s.size == f["size"], f
    assert s.pack(0).hex() == f["empty"], f
    assert (s.pack(3) + b"abc").hex() == f["abc"], f
    assert s.pack(int(f["most"])).hex() == f["longest"], f
    try: s.pack(int(f["most"]) + 1)
    except struct.error: pass
    else: raise AssertionError(f)
    if "negative" in f: assert s.pack(-1).hex() == f["negative"], f
def body(frame):
    data = bytes.fromhex(frame)
    assert struct.unpack("!I", data[:4])[0] == len(data) - 4, frame
    return data[4:]
def chunk(c): return struct.pack("!BIQ", 1, c["id"], c["offset"]) + bytes.fromhex(c["bytes"])
for c in vectors["chunks"]: assert body(c["frame"]) == chunk(c), c
for e in vectors["echo"]: assert body(e["gets"]) == body(e["sends"]).upper(), e
checked = 0
for exchange in vectors["exchanges"] + vectors["errors"]:
    for step in exchange["steps"]:
        data = body(step["frame"])
        message = step["sends"] if "sends" in step else step["gets"]
        if isinstance(message, str): assert data.decode() == message, step
        elif "chunk" in message: assert data == chunk(message["chunk"]), step
        else: assert json.loads(data.decode()) == message, step
        checked += 1
print(len(vectors["formats"]), checked)
`;

python.test("the vectors are what Python's struct and json say", async () => {
  const { code, stdout, stderr } = await run([python.path, "-c", PYTHON, VECTORS]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const steps = [...vectors.exchanges, ...vectors.errors].flatMap((exchange) => exchange.steps);
  expect(stdout.trim()).toBe(`60 ${steps.length}`);
});

test("the vectors have every mark before every type, every op and every error", () => {
  const marks = ["", "@", "=", "<", ">", "!"];
  const formats = marks.flatMap((mark) => [..."bBhHiIlLqQ"].map((type) => mark + type));
  expect(vectors.formats.map(({ format }) => format)).toEqual(formats);
  expect(new Set(vectors.exchanges.map(({ op }) => op))).toEqual(
    new Set(["hello", ...Object.keys(requests), ...Object.keys(fileRequests)]),
  );
  expect(vectors.errors.map(({ code }) => code ?? "").sort()).toEqual([...errorCodes].sort());
  for (const { code, steps } of vectors.errors) expect(steps.at(-1)).toMatchObject({ gets: { error: { code } } });
});

describe("headers", () => {
  for (const vector of vectors.formats) {
    test(`${vector.format} frames as in the vectors`, async () => {
      await echoes(vector, vector.empty, vector.empty);
      await echoes(vector, vector.abc, vector.abc.replace(/616263$/, "414243"));
      for (const header of [vector.longest, vector.negative]) {
        if (header === undefined || (header === vector.longest && Number(vector.most) <= 1 << 20)) continue;
        const peer = new MemoryDoor({ header: vector.format }).connect();
        await peer.conn.push(bytes(header));
        expect(peer.conn.why).toMatchObject({ kind: "violation" });
      }
    });
  }
});

async function echoes({ format }: Format, sent: string, gets: string): Promise<void> {
  const peer = new MemoryDoor({ header: format }).connect();
  await peer.conn.push(bytes(sent));
  expect(peer.conn.takeBytes().toString("hex")).toBe(gets);
}

test("echo answers as in the vectors", async () => {
  const peer = new MemoryDoor().connect();
  for (const { sends, gets } of vectors.echo) {
    await peer.conn.push(bytes(sends));
    expect(peer.conn.takeBytes().toString("hex")).toBe(gets);
  }
});

test("ack mode answers as in the vectors", async () => {
  const peer = new MemoryDoor({ ack: true }).connect();
  for (const step of vectors.ack) {
    if (step.peer === "client") await peer.conn.push(bytes(step.bytes));
    else expect(peer.conn.takeBytes().toString("hex")).toBe(step.bytes);
  }
});

describe("violations", () => {
  for (const { what, header = "!I", sends, answer } of vectors.violations) {
    test(`${what} is answered by ${answer}`, async () => {
      const peer = new MemoryDoor({ header }).connect();
      await peer.conn.push(bytes(sends));
      expect(peer.conn.state).toBe("finishing");
      expect(peer.conn.why).toMatchObject({ kind: "violation" });
      const words = peer.conn.takeBytes();
      if (answer === "http") expect(words.toString()).toStartWith("HTTP/1.1 400 Bad Request\r\n");
      else if (answer === "text") expect(words.toString()).toMatch(/^tincan: [^\r\n]*\r\n$/);
      else expect(byeBehind(answer, words)).toMatchObject({ event: "bye", reason: "violation" });
    });
  }
});

function byeBehind(header: string, words: Buffer): Message {
  const length = header.startsWith("<") ? words.readUInt32LE() : words.readUInt32BE();
  expect(length).toBe(words.length - 4);
  return JSON.parse(words.subarray(4).toString());
}

describe("chunks", () => {
  for (const { id, offset, bytes: hex, frame } of vectors.chunks) {
    test(`of ${hex.length / 2} bytes at ${offset} for ${id} look as in the vectors`, () => {
      const body = bytes(frame).subarray(4);
      expect(body.equals(chunk(id, offset, bytes(hex)))).toBe(true);
      expect(body.equals(Buffer.concat([chunkHead(id, offset), bytes(hex)]))).toBe(true);
      const read = readChunk(body);
      expect([read.id, read.offset, Buffer.from(read.bytes).toString("hex")]).toEqual([id, offset, hex]);
    });
  }
});

describe("exchanges", () => {
  for (const exchange of [...vectors.exchanges, ...vectors.errors]) {
    const { op, code, what } = exchange;
    test([op ?? code, what].filter(Boolean).join(" "), () => replay(exchange));
  }
});

/** Plays an exchange against the door's own code: every frame is sent and expected, in its place. */
async function replay(exchange: Exchange): Promise<void> {
  await using stage = await Stage.open(exchange);
  const heard = new Map<string, Message[]>();
  const listen = () => {
    for (const [name, peer] of stage.peers) heard.set(name, [...(heard.get(name) ?? []), ...peer.messages()]);
  };
  for (const step of exchange.steps) {
    const peer = stage.peer(step.peer);
    if ("sends" in step) {
      for (const [name, messages] of heard) expect(messages, `${name} was told more`).toEqual([]);
      await peer.conn.push(bytes(step.frame));
      listen();
    } else {
      await until(() => {
        listen();
        return (heard.get(step.peer)?.length ?? 0) > 0;
      }, JSON.stringify(step.gets));
      expect(heard.get(step.peer)?.shift()).toEqual(like(step.gets));
    }
  }
  listen();
  for (const [name, messages] of heard) expect(messages, `${name} was told more`).toEqual([]);
}

/** A message of the vectors with what differs from time to time left open. Sentences for people are those of the code. */
function like(message: Message | ChunkStep): Message {
  const text = JSON.stringify(message, (key, value) =>
    ["epoch", "session", "version"].includes(key) && typeof value === "string" ? "*" : value,
  );
  return JSON.parse(text, (_, value) => (value === "*" ? expect.any(String) : value));
}

import { describe, expect } from "bun:test";
import { resolve } from "node:path";
import { client } from "../support/clients.ts";
import { Program, run } from "../support/program.ts";
import { TINCAN } from "../support/tincan.ts";

const nc = client("nc");
const python = client("python3");
const host = "127.0.0.1";

/** `tincan run` of one of the examples, and the port that it was given. */
async function serve(example: string) {
  const file = resolve(import.meta.dir, "../../examples", example);
  const program = new Program([TINCAN, "run", file, "--port", "0", "--log-format", "json"]);
  const port: number = JSON.parse(await program.stdout.readLine()).doors.run.port;
  return { port: String(port), [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

describe("the examples of tincan run, as their comments tell to try them", () => {
  nc.test("shout, with nc", async () => {
    await using shout = await serve("shout.ts");
    const { stdout } = await run([nc.path, "-N", host, shout.port], { input: "hello\nworld\n" });
    expect(stdout).toBe("Say something.\nHELLO!\nWORLD!\n");
    nc.exchanged(2);
  });

  python.test("counter, with struct.pack in Python", async () => {
    await using counter = await serve("counter.ts");
    const script = `
import socket, struct, sys
sock = socket.create_connection(("${host}", int(sys.argv[1])))
file = sock.makefile("rwb")
sock.sendall(b"".join(struct.pack("!I", n) + b"x" * n for n in range(500)))
for n in range(500):
    body = file.read(struct.unpack("!I", file.read(4))[0])
    assert body == b"%d: %d bytes" % (n + 1, n), body
`;
    const { code, stderr } = await run([python.path, "-c", script, counter.port]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    python.exchanged(500);
  });

  nc.test("clock, with nc -u", async () => {
    await using clock = await serve("clock.ts");
    await using asking = new Program([nc.path, "-u", host, clock.port]);
    await asking.write("Asia/Tokyo\n");
    expect(await asking.stdout.readLine()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d Asia\/Tokyo, 127\.0\.0\.1$/);
    nc.exchanged();
  });
});

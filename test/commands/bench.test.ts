import { describe, expect, test } from "bun:test";
import { run } from "../support/program.ts";
import { startTincan, TINCAN } from "../support/tincan.ts";

const bench = (...args: readonly string[]) => run([TINCAN, "bench", ...args]);

/** A server that answers everything, but one letter wrong. */
function liar() {
  const socket = {
    data(peer: { write(bytes: Uint8Array): number }, bytes: Uint8Array) {
      const answer = Buffer.from(bytes.toString().toUpperCase());
      answer[0] = 0x21;
      peer.write(answer);
    },
  };
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket });
  return { port: listener.port, [Symbol.dispose]: () => listener.stop(true) };
}

describe("tincan bench", () => {
  test("measures every kind, and finds nothing wrong", async () => {
    await using tincan = await startTincan(["--doors", "echo,framed", "--chat-rate", "0"]);
    const kinds = { echo: "echo", frames: "framed", chat: "framed", udp: "echo" };
    for (const [kind, door] of Object.entries(kinds)) {
      const args = [`127.0.0.1:${tincan.port(door)}`, "--seconds", "1", "--pipeline", "3", "--json"];
      const { code, stdout, stderr } = await bench(kind, ...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const { rate, p50Ms, p99Ms, errors, disordered = 0 } = JSON.parse(stdout);
      expect({ kind, errors, disordered }).toEqual({ kind, errors: 0, disordered: 0 });
      expect(rate).toBeGreaterThan(10);
      expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
    }
  });

  test("prints a table for people", async () => {
    await using tincan = await startTincan(["--doors", "framed", "--chat-rate", "0"]);
    const { stdout } = await bench(
      "chat",
      `127.0.0.1:${tincan.port("framed")}`,
      "--seconds",
      "1",
      "--connections",
      "3",
    );
    const [title, , head, figures] = stdout.split("\n");
    expect(title).toMatch(/^chat 127\.0\.0\.1:\d+: 1 publisher, 3 receivers, 64 B, pipeline 1, 1\.\d s$/);
    expect(head?.trim().split(/ {2,}/)).toEqual([
      "deliveries",
      "deliveries/s",
      "p50 ms",
      "p99 ms",
      "max ms",
      "errors",
      "lost",
      "disordered",
    ]);
    expect(figures?.trim().split(/ {2,}/).slice(-3)).toEqual(["0", "0", "0"].map((zero) => zero));
  });

  test("tells that the flood limit slowed it", async () => {
    await using tincan = await startTincan(["--doors", "framed"]);
    const { code, stderr } = await bench("chat", `127.0.0.1:${tincan.port("framed")}`, "--seconds", "1");
    expect(code).toBe(0);
    expect(stderr).toContain("--chat-rate 0");
  });

  test("checks every answer", async () => {
    using server = liar();
    const { code, stderr } = await bench("echo", `127.0.0.1:${server.port}`, "--seconds", "1", "--connections", "2");
    expect(code).toBe(1);
    expect(stderr).toBe('tincan: 2 errors, the first: "an answer is not the question in upper case"\n');
  });

  test("ends with 1 when a chat is measured at another door", async () => {
    await using tincan = await startTincan(["--doors", "line"]);
    const place = `127.0.0.1:${tincan.port("line")}`;
    const { code, stderr } = await bench("chat", place, "--seconds", "1");
    expect(code).toBe(1);
    expect(stderr).toStartWith(`tincan: ${place} does not speak tincan's frames; the framed door's port is 8400`);
  });

  test("ends with 1 when nobody listens", async () => {
    for (const kind of ["echo", "frames", "chat", "udp"]) {
      const { code, stdout, stderr } = await bench(kind, "127.0.0.1:1", "--seconds", "1");
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toStartWith("tincan: cannot reach 127.0.0.1:1: nobody listens there");
    }
  });

  test("refuses with 64 what it cannot do", async () => {
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [["ecko"], "did you mean echo?"],
      [["echo", "--size", "x"], '--size "x" is not a size; try 64KiB or 1MiB'],
      [["echo", "--connections", "10001"], '--connections "10001" is not a whole number from 1 to 10000'],
      [["udp", "--size", "7"], '--size "7" does not fit udp; take from 8 to 65507 bytes'],
      [["echo", "--size", "1MiB", "--pipeline", "1024"], "connections x size x pipeline is over 256MiB"],
    ];
    for (const [args, words] of wrong) {
      const { code, stderr } = await bench(...args);
      expect(stderr).toContain(words);
      expect(code).toBe(64);
    }
  });
});

import { expect, test } from "bun:test";
import { Refused, type WireEvent } from "../../src/client/messages.ts";
import { ConnectionLost, ForeignProtocol, Wire } from "../../src/client/wire.ts";
import { until } from "../support/deadline.ts";
import { ScriptedServer } from "./scripted-server.ts";

/** A wire, and what it told in its order. */
async function open(target: { host: string; port: number }) {
  const told: string[] = [];
  const closed = Promise.withResolvers<Error | null>();
  const listener = { event: (event: WireEvent) => void told.push(event.event), closed: closed.resolve };
  const wire = await Wire.connect(target, listener);
  return { wire, told, closed: closed.promise, [Symbol.dispose]: () => wire.close() };
}

/** A server that says one thing to whoever comes, and closes. */
function saying(bytes: Uint8Array | string) {
  const socket = { open: (peer: { end(bytes: Uint8Array | string): void }) => void peer.end(bytes), data() {} };
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket });
  return {
    target: { host: "127.0.0.1", port: listener.port },
    [Symbol.dispose]: () => listener.stop(true),
  };
}

test("answers find their requests in whatever order they come", async () => {
  using server = new ScriptedServer();
  using ann = await open(server.target);
  const held: (() => void)[] = [];
  server.handlers["who"] = ({ id, room }, peer) => {
    held.unshift(() => peer.send({ id, ok: true, room }));
    if (held.length === 2) for (const send of held) send();
    return null;
  };
  const answers = await Promise.all(["#a", "#b"].map((room) => ann.wire.ask("who", { room })));
  expect(answers.map(({ room }) => room)).toEqual(["#a", "#b"]);
});

test("an answer is told in its place among the events", async () => {
  using server = new ScriptedServer();
  using ann = await open(server.target);
  server.handlers["ping"] = ({ id }, peer) => {
    for (const message of [{ event: "before" }, { id, ok: true }, { event: "after" }]) peer.send(message);
    return null;
  };
  ann.wire.send("ping", {}, () => ann.told.push("answer"));
  await until(() => ann.told.includes("after"), "the last event");
  expect(ann.told).toEqual(["before", "answer", "after"]);
});

test("a refusal has the server's code and words", async () => {
  using server = new ScriptedServer();
  using ann = await open(server.target);
  server.handlers["name"] = () => ({ ok: false, error: { code: "name-taken", message: "bob is in use" } });
  const error = await ann.wire.ask("name", { name: "bob" }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(Refused);
  expect(error).toMatchObject({ code: "name-taken", message: "bob is in use" });
});

test("what was asked is settled when the connection is lost", async () => {
  using server = new ScriptedServer();
  using ann = await open(server.target);
  server.handlers["ping"] = (_, peer) => {
    peer.drop();
    return null;
  };
  expect(await ann.wire.ask("ping").catch((error: unknown) => error)).toBeInstanceOf(ConnectionLost);
  expect(await ann.closed).toBeNull();
  expect(await ann.wire.ask("ping").catch((error: unknown) => error)).toBeInstanceOf(ConnectionLost);
});

const foreign: Readonly<Record<string, Uint8Array | string>> = {
  HTTP: "HTTP/1.1 400 Bad Request\r\n\r\n",
  "a frame without JSON": Buffer.from("\0\0\0\x02hi"),
  "a frame with a list": Buffer.from("\0\0\0\x02[]"),
  "an answer to nothing": Buffer.from('\0\0\0\x12{"id":9,"ok":true}'),
};
for (const [what, bytes] of Object.entries(foreign)) {
  test(`${what} is not this protocol`, async () => {
    using server = saying(bytes);
    using ann = await open(server.target);
    expect(await ann.closed).toBeInstanceOf(ForeignProtocol);
  });
}

import { expect, test } from "bun:test";
import { until } from "../../support/deadline.ts";
import { Echo } from "./echo.ts";

test("a datagram comes back in upper case, on the number of the TCP port", async () => {
  const listen = [
    { host: "127.0.0.1", port: 0 },
    { host: "::1", port: 0 },
  ];
  await using echo = await Echo.open({ listen });
  const numbers = new Set(echo.door.listeners.map(({ port }) => port));
  expect(echo.door.listeners.map(({ transport }) => transport)).toEqual(["tcp", "tcp", "udp", "udp"]);
  expect(numbers.size).toBe(1);
  using client = await echo.udp();
  client.burst(["Hello", "", "grüße"]);
  expect((await client.readMany(3)).map(String)).toEqual(["HELLO", "", "GRüßE"]);
});

test("a fixed reply is never larger than the question, and there is no greeting", async () => {
  await using echo = await Echo.open({ echoReply: "respons", echoGreeting: "hello !" });
  using client = await echo.udp();
  client.burst(["12", "1234567", "something longer"]);
  expect((await client.readMany(3)).map(String)).toEqual(["re", "respons", "respons"]);
});

test("another echo that it is set on is not answered for ever", async () => {
  await using one = await Echo.open();
  const other = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: { data: (socket, bytes, port, host) => void socket.send(bytes.toString().toUpperCase(), port, host) },
  });
  const port = one.door.listeners.find(({ transport }) => transport === "udp")?.port ?? 0;
  other.send("ping", port, "127.0.0.1");
  await until(() => one.door.stats().datagrams?.dropped["loop"] === 1, "the loop to be found");
  // The first one, in lower case, is not equal to its answer.
  expect(one.door.stats().datagrams?.in).toBe(102);
  other.close();
});

test("lower case asked 1,000 times over is no loop", async () => {
  await using echo = await Echo.open();
  using client = await echo.udp();
  for (let i = 0; i < 1000; i++) {
    client.send("ping");
    await client.read();
  }
  expect(echo.door.stats().datagrams).toMatchObject({ in: 1000, out: 1000 });
});

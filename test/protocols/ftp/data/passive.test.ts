import { expect, test } from "bun:test";
import { PassiveSource } from "../../../../protocols/ftp/data/passive.ts";
import { PassivePorts } from "../../../../protocols/ftp/data/passive-ports.ts";
import type { Connection, ListenOnce, Net } from "../../../../src/net/protocol.ts";
import { HandClock } from "../../../support/hand-clock.ts";

/** How it is listened for a client that has reached this machine at `local`. */
async function listening(local: string): Promise<ListenOnce> {
  const seen: ListenOnce[] = [];
  const net: Net = {
    listenOnce(o) {
      seen.push(o);
      return { port: 5000, arrived: new Promise(() => {}), cancel() {} };
    },
    dial: () => Promise.reject(new Error("nobody dials")),
  };
  const control = { local: { host: local }, remote: { host: "fe80::2" } } as unknown as Connection;
  const ports = new PassivePorts(null, new HandClock());
  await PassiveSource.open({
    ports,
    control,
    net,
    announced: local,
    configured: false,
    onStranger() {},
    onUnreached() {},
  });
  return seen[0] as ListenOnce;
}

test("data is waited for at the address that the client has reached, from the client alone", async () => {
  expect(await listening("192.0.2.1")).toMatchObject({ host: "192.0.2.1", from: "fe80::2" });
  expect(await listening("2001:db8::1")).toMatchObject({ host: "2001:db8::1" });
  expect(await listening("169.254.0.1")).toMatchObject({ host: "169.254.0.1" });
});

test("an address of a single link is none without its link, so all are listened at", async () => {
  expect(await listening("fe80::1")).toMatchObject({ host: "::", from: "fe80::2" });
});

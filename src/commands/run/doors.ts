import type { Log } from "../../log.ts";
import { coroutine } from "../../net/coroutine.ts";
import { type Door, joinDoors } from "../../net/door.ts";
import type { Runtime } from "../../net/runtime.ts";
import { StreamDoor } from "../../net/stream-door.ts";
import { DatagramDoor, sameAddresses } from "../../net/udp.ts";
import { HandledDatagrams } from "./datagrams.ts";
import { describeFault } from "./fault.ts";
import type { Handlers } from "./load.ts";
import type { RunSettings } from "./settings.ts";

/** The door of a user's file: TCP, UDP or both, on one port number. */
export function openDoors(
  runtime: Runtime,
  log: Log,
  file: string,
  { peer, datagram }: Handlers,
  { host, port, allowUdp, maxLine, maxFrame }: RunSettings,
): Door {
  const listen = host.map((address) => ({ host: address, port }));
  const describe = (error: unknown) => describeFault(error, file);
  const doors: Door[] = [];
  if (peer !== null) {
    const { messageMs, maxOutbox } = runtime.limits;
    const limits = { maxLine, maxFrame, maxOutbox, messageMs };
    const protocol = coroutine({ name: "run", handler: peer, limits, log, describe });
    doors.push(new StreamDoor(runtime, { name: "run", protocol, listen, keepAlive: true }));
  }
  if (datagram !== null) {
    const [tcp] = doors;
    doors.push(
      new DatagramDoor(runtime, {
        name: "run",
        protocol: new HandledDatagrams({ handler: datagram, clock: runtime.clock, log, describe }),
        listen: () => (tcp === undefined ? listen : sameAddresses(listen, tcp.listeners)),
        noLargerAnswer: false,
        loopbackOnly: !allowUdp,
      }),
    );
  }
  return joinDoors("run", doors);
}

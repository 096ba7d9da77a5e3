import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Fields, Log } from "../log.ts";
import { ListenError, removeStaleSocket } from "../net/listen.ts";
import { createRuntime } from "../net/runtime.ts";
import { StreamDoor } from "../net/stream-door.ts";
import { makePrivateFolder } from "../state.ts";
import { messageOf } from "../thrown.ts";
import { askDaemon } from "./client.ts";
import type { ControlOps } from "./op.ts";
import { type Place, placeOf } from "./place.ts";
import { ControlProtocol } from "./session.ts";

/** Who asks is one person, perhaps with a script; what they do not close is closed after some time. */
const MOST_CONNECTIONS = 32;
const IDLE_MS = 60_000;

/** A socket that is open, and the name by which it was made. */
interface Opened {
  readonly door: StreamDoor;
  readonly place: Place;
}

/**
 * The socket in the state folder through which `tincan status` and its like speak to a running daemon. It is for the
 * daemon's own user (mode 0600). It has a runtime of its own, so that it answers when all doors are full.
 */
export class ControlSocket {
  private closed = false;

  private constructor(
    private readonly folder: string,
    private readonly ops: ControlOps,
    private readonly log: Log,
    private opened: Opened | null,
  ) {}

  /**
   * Opens it, or tells the log why there is none and gives null: a daemon goes on without. The folder is made, with mode
   * 0700, and what a killed daemon left is removed; a living daemon's socket is left alone.
   */
  static async open(folder: string, ops: ControlOps, log: Log): Promise<ControlSocket | null> {
    const opened = await open(folder, ops, log);
    return opened === null ? null : new ControlSocket(folder, ops, log, opened);
  }

  /** Whether clients find it. Where it was deleted, with its folder as like as not, it is made anew, if that works. */
  async isThere(): Promise<boolean> {
    if (this.opened === null) return false;
    const found = await stat(this.opened.place.path).catch(() => null);
    if (found?.isSocket() || this.closed) return true;
    const { folder, ops, log } = this;
    log.warn("control-socket-deleted", { folder });
    await close(this.opened);
    this.opened = null;
    const anew = await open(folder, ops, log);
    if (anew !== null && this.closed) await close(anew);
    else this.opened = anew;
    return anew !== null;
  }

  /** Removes the socket, and ends who is connected to it. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.opened !== null) await close(this.opened);
  }
}

async function open(folder: string, ops: ControlOps, log: Log): Promise<Opened | null> {
  const refuse = (why: Fields) => {
    log.warn("no-control-socket", { path: join(folder, "control.sock"), ...why });
    return null;
  };
  let place: Place | null = null;
  try {
    makePrivateFolder(folder);
    place = placeOf(folder);
    await removeStaleSocket(place.path);
    const fault = (error: unknown) => log.error("control-failed", { error: String(error) });
    const door = new StreamDoor(createRuntime({ log, limits: { maxConnections: MOST_CONNECTIONS } }), {
      name: "control",
      protocol: new ControlProtocol(ops, fault),
      listen: [{ unix: place.path }],
      idleMs: IDLE_MS,
    });
    await door.start();
    return { door, place };
  } catch (error) {
    place?.[Symbol.dispose]();
    const pid = error instanceof ListenError && error.code === "in-use" ? await owner(folder) : null;
    if (pid !== null)
      return refuse({ error: "another daemon has this state folder; give each a --state-dir of its own", pid });
    return refuse({ error: messageOf(error) });
  }
}

async function close({ door, place }: Opened): Promise<void> {
  door.suspend();
  await door.drain(0);
  place[Symbol.dispose]();
}

/** The pid of the daemon that has the socket, if one answers there. */
async function owner(folder: string): Promise<number | null> {
  try {
    const { pid } = await askDaemon(folder, "status");
    return typeof pid === "number" ? pid : null;
  } catch {
    return null;
  }
}

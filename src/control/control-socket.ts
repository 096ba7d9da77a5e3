import { stat } from "node:fs/promises";
import type { Log } from "../log.ts";
import { ListenError, removeStaleSocket } from "../net/listen.ts";
import { createRuntime } from "../net/runtime.ts";
import { StreamDoor } from "../net/stream-door.ts";
import { makePrivateFolder } from "../state.ts";
import { messageOf } from "../thrown.ts";
import { askDaemon } from "./client.ts";
import type { ControlOps } from "./op.ts";
import { type Place, pathIn, placeOf } from "./place.ts";
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
    try {
      return new ControlSocket(folder, ops, log, await open(folder, ops, log));
    } catch (error) {
      await refuse(folder, log, error);
      return null;
    }
  }

  /**
   * Whether clients find it. Where it was deleted, with its folder as like as not, it is made anew, now or when it is looked
   * for again.
   */
  async isHealthy(): Promise<boolean> {
    const { folder, ops, log, opened } = this;
    if (opened !== null) {
      const found = await stat(pathIn(folder)).catch(() => null);
      if (found?.isSocket() || this.closed) return true;
      this.opened = null;
      log.warn("control-socket-deleted", { folder });
      await close(opened);
    }
    if (this.closed) return true;
    try {
      const anew = await open(folder, ops, log);
      if (this.closed) await close(anew);
      else this.opened = anew;
      return true;
    } catch (error) {
      // It is told once why that does not work.
      if (opened !== null) await refuse(folder, log, error);
      return false;
    }
  }

  /** Removes the socket, and ends who is connected to it. */
  async close(): Promise<void> {
    this.closed = true;
    const { opened } = this;
    this.opened = null;
    if (opened !== null) await close(opened);
  }
}

async function open(folder: string, ops: ControlOps, log: Log): Promise<Opened> {
  makePrivateFolder(folder);
  const place = placeOf(folder);
  try {
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
    place[Symbol.dispose]();
    throw error;
  }
}

/** Tells the log why there is none. */
async function refuse(folder: string, log: Log, error: unknown): Promise<void> {
  const pid = error instanceof ListenError && error.code === "in-use" ? await owner(folder) : null;
  const why =
    pid === null
      ? { error: messageOf(error) }
      : { error: "another daemon has this state folder; give each a --state-dir of its own", pid };
  log.warn("no-control-socket", { path: pathIn(folder), ...why });
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

import { ok } from "node:assert";
import { PassivePorts } from "../../../protocols/ftp/data/passive-ports.ts";
import type { FtpHost } from "../../../protocols/ftp/host.ts";
import { FtpSession } from "../../../protocols/ftp/session.ts";
import type { Access } from "../../../src/files/access.ts";
import type { Entry } from "../../../src/files/entry.ts";
import { VaultError } from "../../../src/files/error.ts";
import { silentLog } from "../../../src/log.ts";
import { ByNetwork } from "../../../src/net/by-network.ts";
import type { Dial, ListenOnce, Net } from "../../../src/net/protocol.ts";
import { HandClock } from "../../support/hand-clock.ts";
import { MemoryConnection } from "../../support/memory-connection.ts";
import { OpenGate } from "../../support/open-gate.ts";

const FOLDER: Entry = { name: "", type: "dir", size: 0, mtime: 0, mode: 0o755, id: "1" };

/** An FTP session without sockets and files: nobody ever connects to its ports, and every path is looked at. */
export class MemoryFtp {
  readonly conn = new MemoryConnection(1);
  readonly session: FtpSession;
  /** What was dialled. */
  readonly dialled: Dial[] = [];
  /** Ports that were listened on and not given up. */
  listening = 0;

  constructor() {
    this.session = new FtpSession(memoryHost(), this.conn, this.net());
    this.conn.session = this.session;
  }

  private net(): Net {
    return {
      listenOnce: (o: ListenOnce) => {
        ok(o.from === this.conn.remote.host, "somebody else is waited for");
        this.listening++;
        const { promise, reject } = Promise.withResolvers<never>();
        promise.catch(() => this.listening--);
        return { port: 1234, arrived: promise, cancel: () => reject(new Error("cancelled")) };
      },
      dial: (o: Dial) => {
        this.dialled.push(o);
        return Promise.reject(new Error("nobody is there"));
      },
    };
  }
}

/** What sessions share that have no files of their own; `o` is what differs. */
export function memoryHost(o: Partial<FtpHost> = {}): FtpHost {
  return {
    gate: new OpenGate(new Set(["read", "upload", "write"])),
    vault: { enter: memoryAccess, watch: () => () => {} },
    log: silentLog,
    clock: new HandClock(),
    pageFor: (at) => `http://${at}:8480/`,
    server: "tincan/test",
    tls: null,
    requireTls: false,
    idleMs: 300_000,
    messageMs: 60_000,
    ports: new PassivePorts(null, new HandClock()),
    addresses: new ByNetwork([]),
    charsets: new ByNetwork([]),
    ...o,
  };
}

/** `/d` and the root are folders, `/f` is a file, and nothing else is there. */
function memoryAccess(visitor: Access["visitor"]): Access {
  const find = async (path: string): Promise<Entry> => {
    ok(path.startsWith("/") && !/[\r\n\0]/.test(path), `the path ${JSON.stringify(path)} was asked for`);
    ok(!path.split("/").some((part) => part === ".." || part === "."), `the path ${path} was asked for`);
    if (path === "/" || path === "/d") return { ...FOLDER, name: path.slice(1) };
    if (path === "/f") return { ...FOLDER, name: "f", type: "file", size: 5 };
    throw new VaultError("not-found", "there is no such thing");
  };
  const change = (path: string) => find(path).then(() => {});
  return {
    visitor,
    stat: find,
    async *entries(path) {
      yield [await find(path)];
    },
    page: async (path) => ({ entries: [await find(path)], next: null }),
    read: (path) => find(path).then(refuse),
    hash: async (path) => ({ hash: "00", bytes: (await find(path)).size }),
    mkdir: change,
    remove: change,
    changeable: change,
    rename: async (from, to) => {
      await find(from);
      await change(to).catch(() => {});
    },
    setTime: (path, mtime) => change(path).then(() => mtime),
    setMode: (path, mode) => change(path).then(() => mode),
    write: (path) => find(path).then(refuse),
    unfinished: (path) => find(path).then(() => null),
    left: (path) => find(path).then(refuse),
    served() {},
    watch: () => () => {},
    leave() {},
  };
}

function refuse(): never {
  throw new VaultError("denied", "not in memory");
}

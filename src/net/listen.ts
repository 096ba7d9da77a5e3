import { lstatSync, readFileSync, rmSync } from "node:fs";
import type { Socket } from "bun";
import { escapeText } from "../bytes/text.ts";
import { codeOf } from "../thrown.ts";
import { type BunListener, type BunSocket, type SocketEvents, socketHandlers } from "./bun-socket.ts";
import { boundUnsent, findDeadPeers, keepUrgentBytes } from "./socket-options.ts";
import { takenBy } from "./taken-port.ts";
import { bunTls, type TlsContext, tlsHandlers } from "./tls.ts";

/** Where to listen: an address and port (0: any free one), or a Unix socket's path. */
export type ListenSpec = { readonly host: string; readonly port: number } | { readonly unix: string };

/** A port or path could not be listened on; the message is one sentence for people. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  constructor(
    message: string,
    readonly code: "in-use" | "permission" | "address" | "folder",
  ) {
    super(message);
  }
}

export interface ListenOptions {
  readonly tls?: TlsContext | undefined;
  /** Find dead peers within three minutes. */
  readonly keepAlive?: boolean | undefined;
  open(socket: BunSocket): void;
}

/**
 * Opens one listener. Half-open connections are allowed, because a client that sends and half-closes waits for its answer
 * (`printf hi | nc -N`). A Unix socket is for this user only (mode 0600).
 * @throws ListenError
 */
export function listen(spec: ListenSpec, o: ListenOptions): BunListener {
  const open = (socket: Socket<SocketEvents>) => o.open(socket as BunSocket);
  const handlers = o.tls ? { ...tlsHandlers, open } : { ...socketHandlers, open };
  const common = { allowHalfOpen: true, socket: handlers, ...(o.tls ? { tls: bunTls(o.tls) } : {}) };
  try {
    if ("unix" in spec) return listenPrivately(() => Bun.listen<SocketEvents>({ ...common, unix: spec.unix }));
    const listener = withDescriptor(Bun.listen<SocketEvents>({ ...common, hostname: spec.host, port: spec.port }));
    keepUrgentBytes(listener.fd);
    boundUnsent(listener.fd);
    if (o.keepAlive) findDeadPeers(listener.fd);
    return listener;
  } catch (error) {
    throw toListenError(error, spec);
  }
}

/** Makes a Unix socket that is for this user alone from its first moment on, whatever the umask is. */
function listenPrivately(open: () => object): BunListener {
  const usual = process.umask(0o177);
  try {
    return withDescriptor(open());
  } finally {
    process.umask(usual);
  }
}

/**
 * Removes the socket file that a killed process left behind: connecting to it is refused. Anything else stays; a living
 * server whose backlog is full refuses too, so what the kernel lists as bound (proc(5), /proc/net/unix) is not tried.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isSocket() || isBound(path)) return;
  try {
    const probe = await Bun.connect({ unix: path, socket: { data() {} } });
    probe.end();
  } catch {
    // Another process may have done the same meanwhile, and this may be its new one.
    if (lstatSync(path, { throwIfNoEntry: false })?.ino === found.ino) rmSync(path, { force: true });
  }
}

function isBound(path: string): boolean {
  try {
    return readFileSync("/proc/net/unix", "utf8")
      .split("\n")
      .some((line) => line.endsWith(` ${path}`));
  } catch {
    return false;
  }
}

function withDescriptor(listener: object): BunListener {
  return listener as BunListener;
}

function toListenError(error: unknown, spec: ListenSpec): ListenError {
  const code = codeOf(error);
  if ("unix" in spec) return pathError(code, spec.unix);
  const where = `${spec.host} port ${spec.port}`;
  if (code === "EADDRINUSE") return new ListenError(`${where} ${takenBy(spec.port)}`, "in-use");
  if (code === "EACCES" || code === "EPERM")
    return new ListenError(`no permission to listen on ${where}`, "permission");
  return new ListenError(`cannot listen on ${where}: it is not an address of this machine`, "address");
}

/** unix(7): `sun_path` has 108 bytes with the NUL at the end. Bun reaches a little further, most clients do not. */
const LONGEST_PATH = 107;

function pathError(code: string, path: string): ListenError {
  const said = escapeText(path);
  if (code === "EINVAL")
    return new ListenError(`${said} is too long for a Unix socket; take at most ${LONGEST_PATH} bytes`, "address");
  if (code === "EADDRINUSE") {
    const isSocket = lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? true;
    return new ListenError(`${said} is ${isSocket ? "taken already" : "there already and no socket"}`, "in-use");
  }
  if (code === "EACCES" || code === "EPERM") return new ListenError(`no permission to listen on ${said}`, "permission");
  if (code === "ENOENT") return new ListenError(`the folder of ${said} does not exist`, "folder");
  return new ListenError(`cannot listen on ${said}: its folder holds no sockets`, "address");
}

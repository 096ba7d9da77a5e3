import { ptr as addressOf, dlopen, FFIType, type Pointer, read } from "bun:ffi";

const { i32, u32, u64, i64_fast, ptr } = FFIType;
const { symbols } = dlopen("libc.so.6", {
  socket: { args: [i32, i32, i32], returns: i32 },
  connect: { args: [i32, ptr, u32], returns: i32 },
  setsockopt: { args: [i32, i32, i32, ptr, u32], returns: i32 },
  poll: { args: [ptr, u64, i32], returns: i32 },
  recv: { args: [i32, ptr, u64, i32], returns: i64_fast },
  send: { args: [i32, ptr, u64, i32], returns: i64_fast },
  memcmp: { args: [ptr, ptr, u64], returns: i32 },
  close: { args: [i32], returns: i32 },
  __errno_location: { args: [], returns: ptr },
});

/**
 * The system calls themselves. A load that must keep a server in C busy has no time for an event loop of its own: through
 * Bun.connect a client costs 7.5 us for an answer, 1.5 times the server, which then waits for it most of the time and
 * is charged for falling asleep and waking up; like this 5.4 us, as one in C (50 connections, 64 B, measured).
 */
export const { poll, memcmp, close } = symbols;

/** Bytes sent or received; a negative errno when there are none. Waits for nothing. */
export function send(fd: number, from: Pointer, size: number): number {
  const count = Number(symbols.send(fd, from, size, AT_ONCE));
  return count < 0 ? -errno() : count;
}

export function recv(fd: number, to: Pointer, size: number): number {
  const count = Number(symbols.recv(fd, to, size, AT_ONCE));
  return count < 0 ? -errno() : count;
}

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
export const POLLIN = 1;
export const POLLOUT = 4;
/** MSG_DONTWAIT | MSG_NOSIGNAL */
const AT_ONCE = 0x40 | 0x4000;
export const EAGAIN = 11;
export const ECONNREFUSED = 111;

function errno(): number {
  const at = symbols.__errno_location();
  return at === null ? 0 : read.i32(at, 0);
}

/** A socket that is connected to a port of the loopback. Throws when nobody listens there. */
export function connected(port: number, kind: "tcp" | "udp"): number {
  const fd = symbols.socket(AF_INET, kind === "tcp" ? SOCK_STREAM : SOCK_DGRAM, 0);
  // struct sockaddr_in: family in the order of this machine, port and address in that of the network.
  const address = new Memory(16);
  address.bytes.writeUInt16LE(AF_INET, 0);
  address.bytes.writeUInt16BE(port, 2);
  address.bytes.writeUInt32BE(0x7f000001, 4);
  if (symbols.connect(fd, address.at, address.bytes.length) !== 0) {
    const why = errno();
    close(fd);
    throw new Error(`connecting failed with errno ${why}`);
  }
  const one = Memory.of(Uint8Array.of(1, 0, 0, 0));
  if (kind === "tcp") symbols.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, one.at, one.bytes.length);
  return fd;
}

/**
 * Memory for system calls: it stays where it is, and is there as long as this object is. (A small typed array that is
 * made without a buffer may be moved after its address was taken, and the address alone keeps no memory: both were seen.)
 */
export class Memory {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly at: Pointer;

  constructor(size: number) {
    this.bytes = Buffer.from(new ArrayBuffer(size));
    this.at = addressOf(this.bytes);
  }

  static of(bytes: Uint8Array): Memory {
    const memory = new Memory(bytes.length);
    memory.bytes.set(bytes);
    return memory;
  }
}

/** A place in memory, `offset` bytes behind another. */
export function behind(pointer: Pointer, offset: number): Pointer {
  return (pointer + offset) as Pointer;
}

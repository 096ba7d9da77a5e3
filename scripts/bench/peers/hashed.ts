// What it takes to send a file with its SHA-256, and nothing else: hashed.ts PORT FILE
import { openSync, readSync } from "node:fs";
import type { Socket } from "bun";

const PIECE = 256 * 1024;
const [port, file = ""] = process.argv.slice(2);
const fd = openSync(file, "r");
const piece = Buffer.allocUnsafe(PIECE);

/** One download: bytes of the piece that the socket has not taken are read again. */
interface Sending {
  offset: number;
  hashed: number;
  readonly hash: Bun.CryptoHasher;
  /** What is left of the hash in hex. */
  tail: Buffer | null;
}

function goOn(socket: Socket<Sending>): void {
  const { data } = socket;
  while (data.tail === null) {
    const got = readSync(fd, piece, 0, PIECE, data.offset);
    if (data.offset + got > data.hashed) data.hash.update(piece.subarray(data.hashed - data.offset, got));
    data.hashed = data.offset + got;
    if (got === 0) data.tail = Buffer.from(data.hash.digest("hex"));
    const taken = Math.max(0, socket.write(piece.subarray(0, got)));
    data.offset += taken;
    if (taken < got) return;
  }
  data.tail = data.tail.subarray(Math.max(0, socket.write(data.tail)));
  if (data.tail.length === 0) socket.end();
}

Bun.listen<Sending>({
  hostname: "127.0.0.1",
  port: Number(port),
  socket: {
    open(socket) {
      socket.data = { offset: 0, hashed: 0, hash: new Bun.CryptoHasher("sha256"), tail: null };
      goOn(socket);
    },
    data() {},
    drain: goOn,
  },
});

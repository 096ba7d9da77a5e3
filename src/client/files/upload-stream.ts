import { escapeText } from "../../bytes/text.ts";
import { messageOf } from "../../thrown.ts";
import { ChunkFrame } from "../chunk.ts";
import { Refused } from "../messages.ts";
import type { FilesConnection } from "./connection.ts";
import { hashSoFar, sha256 } from "./hashing.ts";
import { Outgoing, whyTaken } from "./outgoing.ts";
import type { Pipe } from "./pipe.ts";
import type { Server } from "./server.ts";
import type { Moved, Shared } from "./transfer.ts";
import { LocalTrouble, Passing, Stopped } from "./trouble.ts";

/**
 * Puts what comes out of a pipe, whose size nobody knows. What is read is gone, so that a lost connection cannot be made
 * good. The pipe is opened when the server takes it: to open a named one waits for who writes to it.
 */
export async function uploadStream(
  server: Server,
  { name, path }: { readonly name: string; readonly path: string },
  open: () => Pipe,
  { progress, force, signal }: Shared,
): Promise<Moved> {
  const bar = progress.begin(name, null);
  try {
    const { bytes, hash } = await server.use((conn) => put(conn, path, force, open, (sent) => bar.at(sent)));
    bar.done(undefined, { path, sha256: hash, verified: true }, "hash verified");
    return { bytes, sha256: hash, already: false, resumedAt: 0 };
  } catch (error) {
    const told = asTold(error, path, force);
    bar.failed(messageOf(told), { path });
    throw signal.aborted ? new Stopped() : told;
  }
}

function asTold(error: unknown, path: string, force: boolean): unknown {
  if (error instanceof Refused && error.code === "exists" && !force) return new Refused(error.code, whyTaken(path));
  if (!(error instanceof Passing)) return error;
  return new LocalTrouble(`${error.message}; what came out of a pipe cannot be sent again`);
}

async function put(
  conn: FilesConnection,
  path: string,
  overwrite: boolean,
  open: () => Pipe,
  at: (sent: number) => void,
): Promise<{ bytes: number; hash: string }> {
  const { outgoing } = await Outgoing.begin(conn, { path, overwrite });
  const { source, stop } = open();
  // Nobody waits for the rest of a pipe that cannot be sent.
  outgoing.onBroken = stop;
  const hasher = sha256();
  let sent = 0;
  for await (const piece of pieces(source, outgoing)) {
    for (let from = 0; from < piece.length; from += conn.chunk) {
      const bytes = piece.subarray(from, from + conn.chunk);
      const frame = new ChunkFrame(bytes.length);
      frame.room.set(bytes);
      hasher.update(bytes);
      await outgoing.send(frame, sent, bytes.length);
      sent += bytes.length;
      at(sent);
    }
  }
  outgoing.onBroken = null;
  const hash = hashSoFar(hasher);
  await outgoing.end({ size: sent, sha256: hash });
  return { bytes: sent, hash };
}

/** What comes out of a pipe; where the server breaks off meanwhile, that is the error. */
async function* pieces(source: Pipe["source"], outgoing: Outgoing): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    outgoing.check();
    const why = messageOf(error);
    throw new LocalTrouble(`what is to be put cannot be read: ${escapeText(why)}`, { cause: error });
  }
  outgoing.check();
}

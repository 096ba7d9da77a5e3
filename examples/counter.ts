import type { Peer } from "./tincan.d.ts";

// Frames in, frames out: each begins with its length, as Python's struct.pack("!I", length) writes it.
export default async function counter(peer: Peer) {
  let count = 0;
  for await (const body of peer.frames()) await peer.writeFrame(`${++count}: ${body.length} bytes`);
}

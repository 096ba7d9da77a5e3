import type { Peer } from "./tincan.d.ts";

// tincan run examples/shout.ts, and in another terminal: nc 127.0.0.1 9000
export default async function shout(peer: Peer) {
  await peer.write("Say something.\n");
  for await (const line of peer.lines()) await peer.write(`${line.toUpperCase()}!\n`);
}

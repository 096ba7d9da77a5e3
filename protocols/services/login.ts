import type { Credentials, Gate, Login, PeerAddress } from "../../src/accounts/gate.ts";

/** Checks a login. A password in the clear is refused before it is looked at, so that nobody learns whether it was right. */
export function login(gate: Gate, credentials: Credentials, peer: PeerAddress, door: string): Promise<Login> {
  const message = gate.refusesPlain(peer);
  if (message !== null) return Promise.resolve({ ok: false, code: "plain-password", message });
  return gate.login(credentials, peer, door);
}

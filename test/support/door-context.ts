import { OpenGate } from "./open-gate.ts";

/** What a door's context has in a daemon without files, accounts and certificate. */
export const withoutFiles = {
  gate: new OpenGate(new Set(["read"])),
  vault: null,
  site: null,
  announces: false,
  listenTls: [],
  tls: null,
  pageFor: () => null,
  reachFor: (host: string) => ({ host, framed: null, ftp: null, http: null }),
  rootsForOthers: () => [],
  doorNames: () => [],
  basePort: 0,
  operations: { status: () => ({}), transfers: () => [], metrics: async () => "", notReady: () => null },
} as const;

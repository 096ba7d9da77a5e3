import { test } from "bun:test";
import { spawnSync } from "node:child_process";
import { appendFileSync } from "node:fs";

/** A client that people already have. Its tests run the real program, or are skipped by name where it is missing. */
export interface Client {
  readonly name: ClientName;
  /** The program. Throws where it is missing. */
  readonly path: string;
  /** Bun's `test`, for a test that needs this client. */
  readonly test: (title: string, body: () => Promise<void>, ms?: number) => void;
  /** Counts answers that this client got and that were checked. `scripts/test.ts` prints the sum. */
  exchanged(count?: number): void;
}

export type ClientName = keyof typeof CANDIDATES;

/** Program names to try, and what its own words must contain: several programs are called nc, and several telnet. */
const CANDIDATES = {
  nc: { programs: ["nc.openbsd", "nc"], ask: "-h", says: "OpenBSD netcat" },
  telnet: { programs: ["inetutils-telnet", "telnet"], ask: "--version", says: "GNU inetutils" },
  ncat: { programs: ["ncat"], ask: "--version", says: "Ncat" },
  socat: { programs: ["socat"], ask: "-V", says: "socat version" },
  node: { programs: ["node"], ask: "--version", says: "v" },
  python3: { programs: ["python3"], ask: "--version", says: "Python 3" },
  curl: { programs: ["curl"], ask: "--version", says: "curl" },
  bash: { programs: ["bash"], ask: "--version", says: "GNU bash" },
  openssl: { programs: ["openssl"], ask: "version", says: "OpenSSL" },
  lftp: { programs: ["lftp"], ask: "--version", says: "LFTP" },
  ncftp: { programs: ["ncftp3", "ncftp"], ask: "--version", says: "NcFTP 3" },
  ncftpget: { programs: ["ncftpget"], ask: "--version", says: "NcFTPGet 3" },
  ncftpput: { programs: ["ncftpput"], ask: "--version", says: "NcFTPPut 3" },
  ncftpls: { programs: ["ncftpls"], ask: "--version", says: "NcFTPLs 3" },
  tnftp: { programs: ["tnftp"], ask: "-?", says: "tnftp" },
  ftp: { programs: ["inetutils-ftp", "ftp"], ask: "--version", says: "GNU inetutils" },
  wget: { programs: ["wget"], ask: "--version", says: "GNU Wget" },
  haproxy: { programs: ["haproxy"], ask: "-v", says: "HAProxy version" },
  nginx: { programs: ["nginx"], ask: "-v", says: "nginx version" },
  chromium: { programs: ["chromium", "chromium-browser", "google-chrome"], ask: "--version", says: "Chrom" },
  firefox: { programs: ["firefox-esr", "firefox"], ask: "--version", says: "Mozilla Firefox" },
  zbarimg: { programs: ["zbarimg"], ask: "--help", says: "bar code" },
  wrk: { programs: ["wrk"], ask: "-v", says: "wrk" },
  expect: { programs: ["expect"], ask: "-v", says: "expect version" },
} as const;

/**
 * Finds a client. With `TINCAN_REQUIRE_CLIENTS=1` a test whose client is missing fails, so that nobody takes a skipped
 * proof for a proof.
 */
export function client(name: ClientName): Client {
  const path = find(name);
  if (path === null) return missing(name);
  return {
    name,
    path,
    test: (title, body, ms) => test(title, body, ms),
    exchanged: (count = 1) => record(`exchange ${name} ${count}`),
  };
}

function find(name: ClientName): string | null {
  const { programs, ask, says } = CANDIDATES[name];
  for (const program of programs) {
    const path = Bun.which(program);
    if (path === null) continue;
    const told = spawnSync(path, [ask], { encoding: "utf8" });
    if (`${told.stdout}${told.stderr}`.includes(says)) return path;
  }
  return null;
}

function missing(name: ClientName): Client {
  const fail = (): never => {
    throw new Error(`${name} is not installed; TINCAN_REQUIRE_CLIENTS=1 wants every client`);
  };
  const required = process.env["TINCAN_REQUIRE_CLIENTS"] === "1";
  if (!required) record(`missing ${name}`);
  return {
    name,
    get path() {
      return fail();
    },
    test: required ? (title) => test(title, fail) : (title, body) => test.skip(title, body),
    exchanged: fail,
  };
}

/** Tells `scripts/test.ts`, which names a file for it; test files run in several processes. */
function record(line: string): void {
  const ledger = process.env["TINCAN_TEST_LEDGER"];
  if (ledger !== undefined) appendFileSync(ledger, `${line}\n`);
}

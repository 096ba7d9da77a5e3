import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsContext } from "../../src/net/tls.ts";

const file = (name: string) => readFileSync(join(import.meta.dir, "tls", name), "utf8");

/** A certificate for localhost, 127.0.0.1 and ::1 that signs itself and is good for tests only. */
export const testCertificate: TlsContext = { cert: file("localhost.crt"), key: file("localhost.key") };

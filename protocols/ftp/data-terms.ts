import type { TlsContext } from "../../src/net/tls.ts";
import type { DataSource } from "./data-source.ts";
import type { FtpHost } from "./host.ts";
import { Refusal } from "./refusal.ts";

/** What a client has said of its data connections: where the next comes from, and whether it is encrypted. */
export class DataTerms {
  /** EPSV ALL: there is no other way to one from now on (RFC 2428, section 4). */
  onlyEpsv = false;
  /** PBSZ came, which PROT has to wait for (RFC 2228, section 3). */
  hasBufferSize: boolean;
  private source: DataSource | null = null;

  constructor(
    private readonly host: Pick<FtpHost, "requireTls" | "tls">,
    /** PROT P: they are encrypted. */
    public isPrivate: boolean,
  ) {
    this.hasBufferSize = isPrivate;
  }

  /** The certificate, where they are encrypted. */
  get tls(): TlsContext | null {
    return this.isPrivate ? this.host.tls : null;
  }

  /** The next one comes from there. */
  use(source: DataSource | null): void {
    this.source?.drop();
    this.source = source;
  }

  /** Where the next one comes from. @throws Refusal when nothing was said of it, or it would not be safe */
  need(): DataSource {
    if (this.source === null) throw new Refusal(425, "say PASV, EPSV, PORT or EPRT first");
    if (this.isPrivate || !this.host.requireTls) return this.source;
    throw new Refusal(521, "this server takes no data in the clear; say PROT P first");
  }

  /** The same, for one transfer alone. @throws Refusal */
  take(): DataSource {
    const source = this.need();
    this.source = null;
    return source;
  }
}

/** A certificate chain and its key, in PEM. */
export interface TlsContext {
  readonly cert: string;
  readonly key: string;
}

/** What a finished TLS handshake agreed on. */
export interface TlsInfo {
  /** "TLSv1.3", "TLSv1.2". */
  readonly version: string;
  readonly cipher: string;
}

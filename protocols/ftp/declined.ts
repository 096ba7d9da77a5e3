/** Commands of the RFCs that are not there, and why: they are answered 502 with that. */
export const declined: ReadonlyMap<string, string> = new Map([
  ["SMNT", "there is one tree of files, and nothing to mount"],
  ["ADAT", "TLS needs no data beyond its own handshake"],
  ["MIC", "the control connection is encrypted by TLS as a whole"],
  ["CONF", "the control connection is encrypted by TLS as a whole"],
  ["ENC", "the control connection is encrypted by TLS as a whole"],
  ["LANG", "replies are in English"],
  ["LPRT", "EPRT does the same"],
  ["LPSV", "EPSV does the same"],
]);

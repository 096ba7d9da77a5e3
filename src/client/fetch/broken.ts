import { quote } from "../../bytes/text.ts";
import { codeOf, messageOf } from "../../thrown.ts";
import { FetchFailure } from "./failure.ts";

const TRUST = "give --ca FILE, or --insecure to trust whoever answers";
const UNKNOWN_AUTHORITY = `its certificate comes from an authority that this machine does not know; ${TRUST}`;
const OWN_AUTHORITY = `its certificate signs itself, so nobody vouches for it; ${TRUST}`;

/** Reasons by the code of the system, of TLS or of the HTTP parser, and whether it may pass. */
const REASONS: Readonly<Record<string, readonly [reason: string, mayPass: boolean]>> = {
  ECONNREFUSED: ["nobody listens there", true],
  ENOTFOUND: ["there is no host of that name", true],
  EAI_AGAIN: ["the name server does not answer", true],
  ENETUNREACH: ["there is no route to that network", true],
  EHOSTUNREACH: ["there is no route to that host", true],
  ETIMEDOUT: ["no answer came", true],
  ECONNRESET: ["the connection broke", true],
  EPIPE: ["the connection broke", true],
  HPE_HEADER_OVERFLOW: ["the head of the answer is too long", false],
  HPE_UNEXPECTED_CONTENT_LENGTH: ["the answer names two lengths", false],
  DEPTH_ZERO_SELF_SIGNED_CERT: [OWN_AUTHORITY, false],
  SELF_SIGNED_CERT_IN_CHAIN: [UNKNOWN_AUTHORITY, false],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [UNKNOWN_AUTHORITY, false],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [UNKNOWN_AUTHORITY, false],
  CERT_HAS_EXPIRED: ["its certificate has expired", false],
  ERR_SSL_WRONG_VERSION_NUMBER: ["it does not speak TLS there; perhaps it is an http URL", false],
  ERR_TLS_CERT_ALTNAME_INVALID: ["its certificate is another host's", false],
};

/** What basic-ftp says without a code. */
const SENTENCES: readonly (readonly [words: RegExp, reason: string])[] = [
  [/^Timeout/, "nothing came for too long"],
  [/FIN packet|closed connection|transmission error/, "the connection broke"],
  [/exceeded maximum allowed size/, "an answer of the server does not end"],
];

/** What ended a connection, as a reason. */
export function brokenFailure(error: unknown): FetchFailure {
  if (error instanceof FetchFailure) return error;
  const code = codeOf(error);
  const known = REASONS[code];
  if (known) return new FetchFailure(...known, { cause: error });
  if (code.startsWith("HPE_")) return new FetchFailure("that is no answer in HTTP", false, { cause: error });
  const message = messageOf(error);
  const sentence = SENTENCES.find(([words]) => words.test(message));
  return new FetchFailure(sentence?.[1] ?? quote(message, 200), true, { cause: error });
}

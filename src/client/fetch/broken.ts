import { quote } from "../../bytes/text.ts";
import { FetchFailure } from "./failure.ts";

const UNKNOWN_AUTHORITY = "its certificate comes from an authority that this machine does not know";

/** Reasons by the code of the system, of TLS or of the HTTP parser, and when to try again. */
const REASONS: Readonly<Record<string, readonly [reason: string, again: FetchFailure["again"]]>> = {
  ECONNREFUSED: ["nobody listens there", "begun"],
  ENOTFOUND: ["there is no host of that name", "begun"],
  EAI_AGAIN: ["the name server does not answer", "begun"],
  ENETUNREACH: ["there is no route to that network", "begun"],
  EHOSTUNREACH: ["there is no route to that host", "begun"],
  ETIMEDOUT: ["no answer came", "begun"],
  ECONNRESET: ["the connection broke", "always"],
  EPIPE: ["the connection broke", "always"],
  HPE_HEADER_OVERFLOW: ["the head of the answer is too long", "never"],
  HPE_UNEXPECTED_CONTENT_LENGTH: ["the answer names two lengths", "never"],
  DEPTH_ZERO_SELF_SIGNED_CERT: ["its certificate signs itself, so nobody vouches for it", "never"],
  SELF_SIGNED_CERT_IN_CHAIN: [UNKNOWN_AUTHORITY, "never"],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [UNKNOWN_AUTHORITY, "never"],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [UNKNOWN_AUTHORITY, "never"],
  CERT_HAS_EXPIRED: ["its certificate has expired", "never"],
  ERR_TLS_CERT_ALTNAME_INVALID: ["its certificate is another host's", "never"],
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
  const { code, message } = error as NodeJS.ErrnoException;
  const known = REASONS[code ?? ""];
  if (known) return new FetchFailure(...known, { cause: error });
  if (code?.startsWith("HPE_")) return new FetchFailure("that is no answer in HTTP", "never", { cause: error });
  const sentence = SENTENCES.find(([words]) => words.test(message));
  return new FetchFailure(sentence?.[1] ?? quote(message, 200), sentence ? "always" : "begun", { cause: error });
}

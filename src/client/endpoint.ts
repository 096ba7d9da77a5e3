import { quote } from "../bytes/text.ts";
import { CommandError, Exit } from "../exit.ts";
import type { Target } from "../net/address.ts";
import { codeOf, messageOf } from "../thrown.ts";
import { formatTarget, unreachable } from "./target.ts";
import { NotTrusted, type Trust } from "./trust.ts";
import type { ForeignProtocol } from "./wire.ts";

/** What a hello says of an account. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Where a server is, and as whom to come. */
export interface Endpoint {
  readonly target: Target;
  /** Null: without TLS. */
  readonly trust: Trust | null;
  /** Null: as nobody in particular. */
  readonly login: Credentials | null;
}

/** Why there is no connection, in one sentence; one that is not trusted will not be by another try either. */
export function notConnected({ target, trust }: Pick<Endpoint, "target" | "trust">, error: unknown): CommandError {
  return trust === null ? unreachable(target, error) : untrusted(target, error);
}

/** Who answers is no framed door, or one that is spoken to by TLS. @param what what needs one, and its verb: "chat needs" */
export function notFramed({ target }: Pick<Endpoint, "target">, what: string, cause: ForeignProtocol): CommandError {
  const where = formatTarget(target);
  const hint = `${what} the framed door, which is port 8400, and 8401 with --tls, by default`;
  const why = cause.tls ? `${where} speaks TLS, so add --tls` : `${where} does not speak tincan's frames`;
  return new CommandError(Exit.failed, `${why}; ${hint}`, { cause });
}

/** Whether another try would meet the same certificate and fail again. */
export function isUntrusted(error: unknown): boolean {
  return error instanceof NotTrusted || CERTIFICATE.test(codeOf(error));
}

const CERTIFICATE = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_)/;

/** What is wrong with TLS, and what to do about it. */
function untrusted(target: Target, error: unknown): CommandError {
  const code = codeOf(error);
  const message = messageOf(error);
  const fail = (why: string) =>
    new CommandError(Exit.failed, `cannot trust ${formatTarget(target)}: ${why}`, { cause: error });
  if (error instanceof NotTrusted) return fail(`${message}; somebody may sit between, or it has a new one`);
  if (CERTIFICATE.test(code)) {
    const how = "give --fingerprint with what the server printed, --ca FILE, or --insecure to trust whoever answers";
    return fail(`${quote(message, 200)}; ${how}`);
  }
  if (code === "ECONNREFUSED") {
    const how = "the server needs --tls-self-signed or --tls-cert for that, or leave out --tls";
    return new CommandError(Exit.failed, `cannot reach ${formatTarget(target)}: nobody listens for TLS there; ${how}`, {
      cause: error,
    });
  }
  if (!code.startsWith("ERR_SSL")) return unreachable(target, error);
  return fail(`it does not speak TLS there (${quote(message, 100)}); the port for TLS is 8401 by default`);
}

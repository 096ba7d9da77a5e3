/**
 * Why the vault did not do something: a closed list, published by the doors.
 *
 * - `bad-path`: the path cannot be one (`..`, a control byte, too long, …)
 * - `not-found`, `exists`, `not-a-file`, `not-a-folder`, `not-empty`
 * - `denied`: this visitor may not, or the system does not let the daemon
 * - `no-space`: the disk is full or nearly; `quota`: the share has as much as it may
 * - `too-many`: more unfinished uploads than one visitor may leave, or more open files than it, or the daemon, may have
 * - `changed`: the file is not the one that was asked about, or became another while it was sent
 * - `replaced`: another connection took this upload over
 * - `incomplete`: the upload has not the size that was announced; what is there is kept
 * - `bad-hash`: what arrived is not what was sent; it is deleted
 * - `nothing-to-resume`: no earlier try has left so many bytes
 * - `bad-range`: the file is shorter than where it should begin
 * - `cancelled`: the connection ended, or somebody stopped it
 * - `failed`: the disk or the system failed; the log tells how
 */
export type VaultCode =
  | "bad-path"
  | "not-found"
  | "exists"
  | "not-a-file"
  | "not-a-folder"
  | "not-empty"
  | "denied"
  | "no-space"
  | "quota"
  | "too-many"
  | "changed"
  | "replaced"
  | "incomplete"
  | "bad-hash"
  | "nothing-to-resume"
  | "bad-range"
  | "cancelled"
  | "failed";

/** The vault refused. `message` is one sentence for a person, with names quoted and escaped, without a full stop. */
export class VaultError extends Error {
  override readonly name = "VaultError";

  constructor(
    readonly code: VaultCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** `denied` for want of a right that an account may have; any other is refused to everybody. */
export class NoRightError extends VaultError {
  constructor(message: string) {
    super("denied", message);
  }
}

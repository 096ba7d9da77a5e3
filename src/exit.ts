/** What the process tells its caller: the numbers of BSD's sysexits(3), and 1 for a client whose work failed. */
export const Exit = {
  ok: 0,
  /** A client command whose work failed in whole or part. */
  failed: 1,
  /** An unknown flag, a bad value, a wrong argument. */
  usage: 64,
  /** A port is taken, an address is not this machine's, or there is no daemon to ask. */
  unavailable: 69,
  /** A defect of tincan's own. */
  software: 70,
  cannotCreate: 73,
  noPermission: 77,
  /** The configuration file or the environment is wrong, or settings do not fit together. */
  config: 78,
} as const;

export type ExitCode = (typeof Exit)[keyof typeof Exit];

/**
 * Why a command cannot go on. `message` is one sentence for a person, with quoted values escaped and without a full
 * stop; `src/main.ts` prints it behind `tincan: ` and exits with `code`.
 */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    readonly code: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

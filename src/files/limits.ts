const DAY_MS = 24 * 60 * 60 * 1000;

/** The bounds that the vault keeps for every door. */
export const fileLimits = {
  /** Bytes of a name in UTF-8: what Linux's file systems take. */
  name: 255,
  /** Bytes of a whole path in UTF-8, below what the system takes with the root in front. */
  path: 4_000,
  /** An unfinished upload is kept for so long after its last byte. */
  partMs: 7 * DAY_MS,
  /** One that cannot be resumed is left only when the daemon was killed; nothing that still runs is silent for so long. */
  orphanMs: DAY_MS / 24,
  /** Unfinished uploads that one account or address may have, those that run included. */
  partsOfOne: 256,
  /** Of whoever has so many, one that nobody has touched for so long gives way to the next. */
  restMs: DAY_MS / 24,
  /** Files that one connection may rename or delete because it uploaded them. */
  own: 10_000,
  /** Entries of a listing that are handled, and told, in one piece. */
  batch: 500,
  /** Names of a folder that are sorted before they are told; a larger one is told as the disk has it. */
  sorted: 10_000,
} as const;

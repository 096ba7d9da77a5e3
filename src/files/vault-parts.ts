import type { Census } from "./census.ts";
import type { Descriptors } from "./descriptors.ts";
import type { Hasher } from "./hashing.ts";
import type { Incoming } from "./incoming.ts";
import type { Jail } from "./jail.ts";
import type { Listing } from "./listing.ts";
import type { Name } from "./naming.ts";
import type { PartCount } from "./part-count.ts";
import type { Resting } from "./resting.ts";
import type { Space } from "./space.ts";
import type { Transfers } from "./transfers.ts";
import type { VaultEvent } from "./vault.ts";

/** What all who use a vault share. */
export interface VaultParts {
  readonly jail: Jail;
  readonly listing: Listing;
  readonly space: Space;
  readonly hasher: Hasher;
  readonly parts: PartCount;
  readonly census: Census;
  readonly transfers: Transfers;
  readonly descriptors: Descriptors;
  readonly dotfiles: boolean;
  /** Uploads that run, by the folder and name of their part, so that a newer one can take over. */
  readonly arriving: Map<string, Incoming>;
  /** Copies that are being made of files that shall be changed. */
  readonly copying: Set<Name>;
  readonly resting: Resting;
  tell(event: VaultEvent): void;
  /** As of the vault itself. */
  watch(listener: (event: VaultEvent) => void): () => void;
}

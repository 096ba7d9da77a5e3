import type { Visitor } from "../accounts/visitor.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Access } from "./access.ts";
import { Census } from "./census.ts";
import type { Descriptors } from "./descriptors.ts";
import { DiskAccess } from "./disk-access.ts";
import { Hasher } from "./hashing.ts";
import type { Incoming } from "./incoming.ts";
import { Jail } from "./jail.ts";
import { Listing } from "./listing.ts";
import type { OwnFiles } from "./own-files.ts";
import { PartCount } from "./part-count.ts";
import { PartFile } from "./part-file.ts";
import { Resting } from "./resting.ts";
import { Space, type SpaceLimits } from "./space.ts";
import type { Transfers } from "./transfers.ts";
import { UnservedNames } from "./unserved-names.ts";
import type { Vault, VaultEvent } from "./vault.ts";
import type { VaultParts } from "./vault-parts.ts";

export interface VaultOptions extends SpaceLimits {
  /** The real path of the folder that is shared. */
  readonly root: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly transfers: Transfers;
  readonly descriptors: Descriptors;
  /** List and serve names that begin with a dot. */
  readonly dotfiles: boolean;
}

/** The vault on this machine's disk. */
export class DiskVault implements Vault {
  private readonly watchers = new Set<(event: VaultEvent) => void>();
  private readonly shared: VaultParts;
  private readonly root: string;
  private readonly log: Log;
  private closing: Promise<void> | null = null;

  /** @throws system errors when the root cannot be opened */
  constructor({ root, clock, log, transfers, descriptors, dotfiles, minFree, quota }: VaultOptions) {
    this.root = root;
    this.log = log;
    const jail = new Jail(root, dotfiles);
    const parts = new PartCount(clock);
    const space = new Space({ minFree, quota }, clock);
    const arriving = new Map<string, Incoming>();
    this.shared = {
      jail,
      listing: new Listing(jail, dotfiles, clock, new UnservedNames(log, clock)),
      space,
      hasher: new Hasher(),
      parts,
      census: new Census({ jail, parts, space, clock, isArriving: (id) => arriving.has(id) }),
      transfers,
      descriptors,
      dotfiles,
      arriving,
      copying: new Set(),
      resting: new Resting(clock),
      tell: (event) => this.tell(event),
      watch: (listener) => this.watch(listener),
    };
  }

  enter(visitor: Visitor, door: string, own?: OwnFiles): Access {
    return new DiskAccess(this.shared, visitor, door, own);
  }

  watch(listener: (event: VaultEvent) => void): () => void {
    this.watchers.add(listener);
    return () => void this.watchers.delete(listener);
  }

  /** Whether the folder is at its path. Another one that is there by now is served from then on. */
  async isHealthy(): Promise<boolean> {
    const { jail, space, census } = this.shared;
    const found = await jail.look();
    if (found !== "another") return found === "root";
    this.log.warn("another-folder", { path: this.root });
    space.forget();
    census.restart();
    return true;
  }

  /** Connections have left; what has come whole and is getting its name still gets it. Safe to call twice. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** What a watcher throws is no business of whoever made the change, which has happened. */
  private tell(event: VaultEvent): void {
    for (const watcher of this.watchers) {
      try {
        watcher(event);
      } catch (error) {
        this.log.error("watcher-failed", { kind: event.kind, error: String(error) });
      }
    }
  }

  private async end(): Promise<void> {
    const { census, arriving, copying, resting, hasher, jail } = this.shared;
    census.stop();
    resting.close();
    for (const { folder, name } of copying) {
      try {
        // It cannot be stopped, and nobody waits for it any more: what it goes on writing to has no name.
        PartFile.remove(folder, name);
      } catch {
        // A disk that lets nothing be deleted now: it is looked after like what a killed daemon leaves.
      }
    }
    await Promise.all(Array.from(arriving.values(), (upload) => upload.settled));
    hasher.close();
    jail.close();
  }
}

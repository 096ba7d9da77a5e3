import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Permission } from "../../src/accounts/permission.ts";
import { stranger } from "../../src/accounts/stranger.ts";
import type { Visitor } from "../../src/accounts/visitor.ts";
import { systemClock } from "../../src/clock.ts";
import type { Access, WriteOptions } from "../../src/files/access.ts";
import { DiskVault, type VaultOptions } from "../../src/files/disk-vault.ts";
import { VaultError } from "../../src/files/error.ts";
import { Transfers } from "../../src/files/transfers.ts";
import type { VaultEvent } from "../../src/files/vault.ts";
import { silentLog } from "../../src/log.ts";
import { TempFolder } from "../support/temp.ts";

/** A folder that is shared by a vault, and somebody who looks at it. */
export class Share implements AsyncDisposable {
  readonly folder = new TempFolder();
  readonly transfers = new Transfers(systemClock);
  readonly vault: DiskVault;
  readonly events: VaultEvent[] = [];
  /** Places for descriptors that are taken now. */
  open = 0;

  constructor(o: Partial<VaultOptions> = {}) {
    const descriptors = {
      take: (count: number) => {
        this.open += count;
        return true;
      },
      give: (count: number) => {
        this.open -= count;
      },
    };
    this.vault = new DiskVault({
      root: this.folder.path,
      clock: systemClock,
      log: silentLog,
      transfers: this.transfers,
      descriptors,
      dotfiles: false,
      minFree: 0,
      quota: null,
      ...o,
    });
    this.vault.watch((event) => this.events.push(event));
  }

  enter(rights: readonly Permission[] = ["read", "upload", "write"], o: { host?: string; home?: string } = {}): Access {
    return this.vault.enter(visitor(rights, o), "test");
  }

  file(name: string): string {
    return this.folder.file(name);
  }

  put(name: string, text: string | Uint8Array): string {
    const path = this.file(name);
    writeFileSync(path, text);
    return path;
  }

  read(name: string): string {
    return readFileSync(this.file(name), "utf8");
  }

  /** All names in a folder of the disk, hidden ones too. */
  names(folder = ""): string[] {
    return readdirSync(join(this.folder.path, folder)).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.vault.close();
    this.folder[Symbol.dispose]();
  }
}

export function visitor(rights: readonly Permission[], o: { host?: string; home?: string } = {}): Visitor {
  const host = o.host ?? "10.0.0.5";
  const peer = { host, key: host, loopback: false, encrypted: false };
  return { ...stranger(peer, new Set(rights)), home: o.home ?? "/" };
}

/** Uploads a text in one piece. */
export async function store(access: Access, path: string, text: string, o: WriteOptions = {}) {
  const upload = await access.write(path, o);
  upload.write(Buffer.from(text));
  return upload.commit();
}

/** The code with which the vault refused. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (error instanceof VaultError) return error.code;
  throw error ?? new Error("it was not refused");
}

/** The names in a folder as they are listed. */
export async function listed(access: Access, path = "/"): Promise<string[]> {
  const names: string[] = [];
  for await (const batch of access.entries(path)) names.push(...batch.map(({ name }) => name));
  return names;
}

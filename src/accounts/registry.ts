import type { Clock } from "../clock.ts";
import { codeOf } from "../thrown.ts";
import { type Account, accountKey } from "./account.ts";
import type { AccountsFile } from "./accounts-file.ts";
import type { Ban } from "./ban.ts";
import { databaseInode } from "./database-path.ts";
import type { LoginTable } from "./login-table.ts";

/** How often a change is looked for that nobody told of, in milliseconds. */
const LOOK_MS = 1_000;
/** The daemon's loop does not wait for a process that holds the file: it tries again a second later. */
const BUSY_MS = 50;

export interface RegistryOptions {
  /** The state folder. */
  readonly folder: string;
  readonly clock: Clock;
  /** Told of the bans whenever they may have changed. */
  onBans(bans: readonly Ban[]): void;
  /** Told when accounts may have changed, from within whatever asked for one. */
  onAccounts?(): void;
  /** The file could not be read or written; what was known before goes on to count. */
  onFault(error: unknown): void;
}

/**
 * The accounts and bans of a state folder as they are at this moment, in a daemon. Commands change the file in processes
 * of their own; SQLite's `data_version` tells of that for 1 µs, so that it is asked at every use. Without a file there is
 * nobody, and neither the file nor SQLite (4 MB) is touched.
 */
export class Registry {
  private file: AccountsFile | null = null;
  /** Which file is open: another one may have taken its place. */
  private inode = 0;
  private version = -1;
  private accounts: ReadonlyMap<string, Account> = new Map();
  private byId: ReadonlyMap<number, Account> = new Map();
  private banned: readonly Ban[] = [];
  /** Bans that could not be written yet. */
  private unwritten: readonly Ban[] = [];
  private stopLooking: () => void = () => {};
  private lastFault = "";

  constructor(private readonly o: RegistryOptions) {}

  /** Reads the file if there is one. Rejects when it cannot, so that nobody relies on bans that are not known. */
  async open(): Promise<void> {
    try {
      await this.attach();
      this.load();
    } catch (error) {
      const { databaseError } = await import("./database.ts");
      // A folder that this user may not enter is not this daemon's: it goes on as without one, and the next look tells so.
      if (codeOf(error) !== "EACCES") throw databaseError(error, this.o.folder);
    }
    this.lookLater();
  }

  close(): void {
    this.stopLooking();
    this.stopLooking = () => {};
    this.detach();
  }

  /** Whether nobody has an account. */
  get empty(): boolean {
    this.look();
    return this.accounts.size === 0;
  }

  /** The account of that name. */
  find(name: string): Account | null {
    this.look();
    return this.accounts.get(accountKey(name)) ?? null;
  }

  /** The account that had this id, unless it was removed. */
  get(id: number): Account | null {
    this.look();
    return this.byId.get(id) ?? null;
  }

  /** Does something with the logins that are remembered; null when there is no file, or it cannot be used now. */
  withLogins<T>(work: (table: LoginTable) => T): T | null {
    try {
      return this.file === null ? null : work(this.file.logins);
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /** Those that have not ended. */
  bans(): readonly Ban[] {
    this.look();
    const now = this.o.clock.now();
    return [...this.banned, ...this.unwritten].filter(({ until }) => until === null || until > now);
  }

  /** Takes over at once what another process has changed, a file that was made or removed included. Never rejects. */
  async refresh(): Promise<void> {
    try {
      await this.attach();
      this.writeLate();
      this.load();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Keeps a network out from now on, also when the file cannot be written. */
  async ban(ban: Ban): Promise<void> {
    const now = this.o.clock.now();
    this.unwritten = [...this.unwritten.filter(({ until }) => until === null || until > now), ban];
    this.tell();
    try {
      if (this.file === null) await this.attach(true);
    } catch (error) {
      this.fail(error);
    }
    await this.refresh();
  }

  private look(): void {
    try {
      if (this.file !== null && this.file.version !== this.version) this.load();
    } catch (error) {
      this.fail(error);
    }
  }

  private lookLater(): void {
    this.stopLooking = this.o.clock.after(LOOK_MS, () => {
      void this.refresh();
      this.lookLater();
    });
  }

  /** Opens the file that has the name now. */
  private async attach(create = false): Promise<void> {
    const inode = databaseInode(this.o.folder);
    if (inode === this.inode && !(create && inode === 0)) return;
    const { AccountsFile } = await import("./accounts-file.ts");
    this.detach();
    this.file = AccountsFile.open(this.o.folder, { create, busyMs: BUSY_MS });
    this.inode = databaseInode(this.o.folder);
  }

  private detach(): void {
    this.file?.[Symbol.dispose]();
    this.file = null;
    this.inode = 0;
    this.version = -1;
  }

  private load(): void {
    const { file } = this;
    const version = file?.version ?? 0;
    if (version === this.version) return;
    const accounts = file?.accounts.all() ?? [];
    this.banned = file?.bans.all(this.o.clock.now()) ?? [];
    this.accounts = new Map(accounts.map((account) => [account.key, account]));
    this.byId = new Map(accounts.map((account) => [account.id, account]));
    this.version = version;
    this.lastFault = "";
    this.tell();
    this.o.onAccounts?.();
  }

  private writeLate(): void {
    if (this.file === null || this.unwritten.length === 0) return;
    for (const ban of this.unwritten) this.file.bans.add(ban);
    this.unwritten = [];
    // SQLite counts the changes of others alone.
    this.version = -1;
  }

  private tell(): void {
    this.o.onBans([...this.banned, ...this.unwritten]);
  }

  /** The same fault is told once, however often it comes. */
  private fail(error: unknown): void {
    const text = String(error);
    if (text === this.lastFault) return;
    this.lastFault = text;
    this.o.onFault(error);
  }
}

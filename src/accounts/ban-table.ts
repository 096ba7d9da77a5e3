import type { Database } from "bun:sqlite";
import type { Ban } from "./ban.ts";

/** Bans of their own accord are never more than this: the oldest that would end anyway make room. */
const MOST_TEMPORARY = 10_000;

/** The bans as they are in the file. Every change is one transaction. */
export class BanTable {
  constructor(private readonly database: Database) {}

  /** Those that have not ended, oldest first. */
  all(now: number): Ban[] {
    return this.database
      .query<Ban, [number]>("SELECT * FROM bans WHERE until IS NULL OR until > ? ORDER BY since, network")
      .all(now);
  }

  /** Keeps a network out, instead of what was said of the very same one before. */
  add({ network, since, until, reason }: Ban): void {
    this.database
      .transaction(() => {
        this.database.run("DELETE FROM bans WHERE until <= ?", [since]);
        this.database.run("INSERT OR REPLACE INTO bans (network, since, until, reason) VALUES (?, ?, ?, ?)", [
          network,
          since,
          until,
          reason,
        ]);
        this.database.run(
          `DELETE FROM bans WHERE network IN
           (SELECT network FROM bans WHERE until IS NOT NULL ORDER BY since DESC, network LIMIT -1 OFFSET ?)`,
          [MOST_TEMPORARY],
        );
      })
      .immediate();
  }

  /** False: that very network was not banned. */
  remove(network: string): boolean {
    return this.database.run("DELETE FROM bans WHERE network = ?", [network]).changes > 0;
  }
}

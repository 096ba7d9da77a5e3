import { joinPath, parentOf } from "../../client/files/address.ts";
import type { FilesConnection } from "../../client/files/connection.ts";
import type { RemoteEntry } from "../../client/files/entry.ts";
import { listAll } from "../../client/files/listing.ts";
import { localName } from "../../client/files/name.ts";
import { Refused } from "../../client/messages.ts";
import type { Failures } from "../files/failures.ts";
import type { Removals } from "./print.ts";

/**
 * So many requests are on their way at a time. Over a line of 50 ms a folder of 3,000 files takes 2.7 s, where one request
 * after the other took 16 s for 300 (measured).
 */
const MOST_ASKED = 64;

/**
 * Deletes on one connection, without waiting for one answer before the next request. The server deletes in the order in
 * which it is asked, so a folder may follow right behind what is in it.
 */
export class Removing {
  /** Answers that are awaited, the oldest first. */
  private readonly asked: Promise<void>[] = [];
  /** Folders in which something is left. */
  private readonly kept = new Set<string>();
  /** Why nothing more can be asked. */
  private broken: unknown = null;

  constructor(
    private readonly conn: FilesConnection,
    private readonly removals: Removals,
    private readonly failures: Failures,
  ) {}

  /** Asks for one thing to be deleted. A refusal is noted; rejects when the connection ends. */
  async one(path: string, type: RemoteEntry["type"]): Promise<void> {
    if (this.asked.length >= MOST_ASKED) await this.asked.shift();
    if (this.broken !== null) throw this.broken;
    this.asked.push(this.ask(path, type));
  }

  /** All in a folder before the folder itself. Without recursion, because trees may be deep. */
  async tree(root: string): Promise<void> {
    const stack: { readonly path: string; readonly isEmpty: boolean }[] = [{ path: root, isEmpty: false }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { path } = top;
      if (top.isEmpty) {
        await this.one(path, "dir");
        continue;
      }
      if (!(await this.isFull(path))) continue;
      stack.push({ path, isEmpty: true });
      for (const { name, type } of await this.list(path)) {
        const below = joinPath(path, localName(name));
        if (type === "dir") stack.push({ path: below, isEmpty: false });
        else await this.one(below, "file");
      }
    }
  }

  /** When all is answered. Rejects when the connection ended first. */
  async settled(): Promise<void> {
    await Promise.all(this.asked.splice(0));
    if (this.broken !== null) throw this.broken;
  }

  private async list(path: string): Promise<readonly RemoteEntry[]> {
    try {
      return (await listAll(this.conn, path)).entries;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.keep(path, error);
      this.kept.add(path);
      return [];
    }
  }

  /**
   * Asks for a folder to be deleted as it is, before anything in it; whether that is refused for what is in it. A link that
   * leads to a folder is listed like one, and goes by itself: what lies elsewhere was not to be deleted.
   */
  private async isFull(path: string): Promise<boolean> {
    try {
      await this.conn.ask("remove", { path });
      this.gone(path, "dir");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === "not-empty") return true;
      this.keep(path, error);
    }
    return false;
  }

  private async ask(path: string, type: RemoteEntry["type"]): Promise<void> {
    try {
      await this.conn.ask("remove", { path });
      this.gone(path, type);
    } catch (error) {
      if (error instanceof Refused) this.keep(path, error);
      else this.broken ??= error;
    }
  }

  private gone(path: string, type: RemoteEntry["type"]): void {
    this.removals.gone(path, type);
    this.failures.succeeded();
  }

  /** A folder in which something is left was told of by that, as answers come in the order of the requests. */
  private keep(path: string, why: Refused): void {
    if (!this.kept.has(path)) this.failures.add(path, why);
    this.kept.add(parentOf(path));
  }
}

import type { FilesEvent } from "../chat/wire.ts";
import { HttpError } from "../lib/http-error.ts";
import { Store } from "../lib/store.ts";
import type { FilesApi } from "./api.ts";
import { type Entry, filterEntries, type Order, sortEntries } from "./entry.ts";
import { parentOf } from "./paths.ts";

/** What is shown of the share. */
export interface Shown {
  readonly path: string;
  /** Null until the first list is there. */
  readonly entries: readonly Entry[] | null;
  /** Why there is no list. */
  readonly problem: Error | null;
  readonly loading: boolean;
}

/** Which entries of the folder are looked at, and in which order. */
interface Arrangement {
  readonly filter: string;
  readonly order: Order;
}

const NO_FILES = new HttpError(404, "no-files", "no files are shared");

/** Changes that come together are fetched together. */
const SETTLE_MS = 120;

/** The folder that is shown, kept as it is on the server. */
export class FilesBrowser {
  readonly shown = new Store<Shown>({ path: "/", entries: null, problem: null, loading: false });
  readonly arrangement = new Store<Arrangement>({ filter: "", order: { by: "name", down: false } });
  #asked = 0;
  /** Milliseconds that the last list needed. */
  #took = 0;
  #settling: ReturnType<typeof setTimeout> | null = null;

  /**
   * @param watch asks to be told of changes in a folder, and no longer of those in the one before
   * @param isShared whether there are files; null while that is not known
   */
  constructor(
    readonly api: FilesApi,
    private readonly watch: (path: string, before: string | null) => void,
    private readonly isShared: () => boolean | null,
  ) {}

  open(path: string): void {
    const before = this.shown.value.path;
    if (path === before) {
      this.refresh();
      return;
    }
    this.shown.set({ path, entries: null, problem: null, loading: false });
    // What was looked for in one folder is not looked for in the next.
    this.arrangement.update((now) => ({ ...now, filter: "" }));
    if (this.isShared() === true) this.watch(path, before);
    void this.#fetch();
  }

  /** Fetches the list again, and asks to be told of changes. */
  refresh(): void {
    if (this.isShared() === true) this.watch(this.shown.value.path, null);
    void this.#fetch();
  }

  /** The list may be another: fetches it soon, and a long one less often. */
  changed(): void {
    if (this.#settling !== null) return;
    this.#settling = setTimeout(
      () => {
        this.#settling = null;
        void this.#fetch();
      },
      Math.max(SETTLE_MS, this.#took * 3),
    );
  }

  /** The server told of a change; most are in other folders than the one that is shown. */
  heard({ path, to }: FilesEvent): void {
    const shown = this.shown.value.path;
    const bears = (changed: string) => parentOf(changed) === shown || `${shown}/`.startsWith(`${changed}/`);
    if (bears(path) || (to !== undefined && bears(to))) this.changed();
  }

  /** The entries as they stand in the list, from top to bottom. */
  get listed(): readonly Entry[] {
    const { filter, order } = this.arrangement.value;
    return sortEntries(filterEntries(this.shown.value.entries ?? [], filter), order);
  }

  has(name: string): boolean {
    return this.shown.value.entries?.some((entry) => entry.name === name) ?? false;
  }

  async #fetch(): Promise<void> {
    const isShared = this.isShared();
    if (isShared === false) this.shown.update((shown) => ({ ...shown, entries: null, problem: NO_FILES }));
    if (isShared !== true) return;
    this.#asked += 1;
    const asked = this.#asked;
    const { path } = this.shown.value;
    this.shown.update((shown) => ({ ...shown, loading: true }));
    const begun = performance.now();
    const found = await this.api.list(path).catch((error: unknown) => error);
    this.#took = performance.now() - begun;
    // Only the latest answer counts.
    if (asked !== this.#asked) return;
    this.shown.update((shown) => {
      if (Array.isArray(found)) return { ...shown, entries: found, problem: null, loading: false };
      // Without the network the last list is better than none.
      if (!(found instanceof HttpError) && shown.entries !== null) return { ...shown, loading: false };
      return { ...shown, entries: null, problem: found as Error, loading: false };
    });
  }
}

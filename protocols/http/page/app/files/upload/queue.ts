import { HttpError } from "../../lib/http-error.ts";
import { Store } from "../../lib/store.ts";
import { join, nameOf, otherName, parentOf } from "../paths.ts";
import { NoThread } from "./hasher.ts";
import { contentRange } from "./pieces.ts";
import { type Means, NotWhole, sendFile } from "./send-file.ts";
import { findLost, isMoving, isUnfinished, type Remembered, type Upload, type UploadState } from "./upload.ts";

export interface QueueOptions extends Means {
  readonly load: () => readonly Remembered[];
  readonly save: (uploads: readonly Remembered[]) => void;
  /** Sentences for what the page itself finds wrong. */
  readonly problems: () => {
    readonly notWhole: string;
    readonly unreadable: string;
    readonly noThread: string;
    readonly refused: (error: HttpError) => string;
  };
  readonly onDone: (upload: Upload) => void;
  /** The account that is logged in, null: none; undefined while that is not known. */
  readonly user: () => string | null | undefined;
  /** The server does not know the login any more. */
  readonly onLoginEnded: () => void;
  /** Size and time of what lies in the share; null if that cannot be told. */
  readonly statOf: (path: string) => Promise<{ readonly size: number; readonly mtime: number } | null>;
}

/** More do not go faster over one line, and a browser opens six connections to one server in all. */
const AT_ONCE = 2;
/** Less is sent again faster than it is asked for. */
const WORTH_REMEMBERING = 1024 * 1024;

const STOP = Symbol("stop");

/** All uploads of this page, two at a time. */
export class UploadQueue {
  readonly uploads = new Store<readonly Upload[]>([]);
  readonly #files = new Map<number, File>();
  readonly #running = new Map<number, AbortController>();
  #id = 0;

  constructor(private readonly options: QueueOptions) {
    for (const remembered of options.load()) this.#insert(remembered, "lost");
    this.userChanged();
  }

  /** Another is logged in now, or nobody: what was begun under another account waits, and what is this one's goes on. */
  userChanged(): void {
    const user = this.options.user();
    if (user === undefined) return;
    for (const upload of this.uploads.value) {
      const { id, state } = upload;
      if (upload.user !== user && (state === "waiting" || isMoving(upload))) this.#halt(id, "held");
      else if (upload.user === user && state === "held") this.#change(id, { state: "waiting" });
      else if (upload.user === user && state === "lost") void this.#askHowFar(upload);
    }
    this.#next();
  }

  /**
   * @param room is told when the file is there
   * @returns the upload's id
   */
  add(file: File, folder: string, room: string | null = null): number {
    const user = this.options.user() ?? null;
    const own = this.uploads.value.filter((upload) => upload.user === user);
    const path = join(folder, file.name.normalize("NFC"));
    // The same file may have been on its way to several folders.
    const here = own.filter((upload) => upload.path === path);
    const lost = findLost(here, file) ?? findLost(own, file);
    const id = lost?.id ?? this.#insert({ path, size: file.size, mtime: file.lastModified, room, user }, "waiting");
    this.#files.set(id, file);
    this.#change(id, { state: "waiting" });
    this.#next();
    return id;
  }

  pause(id: number): void {
    this.#halt(id, "paused");
  }

  /** Sets it going again, whatever stopped it. */
  resume(id: number): void {
    this.#change(id, { state: "waiting", problem: "" });
    this.#next();
  }

  /** Of a file whose name is taken: put it in the other's place, or under another name. */
  replace(id: number): void {
    this.#change(id, { overwrite: true });
    this.resume(id);
  }

  keepBoth(id: number, isTaken: (name: string) => boolean): void {
    const upload = this.#find(id);
    if (upload === undefined) return;
    const folder = parentOf(upload.path);
    this.#change(id, { path: join(folder, otherName(nameOf(upload.path), isTaken)) });
    this.resume(id);
  }

  /** Gives it up, or takes it off the list. */
  remove(id: number): void {
    this.uploads.update((uploads) => uploads.filter((upload) => upload.id !== id));
    this.#files.delete(id);
    this.#stop(id);
    this.#save();
  }

  clearDone(): void {
    this.uploads.update((uploads) => uploads.filter(({ state }) => state !== "done"));
  }

  get isBusy(): boolean {
    return this.uploads.value.some((upload) => isMoving(upload) || upload.state === "waiting");
  }

  #insert(remembered: Remembered, state: UploadState): number {
    this.#id += 1;
    const upload: Upload = {
      ...remembered,
      id: this.#id,
      state,
      sent: 0,
      hashed: 0,
      toHash: remembered.size,
      problem: "",
      sha256: "",
      overwrite: false,
      already: false,
    };
    this.uploads.update((uploads) => [...uploads, upload]);
    this.#save();
    return this.#id;
  }

  #next(): void {
    for (const { id, state, path } of this.uploads.value) {
      if (this.#running.size >= AT_ONCE) return;
      if (state === "waiting" && !this.#isTakingName(path)) void this.#run(id);
    }
  }

  /** The server would take the pieces of two files of one name, size and time for those of one. */
  #isTakingName(path: string): boolean {
    return this.uploads.value.some((upload) => upload.path === path && this.#running.has(upload.id));
  }

  async #run(id: number): Promise<void> {
    const upload = this.#find(id);
    const file = this.#files.get(id);
    if (upload === undefined || file === undefined) return;
    const control = new AbortController();
    this.#running.set(id, control);
    const reports = {
      sent: (sent: number) => this.#change(id, { sent }),
      hashed: (hashed: number, toHash: number) => this.#change(id, { hashed, toHash }),
      phase: (state: UploadState) => control.signal.aborted || this.#change(id, { state }),
    };
    try {
      const resume = upload.sent > 0 || file.size > WORTH_REMEMBERING;
      const sha256 = await sendFile({ ...upload, file, resume }, this.options, reports, control.signal);
      this.#finish(upload, { state: "done", sha256, sent: upload.size });
    } catch (error) {
      if (error === STOP) return;
      const isTaken = error instanceof HttpError && error.code === "exists";
      const sha256 = isTaken ? await this.#sameThere(upload, file) : null;
      if (control.signal.aborted) return;
      if (sha256 === null) this.#fail(id, error);
      else this.#finish(upload, { state: "done", sha256, sent: upload.size, already: true });
    } finally {
      this.#running.delete(id);
      this.#save();
      this.#next();
    }
  }

  #finish(upload: Upload, end: Partial<Upload>): void {
    this.#change(upload.id, end);
    this.#files.delete(upload.id);
    this.options.onDone({ ...upload, ...end });
  }

  /** The hash of the file that has the name, if it is this very file; null if it is another. */
  async #sameThere({ id, path, size }: Upload, file: File): Promise<string | null> {
    const { statOf, hashOf, hasher } = this.options;
    this.#change(id, { state: "checking", hashed: 0, toHash: size });
    if ((await statOf(path))?.size !== size) return null;
    const { whole, stop } = hasher.hash(file, 0, (hashed) => this.#change(id, { hashed }));
    try {
      const [there, own] = await Promise.all([hashOf(path), whole]);
      return there === own ? own : null;
    } catch {
      // It cannot be read: then it is not known to be the same.
      return null;
    } finally {
      stop();
    }
  }

  #fail(id: number, error: unknown): void {
    const problems = this.options.problems();
    if (error instanceof HttpError && error.code === "login-ended") {
      this.#change(id, { state: "held" });
      // The server has taken the cookie back, and would take the next piece of another for nobody's.
      const user = this.#find(id)?.user ?? null;
      for (const upload of this.uploads.value) {
        if (upload.user === user && (upload.state === "waiting" || isMoving(upload))) this.#halt(upload.id, "held");
      }
      this.options.onLoginEnded();
      return;
    }
    if (error instanceof HttpError && error.code === "exists") this.#change(id, { state: "taken" });
    else if (error instanceof HttpError) this.#change(id, { state: "failed", problem: problems.refused(error) });
    else if (error instanceof NotWhole) this.#change(id, { state: "failed", sent: 0, problem: problems.notWhole });
    else if (error instanceof NoThread) this.#change(id, { state: "failed", problem: problems.noThread });
    else this.#change(id, { state: "failed", problem: problems.unreadable });
  }

  /** How much of a lost upload the server has; it is forgotten where the server knows nothing of it. */
  async #askHowFar({ id, path, size, mtime, user }: Upload): Promise<void> {
    const range = contentRange(0, 0, size);
    const request = { path, body: null, range, mtime, digest: null, overwrite: false, user };
    try {
      const { status, offset } = await this.options.put(request, new AbortController().signal, () => {});
      if (status === 409) this.remove(id);
      else if (offset !== null) this.#change(id, { sent: offset });
    } catch {
      // It is asked again before the first piece.
    }
  }

  /** What was uploaded is called otherwise by now. */
  renamed(path: string, to: string): void {
    for (const { id, state } of this.uploads.value.filter((upload) => upload.path === path))
      if (state === "done") this.#change(id, { path: to });
  }

  #halt(id: number, state: "paused" | "held"): void {
    this.#change(id, { state });
    this.#stop(id);
  }

  #stop(id: number): void {
    this.#running.get(id)?.abort(STOP);
  }

  #find(id: number): Upload | undefined {
    return this.uploads.value.find((upload) => upload.id === id);
  }

  #change(id: number, changes: Partial<Upload>): void {
    this.uploads.update((uploads) => uploads.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)));
  }

  #save(): void {
    const worth = this.uploads.value.filter((upload) => isUnfinished(upload) && upload.size > WORTH_REMEMBERING);
    this.options.save(worth.map(({ path, size, mtime, room, user }) => ({ path, size, mtime, room, user })));
  }
}

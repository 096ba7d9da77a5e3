import { HttpError } from "../../lib/http-error.ts";
import { Store } from "../../lib/store.ts";
import { join, nameOf, otherName, parentOf } from "../paths.ts";
import { contentRange } from "./pieces.ts";
import { type Means, NotWhole, sendFile } from "./send-file.ts";
import { findLost, isMoving, isUnfinished, type Remembered, type Upload, type UploadState } from "./upload.ts";

export interface QueueOptions extends Means {
  readonly load: () => readonly Remembered[];
  readonly save: (uploads: readonly Remembered[]) => void;
  /** Sentences for what the page itself finds wrong. */
  readonly problems: () => { readonly notWhole: string; readonly unreadable: string };
  readonly onDone: (upload: Upload) => void;
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
    for (const upload of this.uploads.value) void this.#askHowFar(upload);
  }

  /**
   * @param room is told when the file is there
   * @returns the upload's id
   */
  add(file: File, folder: string, room: string | null = null): number {
    const lost = findLost(this.uploads.value, file);
    const path = join(folder, file.name.normalize("NFC"));
    const id = lost?.id ?? this.#insert({ path, size: file.size, mtime: file.lastModified, room }, "waiting");
    this.#files.set(id, file);
    this.#change(id, { state: "waiting" });
    this.#next();
    return id;
  }

  pause(id: number): void {
    this.#change(id, { state: "paused" });
    this.#stop(id);
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
      problem: "",
      sha256: "",
      overwrite: false,
    };
    this.uploads.update((uploads) => [...uploads, upload]);
    this.#save();
    return this.#id;
  }

  #next(): void {
    for (const { id, state } of this.uploads.value) {
      if (this.#running.size >= AT_ONCE) return;
      if (state === "waiting" && !this.#running.has(id)) void this.#run(id);
    }
  }

  async #run(id: number): Promise<void> {
    const upload = this.#find(id);
    const file = this.#files.get(id);
    if (upload === undefined || file === undefined) return;
    const control = new AbortController();
    this.#running.set(id, control);
    const reports = {
      sent: (sent: number) => this.#change(id, { sent }),
      hashed: (hashed: number) => this.#change(id, { hashed }),
      phase: (state: UploadState) => control.signal.aborted || this.#change(id, { state }),
    };
    try {
      const resume = upload.sent > 0 || file.size > WORTH_REMEMBERING;
      const sha256 = await sendFile({ ...upload, file, resume }, this.options, reports, control.signal);
      this.#change(id, { state: "done", sha256, sent: upload.size });
      this.#files.delete(id);
      this.options.onDone({ ...upload, state: "done", sha256 });
    } catch (error) {
      if (error !== STOP) this.#fail(id, error);
    } finally {
      this.#running.delete(id);
      this.#save();
      this.#next();
    }
  }

  #fail(id: number, error: unknown): void {
    const problems = this.options.problems();
    if (error instanceof HttpError && error.code === "exists") this.#change(id, { state: "taken" });
    else if (error instanceof HttpError) this.#change(id, { state: "failed", problem: error.message });
    else if (error instanceof NotWhole) this.#change(id, { state: "failed", problem: problems.notWhole });
    else this.#change(id, { state: "failed", problem: problems.unreadable });
  }

  /** How much of a lost upload the server has; it is forgotten where the server knows nothing of it. */
  async #askHowFar({ id, path, size, mtime }: Upload): Promise<void> {
    const range = contentRange(0, 0, size);
    const request = { path, body: null, range, mtime, digest: null, overwrite: false };
    try {
      const { status, offset } = await this.options.put(request, new AbortController().signal, () => {});
      if (status === 409) this.remove(id);
      else if (offset !== null) this.#change(id, { sent: offset });
    } catch {
      // It is asked again before the first piece.
    }
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
    this.options.save(worth.map(({ path, size, mtime, room }) => ({ path, size, mtime, room })));
  }
}

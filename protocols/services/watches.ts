import type { Access, Change } from "../../src/files/access.ts";
import { type Asked, sendAnswer } from "./answers.ts";
import type { Channel } from "./channel.ts";
import { encodeMessage } from "./encode.ts";
import type { Why } from "./job.ts";
import type { FilesChanged } from "./messages.ts";
import { told } from "./told.ts";

/** Paths that one connection may watch at a time. */
export const MOST_WATCHES = 64;

const TOO_MANY: Why = { code: "too-many", message: `you watch ${MOST_WATCHES} paths already; unwatch one first` };

/** What one connection is told of the files without asking again. */
export class Watches {
  private readonly ends = new Map<string, () => void>();

  constructor(private readonly channel: Channel) {}

  /** Null: it is watched from now on. @throws VaultError */
  add(asked: Asked, access: Access, path: string): Why | null {
    if (!this.ends.has(path)) {
      if (this.ends.size >= MOST_WATCHES) return TOO_MANY;
      this.ends.set(
        path,
        access.watch(path, (change) => this.tell(change)),
      );
    }
    sendAnswer(this.channel, asked, { ok: true });
    return null;
  }

  remove(asked: Asked, path: string): void {
    this.ends.get(path)?.();
    this.ends.delete(path);
    sendAnswer(this.channel, asked, { ok: true });
  }

  private tell({ kind, path, to, entry }: Change): void {
    const event: FilesChanged = {
      ...{ event: "files", kind, path },
      ...(to !== undefined && { to }),
      ...(entry !== undefined && { entry: told(entry) }),
    };
    this.channel.send(encodeMessage(event));
  }
}

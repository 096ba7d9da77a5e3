import type { FileMark } from "../../../src/files/file-mark.ts";
import { RepeatedReply } from "../wire/repeated-reply.ts";
import type { Reply } from "../wire/reply.ts";

/** Of all answers that are kept; each is counted twice, because it is kept with its head and without. */
const MOST_BYTES = 32 * 1024 * 1024;

interface Kept {
  readonly body: Uint8Array;
  readonly mark: FileMark;
  readonly again: RepeatedReply;
  readonly cost: number;
}

/** A small file as an answer, which the same connection may get again. */
type Again = Reply & { readonly body: Uint8Array; readonly again: RepeatedReply };

/** Answers with small files that were sent a moment ago, for who asks again. The one kept first makes room. */
export class SmallFiles {
  private readonly kept = new Map<string, Kept>();
  private bytes = 0;

  /**
   * What may be answered again to the same request while the file is the same.
   * @param key of the path and everything else that makes the answer
   */
  keep(key: string, reply: Reply & { readonly body: Uint8Array }, mark: FileMark): RepeatedReply {
    const before = this.kept.get(key);
    // The same bytes, and not only the same times: they may have changed within a tick of the clock.
    if (before?.mark.holds() && Buffer.compare(before.body, reply.body) === 0) return before.again;
    this.drop(key);
    const kept: Kept = {
      ...{ body: reply.body, mark, cost: 2 * (reply.body.length + key.length) + 2048 },
      again: repeated(reply, mark),
    };
    this.kept.set(key, kept);
    this.bytes += kept.cost;
    for (const [oldest] of this.kept) {
      if (this.bytes <= MOST_BYTES) break;
      this.drop(oldest);
    }
    return kept.again;
  }

  /** What would be answered now to a request with this key; null when it is not kept, or the file is another by now. */
  find(key: string): Again | null {
    const kept = this.kept.get(key);
    const reply = kept?.again.current ?? null;
    return kept === undefined || reply === null ? null : { ...reply, again: kept.again };
  }

  private drop(key: string): void {
    const kept = this.kept.get(key);
    if (kept === undefined) return;
    this.kept.delete(key);
    this.bytes -= kept.cost;
    kept.again.forget();
  }
}

/**
 * The file is looked at once in a turn of the loop: what asks in the same turn had asked before the look, so that nobody who
 * has changed a file gets what was in it before.
 */
function repeated(reply: Reply & { readonly body: Uint8Array }, mark: FileMark): RepeatedReply {
  let held: boolean | null = null;
  const forget = () => {
    held = null;
  };
  return new RepeatedReply(reply, () => {
    if (held === null) {
      held = mark.holds();
      setImmediate(forget);
    }
    return held;
  });
}

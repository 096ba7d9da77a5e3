import type { Charset } from "../../../src/bytes/charset.ts";
import type { Entry } from "../../../src/files/entry.ts";
import type { Pieces } from "../listing/pieces.ts";
import type { Reply } from "../reply.ts";
import type { DataChannel } from "./channel.ts";
import type { Cargo } from "./transfer.ts";

/** A list on its way to the client, piece by piece: a folder of 100,000 files is never whole in memory. */
export class ListCargo implements Cargo {
  readonly opening = "Here comes the list";
  private lines = 0;

  constructor(
    /** Closed in any case. */
    private readonly pieces: Pieces,
    /** An entry as a line without its end. */
    private readonly form: (entry: Entry) => string,
    private readonly charset: Charset,
  ) {}

  get progress(): string {
    return `listing: ${this.lines} lines so far`;
  }

  async move(channel: DataChannel): Promise<Reply> {
    for await (const piece of this.pieces) {
      if (piece.length === 0) continue;
      this.lines += piece.length;
      const bytes = this.charset.encodeLossy(piece.map((entry) => `${this.form(entry)}\r\n`).join(""));
      channel.conn.send(bytes);
      // Below low water, not high: pieces are made as fast as they are read, and the more of them wait the more memory it costs.
      if (!(await channel.conn.drained())) break;
    }
    if (!(await channel.flushed())) return { code: 426, text: await channel.cut() };
    channel.conn.finish();
    return { code: 226, text: `Listed ${this.lines}` };
  }

  giveUp(): Promise<void> {
    return this.pieces.close();
  }
}

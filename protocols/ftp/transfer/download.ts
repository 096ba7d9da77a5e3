import { fstatSync, read } from "node:fs";
import { quote } from "../../../src/bytes/text.ts";
import type { Download } from "../../../src/files/access.ts";
import type { Reply } from "../reply.ts";
import type { DataChannel } from "./channel.ts";
import { ToNetwork } from "./net-ascii.ts";
import { progressOf } from "./progress.ts";
import type { Cargo } from "./transfer.ts";

const PIECE = 128 * 1024;

/** A file on its way to the client. */
export class DownloadCargo implements Cargo {
  readonly opening: string;

  constructor(
    private readonly download: Download,
    private readonly path: string,
    private readonly ascii: boolean,
  ) {
    // Clients read the size from between the brackets.
    this.opening = `Sending ${quote(path, 200)} (${download.size} bytes)`;
  }

  get progress(): string {
    return progressOf("sending", this.path, this.download.transfer);
  }

  async move(channel: DataChannel): Promise<Reply> {
    const { download } = this;
    const sent = await (this.ascii ? this.sendText(channel) : this.sendBytes(channel));
    if (sent < download.length) return await this.broken(channel);
    channel.conn.finish();
    if (download.changed()) return this.changed();
    download.close("done");
    return { code: 226, text: `Sent ${download.length} bytes` };
  }

  giveUp(why: string): Promise<void> {
    this.download.close("broken", why);
    return Promise.resolve();
  }

  private sendBytes({ conn }: DataChannel): Promise<number> {
    const { fd, offset, length, transfer } = this.download;
    let told = 0;
    const onProgress = (taken: number) => {
      transfer.move(taken - told);
      told = taken;
    };
    return conn.sendFile({ fd, offset, length, onProgress });
  }

  /** The bytes of the file that were sent, each line end as CR LF. */
  private async sendText(channel: DataChannel): Promise<number> {
    const { fd, offset, length, transfer } = this.download;
    const network = new ToNetwork();
    let sent = 0;
    while (sent < length) {
      const piece = new Uint8Array(Math.min(PIECE, length - sent));
      const bytesRead = await readAt(fd, piece, offset + sent);
      if (bytesRead === 0 || !(await channel.send(network.push(piece.subarray(0, bytesRead))))) break;
      sent += bytesRead;
      transfer.move(bytesRead);
    }
    return (await channel.flushed()) ? sent : Math.min(sent, length - 1);
  }

  private async broken(channel: DataChannel): Promise<Reply> {
    const shrank = channel.conn.state === "open";
    if (shrank) channel.stop("the file became shorter while it was sent");
    const why = await channel.cut();
    this.download.close(shrank ? "failed" : "broken", why);
    return { code: shrank ? 451 : 426, text: why };
  }

  /** All that was there at the beginning was sent. What was added meanwhile is no fault; anything else may have been. */
  private changed(): Reply {
    const { download } = this;
    const { size } = fstatSync(download.fd);
    if (size > download.size) {
      download.close("done");
      return {
        code: 226,
        text: `Sent ${download.length} bytes; the file has grown, REST ${download.size} gets the rest`,
      };
    }
    const why = "the file changed while it was sent; fetch it again";
    download.close("failed", why);
    return { code: 451, text: why };
  }
}

/** Off the loop, because the disk may be slow. */
function readAt(fd: number, piece: Uint8Array, offset: number): Promise<number> {
  return new Promise((done, failed) =>
    read(fd, piece, 0, piece.length, offset, (error, count) => (error === null ? done(count) : failed(error))),
  );
}

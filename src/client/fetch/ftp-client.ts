import { Client, FTPContext } from "basic-ftp";

/** No reply of a server that means well is this long; the library has the same limit. */
const MAX_BEGUN_CHARS = 2 ** 16;

/**
 * basic-ftp takes each piece that comes from the connection for whole lines: of `213 300000` that is cut behind `213 3` it
 * reads a size of 3, and of one that is cut inside the code nothing, and waits. It gets whole lines here.
 */
class WholeLines extends FTPContext {
  /** The beginning of a line. */
  private begun = "";

  protected override _onControlSocketData(chunk: string): void {
    const text = this.begun + chunk;
    const end = text.length > MAX_BEGUN_CHARS ? text.length : text.lastIndexOf("\n") + 1;
    this.begun = text.slice(end);
    if (end > 0) super._onControlSocketData(text.slice(0, end));
  }
}

/** An FTP client that reads replies however the network cuts them. */
export class FtpClient extends Client {
  override readonly ftp: FTPContext;

  /** @param timeoutMs how long a command may go without an answer */
  constructor(timeoutMs: number) {
    super(timeoutMs);
    this.ftp = new WholeLines(timeoutMs);
  }
}

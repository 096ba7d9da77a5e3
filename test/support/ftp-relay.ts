import { type Gate, Relay, type Side } from "./relay.ts";

/** Leads data connections through a gate: it announces ports of its own instead of the server's, for EPSV. */
export class FtpRelay implements AsyncDisposable {
  gate: Gate | null = null;
  private readonly data: Relay[] = [];

  private constructor(private readonly control: Relay) {}

  static async start(port: number): Promise<FtpRelay> {
    const relay = new FtpRelay(await Relay.start(port));
    relay.control.rewrite = (sent) => relay.announce(sent);
    return relay;
  }

  get port(): number {
    return this.control.port;
  }

  set to(port: number) {
    this.control.to = port;
  }

  /** As {@link Relay.lose}; of a process that is killed the data connections end first. */
  lose(dead: Side): void {
    for (const relay of this.data) relay.lose(dead);
    this.control.lose(dead);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const relay of [...this.data, this.control]) await relay[Symbol.asyncDispose]();
  }

  private async announce(sent: Buffer): Promise<Buffer> {
    const text = sent.toString("latin1");
    const [, port] = /^229 .*\(\|\|\|(\d+)\|\)/m.exec(text) ?? [];
    if (port === undefined) return sent;
    const relay = await Relay.start(Number(port));
    relay.gate = this.gate;
    this.data.push(relay);
    return Buffer.from(text.replace(`|||${port}|`, `|||${relay.port}|`), "latin1");
  }
}

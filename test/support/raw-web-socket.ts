import { expect } from "bun:test";
import { connect, type Endpoint, type TcpClient } from "./tcp.ts";
import { type ClientFrame, clientFrame } from "./ws-frames.ts";

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A WebSocket whose every byte is the test's. */
export class RawWebSocket implements Disposable {
  private constructor(readonly tcp: TcpClient) {}

  /** Past the upgrade. */
  static async connect(to: Endpoint, fields = ""): Promise<RawWebSocket> {
    const tcp = await connect(to);
    await tcp.write(upgradeRequest(fields));
    // RFC 6455, section 1.3, for this very key.
    expect(await tcp.readUntil("\r\n\r\n")).toContain("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    return new RawWebSocket(tcp);
  }

  /** In the chat, by this name; the frames behind the answer are left. */
  static async chat(to: Endpoint, name: string, fields = ""): Promise<RawWebSocket> {
    const ws = await RawWebSocket.connect(to, fields);
    await ws.say({ op: "hello", v: 1, service: "chat", name, id: 1 });
    expect(await ws.readJson()).toMatchObject({ ok: true, name });
    return ws;
  }

  send(...frames: readonly ClientFrame[]): Promise<void> {
    return this.tcp.write(Buffer.concat(frames.map(clientFrame)));
  }

  say(message: object): Promise<void> {
    return this.send({ opcode: 1, payload: JSON.stringify(message) });
  }

  async read(): Promise<ServerFrame> {
    const [first = 0, second = 0] = await this.tcp.readExactly(2);
    const wide = second === 126 ? 2 : second === 127 ? 8 : 0;
    const more = wide === 0 ? null : await this.tcp.readExactly(wide);
    const length = more === null ? second : wide === 2 ? more.readUInt16BE() : Number(more.readBigUInt64BE());
    return { opcode: first & 15, payload: await this.tcp.readExactly(length) };
  }

  /** The next text message. */
  async readJson(): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const { opcode, payload } = await this.read();
      if (opcode === 1) return JSON.parse(payload.toString());
    }
  }

  /** The code of its end, and the words before it. */
  async readEnd(): Promise<{ readonly code: number; readonly bye: unknown }> {
    for (let bye: unknown = null; ; ) {
      const { opcode, payload } = await this.read();
      if (opcode === 8) return { code: payload.readUInt16BE(), bye };
      if (opcode === 1) bye = JSON.parse(payload.toString());
    }
  }

  [Symbol.dispose](): void {
    this.tcp[Symbol.dispose]();
  }
}

export function upgradeRequest(fields = ""): string {
  return (
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${fields}\r\n`
  );
}

import { createServer, type Server, type Socket } from "node:net";

type Answer = (peer: Socket, request: string) => void;

/** An HTTP server that sends the very bytes that a test wants, broken ones too. Each connection has one request. */
export class RawHttp implements AsyncDisposable {
  /** The heads that came, in order. */
  readonly requests: string[] = [];
  private readonly peers = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** @param answers for the first request, the second and so on; the last one is for all that follow */
  static async open(...answers: readonly Answer[]): Promise<RawHttp> {
    const server = createServer((peer) => http.serve(peer, answers));
    const http = new RawHttp(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return http;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.peers) peer.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(peer: Socket, answers: readonly Answer[]): void {
    let head = "";
    this.peers.add(peer);
    peer.on("error", () => {});
    peer.on("close", () => this.peers.delete(peer));
    peer.on("data", (chunk) => {
      head += chunk.toString("latin1");
      if (!head.endsWith("\r\n\r\n")) return;
      const answer = answers[Math.min(this.requests.length, answers.length - 1)];
      this.requests.push(head);
      answer?.(peer, head);
    });
  }
}

/** An answer of this head and body, after which the server closes. */
export function says(head: readonly string[], body: string | Uint8Array = ""): Answer {
  return (peer) => {
    peer.write(`HTTP/1.1 ${head.join("\r\n")}\r\n\r\n`);
    peer.end(body);
  };
}

import type { Listener } from "../../net/door.ts";

/** How long one exchange on this machine may take. */
const TIMEOUT_MS = 5_000;

/**
 * Says one thing to a listener of this machine and gives what came back until `expect` was in it or the peer closed. Bytes
 * are one character each. Rejects when it cannot connect, or when neither has happened after five seconds.
 */
export async function exchange(listener: Listener, say: string, expect: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let heard = "";
  const hear = (bytes: Uint8Array) => {
    heard += Buffer.from(bytes).toString("latin1");
    if (heard.includes(expect)) resolve(heard);
  };
  const host = local(listener.host);
  const close = await (listener.transport === "udp"
    ? overUdp(host, listener.port, say, hear)
    : overTcp(host, listener, say, hear, () => resolve(heard)));
  const late = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    close();
  }
}

/** A wildcard is no address to connect to. */
function local(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

type Hear = (bytes: Uint8Array) => void;

async function overTcp(
  hostname: string,
  { port, transport }: Listener,
  say: string,
  hear: Hear,
  closed: () => void,
): Promise<() => void> {
  const ready = Promise.withResolvers<boolean>();
  const socket = await Bun.connect({
    hostname,
    port,
    socket: {
      data: (_, bytes) => hear(bytes),
      close: closed,
      error: closed,
      handshake: (_, success) => ready.resolve(success),
    },
    // Who vouches for the certificate is not the question here: it may be self-signed, and for another name.
    ...(transport === "tls" ? { tls: { rejectUnauthorized: false } } : {}),
  });
  // A few bytes into an empty socket are always taken whole.
  if (transport !== "tls" || (await ready.promise)) socket.write(Buffer.from(say, "latin1"));
  return () => socket.end();
}

async function overUdp(hostname: string, port: number, say: string, hear: Hear): Promise<() => void> {
  // Not a connected socket: Bun makes those for IPv4 alone.
  const socket = await Bun.udpSocket({ hostname, socket: { data: (_, bytes) => hear(bytes), error() {} } });
  socket.send(Buffer.from(say, "latin1"), port, hostname);
  return () => socket.close();
}

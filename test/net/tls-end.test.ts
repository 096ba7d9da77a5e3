import { expect } from "bun:test";
import type { Connection } from "../../src/net/protocol.ts";
import { client } from "../support/clients.ts";
import { run } from "../support/program.ts";
import { testCertificate } from "../support/tls.ts";
import { TestDoor } from "./test-door.ts";

const python = client("python3");

/**
 * Sends so many bytes over TLS of that version, and then ends as a client does that is done, or is cut off, or is cut off by
 * somebody who puts a record there that looks like an alert. Each record gets as much padding as is asked for, which Python
 * leaves to OpenSSL.
 */
const SENDER = `
import ctypes, socket, ssl, sys
port, version, count, how, padding = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5])
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.maximum_version = getattr(ssl.TLSVersion, version)
openssl = ctypes.CDLL("libssl.so.3")
native = ctypes.c_void_p.from_address(id(context) + object.__basicsize__)
if sys.argv[6] == "filled up":
    assert openssl.SSL_CTX_set_block_padding(native, ctypes.c_size_t(padding)) == 1
elif padding > 0:
    callback = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t, ctypes.c_void_p)
    padded = callback(lambda *record: padding)
    openssl.SSL_CTX_set_record_padding_callback(native, padded)
plain = socket.create_connection(("127.0.0.1", port))
plain.sendall(b"START")
assert plain.recv(2) == b"GO"
secure = context.wrap_socket(plain)
secure.sendall(b"x" * count)
if how == "forged":
    bare = socket.socket(fileno=secure.detach())
    bare.sendall(bytes.fromhex("170303") + (19 + padding).to_bytes(2, "big") + bytes(19 + padding) if version == "TLSv1_3" else bytes.fromhex("150303001a") + bytes(26))
    bare.settimeout(10)
    # The server may have broken the connection before either of these.
    try:
        bare.shutdown(socket.SHUT_WR)
        while bare.recv(4096): pass
    except OSError: pass
    bare.close()
elif how == "end":
    secure.unwrap().close()
else:
    bare = socket.socket(fileno=secure.detach())
    bare.shutdown(socket.SHUT_WR)
    bare.settimeout(10)
    while bare.recv(4096): pass
    bare.close()
`;

/** What the connection says of its end. */
class Ends {
  received = 0;
  said: boolean | null | undefined;

  constructor(private readonly conn: Connection) {}

  async onData(chunk: Uint8Array): Promise<void> {
    if (this.conn.tls !== null) {
      this.received += chunk.length;
      return;
    }
    this.conn.send(Buffer.from("GO"));
    await this.conn.startTls(testCertificate);
  }

  onPeerEnd(): void {
    this.said = this.conn.tls?.saidEnd(this.received);
    this.conn.finish();
  }
}

/** Java adds 16 bytes to each record, and Mbed TLS fills up to 16. */
const WAYS: readonly (readonly [version: string, how: string, padding: number, counts: readonly number[]])[] = [
  ["TLSv1_2", "padded", 0, [0, 1, 2, 3, 100_000]],
  ["TLSv1_3", "padded", 0, [0, 1, 2, 3, 100_000]],
  ["TLSv1_3", "padded", 16, [0, 1, 2, 3, 18, 100_000]],
  ["TLSv1_3", "filled up", 16, [0, 16, 18, 100_000]],
];
for (const [version, form, padding, counts] of WAYS) {
  for (const count of counts) {
    python.test(`${version}, ${form} by ${padding}: an end behind ${count} bytes is told from a cut`, async () => {
      const ends: Ends[] = [];
      await using door = await TestDoor.open((conn) => {
        const session = new Ends(conn);
        ends.push(session);
        return session;
      });
      for (const how of ["end", "cut", "forged"]) {
        const args = [door.port, version, count, how, padding, form].map(String);
        const { code, stderr } = await run([python.path, "-c", SENDER, ...args]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      }
      await door.ending(1);
      expect(ends.map(({ received, said }) => ({ received, said }))).toEqual([
        { received: count, said: true },
        { received: count, said: false },
        // Nobody without the key can say it: the connection breaks, and its session hears of no end.
        { received: count, said: undefined },
      ]);
    });
  }
}

import { describe, expect } from "bun:test";
import { client } from "../support/clients.ts";
import { until } from "../support/deadline.ts";
import { LineUser } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { startTincan, type Tincan } from "../support/tincan.ts";

const openssl = client("openssl");
const ncat = client("ncat");
const python = client("python3");

const SELF_SIGNED = ["--tls-self-signed"];

function tlsPort(tincan: Tincan, door: string): string {
  const found = tincan.ready.doors[door]?.listeners.find(({ transport }) => transport === "tls");
  return String(found?.port);
}

const trusted = (tincan: Tincan) => tincan.folder.file("state/tls/self-signed.crt");

describe("openssl s_client", () => {
  openssl.test("verifies the kept certificate and chats through it", async () => {
    await using tincan = await startTincan(SELF_SIGNED);
    const connect = ["-connect", `127.0.0.1:${tlsPort(tincan, "line")}`, "-CAfile", trusted(tincan)];
    const verify = ["-verify_return_error", "-verify_ip", "127.0.0.1"];
    await using program = new Program([openssl.path, "s_client", "-quiet", ...connect, ...verify]);
    const ann = await LineUser.at(program).isCalled("ann");
    await ann.say("/who");
    expect(await ann.hears("in #lobby")).toBe("-- in #lobby: ann");
    openssl.exchanged();
  });

  openssl.test("sees the fingerprint that was announced, and TLS 1.2 as the oldest version", async () => {
    await using tincan = await startTincan(SELF_SIGNED);
    const connect = ["s_client", "-connect", `127.0.0.1:${tlsPort(tincan, "framed")}`];
    const { stdout } = await run([openssl.path, ...connect, "-tls1_2"]);
    const { stdout: shown } = await run([openssl.path, "x509", "-noout", "-fingerprint", "-sha256"], { input: stdout });
    expect(tincan.ready).toMatchObject({ certificate: { sha256: shown.trim().split("=")[1] } });
    const old = await run([openssl.path, ...connect, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]);
    expect(old.code).not.toBe(0);
    openssl.exchanged();
  });
});

describe("ncat --ssl", () => {
  ncat.test("chats", async () => {
    await using tincan = await startTincan(SELF_SIGNED);
    await using program = new Program([ncat.path, "--ssl", "127.0.0.1", tlsPort(tincan, "line")]);
    const bob = await LineUser.at(program).isCalled("bob");
    await bob.say("/quit");
    expect(await bob.hears("good-bye")).toBe("-- good-bye");
    ncat.exchanged();
  });
});

describe("Python's ssl", () => {
  python.test("sends frames by every name, and sees a clean end", async () => {
    await using tincan = await startTincan(SELF_SIGNED);
    const script = `
import socket, ssl, struct, sys, threading
port, telnets, ca = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
context = ssl.create_default_context(cafile=ca)
def connect(port, host, name):
    sock = socket.create_connection((host, port))
    return context.wrap_socket(sock, server_hostname=name, suppress_ragged_eofs=False)
for host, name in [("127.0.0.1", "localhost"), ("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "::1")]:
    for newest in [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]:
        context.maximum_version = newest
        with connect(port, host, name) as sock, sock.makefile("rwb") as file:
            body = bytes(range(256)) * 4096
            frame = struct.pack("!I", len(body)) + body
            threading.Thread(target=lambda: sock.sendall(frame * 4)).start()
            for _ in range(4): assert file.read(len(frame)) == frame.upper()
with connect(telnets, "127.0.0.1", "localhost") as sock, sock.makefile("rwb") as file:
    sock.sendall(b"/quit\\n")
    assert file.read().endswith(b"good-bye\\r\\n")
`;
    const ports = [tlsPort(tincan, "framed"), tlsPort(tincan, "line")];
    const { code, stderr } = await run([python.path, "-c", script, ...ports, trusted(tincan)], { ms: 25_000 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    python.exchanged(25);
  });

  python.test("a peer that breaks TLS in any way costs no CPU time, and no neighbour anything", async () => {
    await using tincan = await startTincan([...SELF_SIGNED, "--doors", "framed"]);
    const script = `
import os, socket, ssl, struct, sys
port, ca = int(sys.argv[1]), sys.argv[2]
context = ssl.create_default_context(cafile=ca)
def plain(): return socket.create_connection(("127.0.0.1", port))
def secure(): return context.wrap_socket(plain(), server_hostname="localhost")
out = ssl.MemoryBIO()
try: context.wrap_bio(ssl.MemoryBIO(), out, server_hostname="localhost").do_handshake()
except ssl.SSLWantReadError: pass
hello = out.read()
kept = [plain()]
for words, ends in [(hello[:50], False), (hello, False), (hello, True), (b"\\0" * 100, False)]:
    sock = plain()
    sock.sendall(words)
    if ends: sock.shutdown(socket.SHUT_WR)
    kept.append(sock)
frozen = secure()
frozen.sendall(struct.pack("!I", 1 << 20) + b"x" * (1 << 20))
broken, cut = secure(), secure()
socket.socket(fileno=os.dup(broken.fileno())).sendall(b"\\x17\\x03\\x03\\0\\x10" + b"x" * 16)
socket.socket(fileno=os.dup(cut.fileno())).shutdown(socket.SHUT_WR)
kept += [frozen, broken, cut]
print("open", flush=True)
sys.stdin.readline()
with secure() as sock, sock.makefile("rwb") as file:
    for _ in range(200):
        file.write(struct.pack("!I", 2) + b"ok")
        file.flush()
        assert file.read(6)[4:] == b"OK"
`;
    await using faults = new Program([python.path, "-c", script, tlsPort(tincan, "framed"), trusted(tincan)]);
    expect(await faults.stdout.readLine()).toBe("open");
    await tincan.waitForEvents(4, ({ event }) => event === "closed");
    const [before, began] = [tincan.cpu(), performance.now()];
    await until(() => performance.now() - began > 1_000, "a second in which nothing happens");
    expect(tincan.cpu() - before).toBeLessThan(0.3);
    await faults.write("\n");
    expect(await faults.exited()).toBe(0);
    python.exchanged(200);
  });
});

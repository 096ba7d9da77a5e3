import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { connect as connectTls } from "node:tls";
import { client } from "../../support/clients.ts";
import { within } from "../../support/deadline.ts";
import { FtpServer } from "../../support/ftp.ts";
import { run } from "../../support/program.ts";
import { connect } from "../../support/tcp.ts";

const python = client("python3");

/** Puts a file over TLS and ends, or is cut off, behind so many bytes; prints the reply. */
const UPLOAD = `
import ftplib, socket, ssl, sys
port, how, version, count = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.maximum_version = getattr(ssl.TLSVersion, version)
ftp = ftplib.FTP_TLS(context=context, timeout=20)
ftp.connect("127.0.0.1", port)
ftp.login()
ftp.prot_p()
ftp.voidcmd("TYPE I")
data = ftp.transfercmd("STOR file")
data.sendall(b"x" * count)
if how == "end":
    data.unwrap().close()
else:
    bare = socket.socket(fileno=data.detach())
    bare.settimeout(20)
    bare.shutdown(socket.SHUT_WR)
    while bare.recv(4096): pass
    bare.close()
try:
    print(ftp.voidresp()[:3])
except ftplib.Error as error:
    print(str(error)[:3])
ftp.voidcmd("TYPE I")
print(ftp.size("file"))
ftp.quit()
`;

/** Somebody at the client's own address takes the passive connection first; prints the reply, and what came to each. */
const THEFT = `
import ftplib, socket, ssl, sys
port = int(sys.argv[1])
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
ftp = ftplib.FTP_TLS(context=context, timeout=20)
ftp.connect("127.0.0.1", port)
ftp.login()
ftp.prot_p()
ftp.voidcmd("TYPE I")
thief = socket.create_connection(ftp.makepasv(), timeout=20)
ftp.putcmd("RETR secret")
thief.sendall(b"give it to me\\r\\n")
stolen = b""
try:
    while piece := thief.recv(4096): stolen += piece
except ConnectionResetError: pass
replies = []
while not replies or replies[-1][0] == "1": replies.append(ftp.getmultiline())
print(replies[-1][:3], b"attack at dawn" in stolen)
got = []
print(ftp.retrbinary("RETR secret", got.append)[:3], b"".join(got))
`;

const start = (...flags: readonly string[]) => FtpServer.start(["--allow-write", "--tls-self-signed", ...flags]);

describe("FTPS", () => {
  for (const version of ["TLSv1_2", "TLSv1_3"]) {
    python.test(`data that is cut without close_notify is no success (pyftpdlib issue 614, ${version})`, async () => {
      for (const count of [1, 2, 100_000]) {
        await using server = await start();
        const put = async (how: string) => {
          const { stdout, stderr } = await run([
            python.path,
            "-c",
            UPLOAD,
            String(server.port),
            how,
            version,
            String(count),
          ]);
          return stdout + stderr;
        };
        expect(await put("cut")).toBe(`426\n${count - 1}\n`);
        expect(existsSync(server.file("file"))).toBe(false);
        expect(await put("end")).toBe(`226\n${count}\n`);
        expect((await server.read("file")).length).toBe(count);
      }
    });
  }

  python.test("theft from a shared address: who comes first gets no byte without TLS", async () => {
    await using server = await start();
    await server.write("secret", "attack at dawn");
    const { stdout, stderr } = await run([python.path, "-c", THEFT, String(server.port)]);
    // The second gets it however old its session is: no session of the control connection is asked for.
    expect(stdout + stderr).toBe("425 False\n226 b'attack at dawn'\n");
  });

  test("what stands behind AUTH in the clear ends the connection, and is never obeyed (CVE-2011-0411)", async () => {
    await using server = await start();
    for (const behind of ["MKD forged\r\n", "N", "\r\n"]) {
      using user = await server.guest();
      const { peer } = user.control;
      await user.control.write(`AUTH TLS\r\n${behind}`);
      await user.control.readAll().catch(() => {});
      await user.control.closed;
      const { reason } = await server.tincan.closed(peer);
      expect(reason).toBe("violation");
    }
    expect(existsSync(server.file("forged"))).toBe(false);
  });

  test("the session begins anew behind AUTH, and PROT has its order", async () => {
    await using server = await start();
    using user = await server.guest();
    await user.says("PBSZ 0", 503);
    await user.says("PROT P", 503);
    await user.says("AUTH KERBEROS", 504);
    await user.says("CCC", 533);
    await user.says("AUTH TLS", 234);
    const secure = connectTls({ socket: user.control.socket, rejectUnauthorized: false });
    const lines: string[] = [];
    let onLine = () => {};
    secure.on("data", (bytes: Buffer) => {
      lines.push(...bytes.toString().trimEnd().split("\r\n"));
      onLine();
    });
    const says = async (line: string, code: number) => {
      secure.write(`${line}\r\n`);
      while (lines.length === 0)
        await within(new Promise<void>((resolve) => (onLine = resolve)), `the reply to ${line}`);
      expect([line, lines.shift()?.slice(0, 3)]).toEqual([line, String(code)]);
    };
    await says("PWD", 530);
    await says("PROT P", 503);
    await says("PBSZ 0", 200);
    await says("PROT P", 200);
    await says("PROT S", 536);
    await says("AUTH TLS", 503);
    await says("CCC", 534);
    await says("REIN", 502);
    await says("USER anonymous", 331);
    await says("PASS", 230);
    secure.destroy();
  });

  test("without a certificate AUTH says how to get one", async () => {
    await using server = await FtpServer.start();
    using user = await server.client();
    expect(await user.says("AUTH TLS", 534)).toContain("--tls-self-signed");
    await user.says("USER anonymous", 331);
  });

  test("--ftp-require-tls lets nobody in, and no data through, in the clear", async () => {
    await using server = await start("--ftp-require-tls");
    using user = await server.client();
    for (const name of ["anonymous", "ann"]) expect(await user.says(`USER ${name}`, 530)).toContain("AUTH TLS");
    const { code, stdout, stderr } = await run([
      python.path,
      "-c",
      `
import ftplib, ssl
ftp = ftplib.FTP_TLS(context=ssl._create_unverified_context(), timeout=20)
ftp.connect("127.0.0.1", ${server.port})
ftp.login()
try: ftp.nlst()
except ftplib.error_perm as error: print(str(error)[:3])
ftp.prot_p()
print(ftp.nlst())
try: ftp.prot_c()
except ftplib.error_perm as error: print(str(error)[:3])
`,
    ]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "521\n[]\n534\n", stderr: "" });
  });

  test("a handshake that fails ends in a reply, and leaves the server idle", async () => {
    await using server = await start();
    for (let i = 0; i < 3; i++) {
      const script = `
import ftplib, socket, ssl
ftp = ftplib.FTP_TLS(context=ssl._create_unverified_context(), timeout=20)
ftp.connect("127.0.0.1", ${server.port})
ftp.login()
ftp.prot_p()
host, port = ftp.makepasv()
data = socket.create_connection((host, port))
ftp.sendcmd("NLST")
data.sendall(b"this is no TLS" * 10)
try: ftp.voidresp()
except ftplib.Error as error: print(str(error)[:3], "PROT P" in str(error))
print(ftp.nlst())
data.close()
ftp.quit()
`;
      const { stdout, stderr } = await run([python.path, "-c", script]);
      expect({ stdout, stderr }).toEqual({ stdout: "425 True\n[]\n", stderr: "" });
    }
    const before = server.tincan.cpu();
    using mute = await connect({ port: server.tlsPort });
    await mute.write("USER anonymous\r\n");
    await mute.readAll().catch(() => {});
    expect(server.tincan.cpu() - before).toBeLessThan(0.5);
  });
});

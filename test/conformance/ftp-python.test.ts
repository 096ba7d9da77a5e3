import { describe, expect } from "bun:test";
import { client } from "../support/clients.ts";
import { FtpServer } from "../support/ftp.ts";
import { run } from "../support/program.ts";

const python = client("python3");

/** Everything that ftplib has a method for, in both modes, over one connection. */
const SCRIPT = `
import ftplib, io, os, ssl, sys
host, port, secure = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "tls"
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
ftp = ftplib.FTP_TLS(context=context, timeout=20) if secure else ftplib.FTP(timeout=20)
ftp.connect(host, port)
ftp.login()
if secure: ftp.prot_p()
big = os.urandom(2_000_000)
for passive in (True, False):
    ftp.set_pasv(passive)
    for name, content in (("big.bin", big), ("empty", b""), ("-leading", b"x"), ("two  spaces ", b"y"), ('"quoted"', b"q"), ("\\U0001f600", b"z")):
        assert ftp.storbinary("STOR " + name, io.BytesIO(content)).startswith("226")
        ftp.voidcmd("TYPE I")
        assert ftp.size(name) == len(content), name
        got = io.BytesIO()
        assert ftp.retrbinary("RETR " + name, got.write).startswith("226")
        assert got.getvalue() == content, name
        assert name in ftp.nlst(), name
        assert dict(ftp.mlsd())[name]["size"] == str(len(content))
    rest = io.BytesIO()
    ftp.retrbinary("RETR big.bin", rest.write, rest=1_999_990)
    assert rest.getvalue() == big[1_999_990:]
    ftp.storbinary("STOR big.bin", io.BytesIO(big[1_000_000:]), rest=1_000_000)
    ftp.storbinary("APPE empty", io.BytesIO(b"more"))
    ftp.storlines("STOR text", io.BytesIO(b"one\\ntwo\\n"))
    lines = []
    ftp.retrlines("RETR text", lines.append)
    assert lines == ["one", "two"], lines
    assert ftp.mkd('a "folder"') == '/a "folder"'
    ftp.cwd('a "folder"')
    assert ftp.pwd() == '/a "folder"'
    ftp.cwd("..")
    ftp.rename("empty", 'a "folder"/moved')
    listing = []
    ftp.dir('a "folder"', listing.append)
    assert len(listing) == 1 and listing[0].endswith(" moved"), listing
    ftp.delete('a "folder"/moved')
    ftp.rmd('a "folder"')
    for name in ftp.nlst(): ftp.delete(name)
    assert ftp.nlst() == []
ftp.quit()
print("done")
`;

describe("Python's ftplib", () => {
  for (const secure of ["plain", "tls"]) {
    for (const host of ["127.0.0.1", "::1"]) {
      python.test(`does all that it can over ${secure} and ${host}`, async () => {
        await using server = await FtpServer.start(["--allow-write", "--tls-self-signed"]);
        const { code, stdout, stderr } = await run([python.path, "-c", SCRIPT, host, String(server.port), secure], {
          ms: 60_000,
        });
        expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "done\n", stderr: "" });
        python.exchanged();
      });
    }
  }
});

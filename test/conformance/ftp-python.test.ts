import { describe, expect } from "bun:test";
import { resolve } from "node:path";
import { client } from "../support/clients.ts";
import { FtpShare } from "../support/ftp-share.ts";
import { content, digest, LONG_NAME, lines, ODD_NAMES, SAMPLE } from "../support/tree.ts";

const python = client("python3");
const CERTIFICATE = resolve(import.meta.dir, "../support/tls/localhost.crt");

const START = `
import ftplib, hashlib, io, os, ssl, sys
from ftplib import FTP, FTP_TLS, error_perm
port, tls_port = int(sys.argv[1]), int(sys.argv[2])
def login(kind=FTP, host="127.0.0.1", to=port, **o):
    ftp = kind(timeout=20, **o)
    ftp.connect(host, to)
    return ftp
def plain(host="127.0.0.1"):
    ftp = login(host=host)
    ftp.login()
    return ftp
def fetch(ftp, name, **o):
    got = io.BytesIO()
    reply = ftp.retrbinary("RETR " + name, got.write, **o)
    assert reply.startswith("226"), reply
    return got.getvalue()
def put(ftp, name, data, **o):
    reply = ftp.storbinary("STOR " + name, io.BytesIO(data), **o)
    assert reply.startswith("226"), reply
def refused(code, work, *args):
    try: answer = work(*args)
    except ftplib.Error as error: assert str(error).startswith(code), error
    else: raise AssertionError(f"{work.__name__}{args} was not refused but {answer}")
`;

async function script(share: FtpShare, body: string, exchanges: number): Promise<void> {
  await share.run(python, ["-c", START + body, String(share.port), String(share.tlsPort), CERTIFICATE], { ms: 60_000 });
  python.exchanged(exchanges);
}

/** Names in GBK, both directions. */
const IN_GBK = `
ftp = login(encoding="gbk")
ftp.login()
assert "你好.txt" in ftp.nlst(), ftp.nlst()
assert fetch(ftp, "你好.txt") == b"line 0 of 1\\n"
put(ftp, "中文 文件.txt", b"x")
assert ftp.mkd("目录") == "/目录"
ftp.cwd("目录")
assert ftp.pwd() == "/目录"
ftp.cwd("..")
`;

/** The sample tree, whichever way its lists and bytes travel. */
const READ_ALL = `
def walk(ftp, folder=""):
    found = {}
    for name, facts in ftp.mlsd(folder):
        if facts["type"] not in ("file", "dir"): continue
        path = folder + "/" + name if folder else name
        if facts["type"] == "dir":
            found[path] = "folder"
            found.update(walk(ftp, path))
        else:
            data = fetch(ftp, path)
            assert int(facts["size"]) == len(data) == ftp.size(path), path
            assert facts["modify"][:14] == "20010203040506", facts
            found[path] = hashlib.sha256(data).hexdigest()
    return found
import json
expected = json.loads(sys.stdin.read())
found = walk(ftp)
assert found == expected, set(found.items()) ^ set(expected.items())
ftp.quit()
`;

async function readAll(title: string, login: string): Promise<void> {
  await using share = await FtpShare.open(SAMPLE);
  const input = JSON.stringify(digest(share.shared()));
  const args = ["-c", START + login + READ_ALL, String(share.port), String(share.tlsPort), CERTIFICATE];
  await share.run(python, args, { input, ms: 60_000 });
  expect(title).not.toBe("");
  python.exchanged(Object.keys(SAMPLE).length);
}

describe("Python's ftplib lists and fetches a whole tree, byte for byte", () => {
  const ways: readonly (readonly [string, string])[] = [
    ["passive", "ftp = plain()"],
    ["active", "ftp = plain(); ftp.set_pasv(False)"],
    ["over IPv6", 'ftp = plain("::1")'],
    ["active over IPv6", 'ftp = plain("::1"); ftp.set_pasv(False)'],
    [
      "with AUTH TLS and the certificate checked",
      `context = ssl.create_default_context(cafile=sys.argv[3])
ftp = FTP_TLS(context=context, timeout=20); ftp.connect("localhost", port); ftp.login(); ftp.prot_p()`,
    ],
    [
      "with AUTH TLS, active",
      "ftp = login(FTP_TLS, context=ssl._create_unverified_context()); ftp.login(); ftp.prot_p(); ftp.set_pasv(False)",
    ],
    [
      "with AUTH TLS for the control connection alone",
      "ftp = login(FTP_TLS, context=ssl._create_unverified_context()); ftp.login()",
    ],
  ];
  for (const [title, login] of ways) python.test(title, () => readAll(title, login));
});

describe("Python's ftplib", () => {
  python.test("puts, renames, lists and deletes files of every odd name", async () => {
    await using share = await FtpShare.open();
    await script(
      share,
      `
names = ${JSON.stringify(ODD_NAMES)}
ftp = plain()
assert ftp.pwd() == "/"
assert ftp.mkd("in here") == "/in here"
ftp.cwd("in here")
assert ftp.pwd() == "/in here"
for name in names: put(ftp, name, name.encode())
assert sorted(ftp.nlst()) == sorted(names), ftp.nlst()
assert sorted(name for name, facts in ftp.mlsd() if facts["type"] == "file") == sorted(names)
shown = []
ftp.dir(shown.append)
assert sorted(line.split(None, 8)[8] for line in shown) == sorted(names), shown
for name in names:
    assert fetch(ftp, name) == name.encode()
    assert ftp.size(name) == len(name.encode())
    ftp.rename(name, "moved")
    assert ftp.nlst().count("moved") == 1
    ftp.rename("moved", name)
    ftp.delete(name)
assert ftp.nlst() == []
ftp.cwd("..")
ftp.rmd("in here")
assert ftp.nlst() == []
refused("550", ftp.size, "in here")
refused("550", ftp.delete, "in here")
refused("550", ftp.cwd, "in here")
`,
      ODD_NAMES.length,
    );
    expect(digest(share.shared())).toEqual({});
  });

  python.test("resumes both ways, and appends", async () => {
    const data = content(500_000);
    await using share = await FtpShare.open({ "big.bin": data });
    await script(
      share,
      `
ftp = plain()
data = fetch(ftp, "big.bin")
assert fetch(ftp, "big.bin", rest=123456) == data[123456:]
assert fetch(ftp, "big.bin", rest=len(data)) == b""
put(ftp, "copy.bin", data[:200000])
put(ftp, "copy.bin", data[200000:], rest=200000)
assert fetch(ftp, "copy.bin") == data
put(ftp, "copy.bin", data[300000:], rest=300000)
assert fetch(ftp, "copy.bin") == data
assert ftp.storbinary("APPE copy.bin", io.BytesIO(b"tail")).startswith("226")
assert ftp.storbinary("APPE new.bin", io.BytesIO(b"head")).startswith("226")
assert ftp.storbinary("APPE new.bin", io.BytesIO(b"tail")).startswith("226")
assert fetch(ftp, "new.bin") == b"headtail"
`,
      8,
    );
    expect(share.sharedBytes("copy.bin").equals(Buffer.concat([data, Buffer.from("tail")]))).toBe(true);
  });

  python.test("sends and fetches text with the line ends of both sides", async () => {
    await using share = await FtpShare.open({ "text.txt": lines(1000) });
    await script(
      share,
      `
ftp = plain()
got = []
ftp.retrlines("RETR text.txt", got.append)
assert got == [f"line {i} of 1000" for i in range(1000)], got[:3]
raw = []
ftp.voidcmd("TYPE A")
with ftp.transfercmd("RETR text.txt") as conn:
    while chunk := conn.recv(1000): raw.append(chunk)
ftp.voidresp()
assert b"".join(raw) == "".join(f"line {i} of 1000\\r\\n" for i in range(1000)).encode()
ftp.storlines("STOR back.txt", io.BytesIO("\\n".join(got + [""]).encode()))
`,
      3,
    );
    expect(share.sharedBytes("back.txt").toString()).toBe(lines(1000).toString());
  });

  python.test("keeps times: MDTM, MFMT and the listings agree", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(1) });
    await script(
      share,
      `
ftp = plain()
assert ftp.sendcmd("MDTM a.txt") == "213 20010203040506"
assert ftp.sendcmd("MFMT 20200229235958 a.txt").startswith("213 ")
assert ftp.sendcmd("MDTM a.txt") == "213 20200229235958"
assert dict(ftp.mlsd())["a.txt"]["modify"] == "20200229235958"
shown = []
ftp.dir("a.txt", shown.append)
assert " Feb 29  2020 a.txt" in shown[0], shown
refused("501", ftp.sendcmd, "MFMT 20190229000000 a.txt")
refused("550", ftp.sendcmd, "MDTM nothing.txt")
assert ftp.sendcmd("OPTS MLST size;Type;nonsense;") == "200 MLST OPTS type;size;"
assert dict(ftp.mlsd())["a.txt"] == {"type": "file", "size": "12"}
`,
      6,
    );
  });

  python.test("finds what FEAT promises", async () => {
    await using share = await FtpShare.open({}, []);
    await script(
      share,
      `
ftp = plain()
features = ftp.sendcmd("FEAT").splitlines()
for wanted in ["EPRT", "EPSV", "MDTM", "MFMT", "PBSZ", "PROT", "REST STREAM", "SIZE", "UTF8", "AUTH TLS"]:
    assert " " + wanted in features, (wanted, features)
assert any(line.startswith(" MLST type*;size*;modify*;") for line in features), features
assert ftp.sendcmd("OPTS UTF8 ON").startswith("200")
assert ftp.sendcmd("SYST").startswith("215 UNIX Type: L8")
assert ftp.sendcmd("HELP").startswith("214")
assert ftp.sendcmd("NOOP").startswith("200")
`,
      5,
    );
  });

  python.test("is told what a read-only share does not do", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(1), "folder/b.txt": lines(1) }, []);
    await script(
      share,
      `
ftp = plain()
refused("550", ftp.storbinary, "STOR new.txt", io.BytesIO(b"x"))
refused("550", ftp.storbinary, "APPE a.txt", io.BytesIO(b"x"))
refused("550", ftp.delete, "a.txt")
refused("550", ftp.mkd, "new")
refused("550", ftp.rmd, "folder")
refused("550", ftp.rename, "a.txt", "b.txt")
refused("550", ftp.sendcmd, "MFMT 20200101000000 a.txt")
refused("550", ftp.sendcmd, "SITE CHMOD 600 a.txt")
assert dict(ftp.mlsd())["a.txt"]["perm"] == "r"
assert fetch(ftp, "a.txt") == b"line 0 of 1\\n"
`,
      8,
    );
  });

  python.test("may add but not change where only uploads are allowed", async () => {
    await using share = await FtpShare.open({ "a.txt": lines(1) }, ["--allow-upload"]);
    await script(
      share,
      `
ftp = plain()
refused("55", ftp.storbinary, "STOR a.txt", io.BytesIO(b"x"))
refused("55", ftp.delete, "a.txt")
refused("55", ftp.rename, "a.txt", "b.txt")
ftp.mkd("new")
put(ftp, "new/mine.txt", b"mine")
assert fetch(ftp, "new/mine.txt") == b"mine"
other = plain()
refused("55", other.delete, "new/mine.txt")
ftp.rename("new/mine.txt", "new/still mine.txt")
ftp.delete("new/still mine.txt")
`,
      6,
    );
    expect(share.sharedBytes("a.txt").toString()).toBe("line 0 of 1\n");
  });

  python.test("speaks GBK where --ftp-charset says so, until it says OPTS UTF8 ON, and UTF-8 elsewhere", async () => {
    const flags = ["--allow-write", "--ftp-charset", "127.0.0.0/8=gbk"];
    await using share = await FtpShare.open({ "你好.txt": lines(1), "emoji 😀/a": lines(1) }, flags);
    await script(
      share,
      `
${IN_GBK}
new = plain("::1")
assert sorted(new.nlst()) == sorted(["你好.txt", "emoji 😀", "中文 文件.txt", "目录"]), new.nlst()
new.cwd("emoji 😀")
assert new.pwd() == "/emoji 😀"
both = login(encoding="utf-8")
both.login()
assert both.sendcmd("OPTS UTF8 ON").startswith("200")
assert "emoji 😀" in both.nlst()
`,
      9,
    );
  });

  python.test("speaks GBK after OPTS UTF8 OFF, and is told of names that it cannot write or read", async () => {
    await using share = await FtpShare.open({ "你好.txt": lines(1) });
    await script(
      share,
      `
${IN_GBK.replace("ftp.login()", 'ftp.login(); ftp.sendcmd("OPTS UTF8 OFF")')}
raw = login(encoding="latin-1")
raw.login()
raw.sendcmd("OPTS UTF8 OFF")
refused("501", raw.storbinary, "STOR broken \\x81.txt", io.BytesIO(b"x"))
raw.sendcmd("OPTS UTF8 ON")
refused("501", raw.storbinary, "STOR broken \\xc4\\xe3.txt", io.BytesIO(b"x"))
assert raw.mkd("caf\\xc3\\xa9") == "/caf\\xc3\\xa9"
`,
      8,
    );
    expect(Object.keys(digest(share.shared())).sort()).toEqual(["café", "中文 文件.txt", "你好.txt", "目录"].sort());
  });

  python.test("fetches the end of a sparse file of 5 GiB", async () => {
    await using share = await FtpShare.open({ "tail.bin": content(1000, 9) });
    await Bun.$`truncate -s 5G sparse.bin && cat tail.bin >> sparse.bin`.cwd(share.shared()).quiet();
    await script(
      share,
      `
ftp = plain()
size = 5 * 2**30 + 1000
ftp.voidcmd("TYPE I")
assert ftp.size("sparse.bin") == size
assert dict(ftp.mlsd())["sparse.bin"]["size"] == str(size)
assert fetch(ftp, "sparse.bin", rest=size - 1000) == fetch(ftp, "tail.bin")
assert fetch(ftp, "sparse.bin", rest=size - 2000)[:1000] == bytes(1000)
assert fetch(ftp, "sparse.bin", rest=size) == b""
`,
      5,
    );
  });

  python.test("lists a folder of 10,000 files, all three ways", async () => {
    await using share = await FtpShare.open(
      Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`many/${i}`, new Uint8Array(0)])),
    );
    await script(
      share,
      `
ftp = plain()
expected = {str(i) for i in range(10000)}
assert set(ftp.nlst("many")) in (expected, {"many/" + name for name in expected})
assert {name for name, facts in ftp.mlsd("many") if facts["type"] == "file"} == expected
shown = []
ftp.dir("many", shown.append)
assert {line.split(None, 8)[8] for line in shown} == expected
`,
      3,
    );
    expect(LONG_NAME.length).toBe(255);
  });
});

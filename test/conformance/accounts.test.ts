import { describe, expect } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { client } from "../support/clients.ts";
import { run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";

const curl = client("curl");
const python = client("python3");

const PASSWORD = "correct horse";

/** A read-only share with a folder `ann`, a daemon with a certificate, and the account ann. */
class Place implements AsyncDisposable {
  private constructor(
    readonly tincan: Tincan,
    private readonly folder: TempFolder,
  ) {}

  static async open(...flags: readonly string[]): Promise<Place> {
    const folder = new TempFolder();
    mkdirSync(folder.file("share/ann"), { recursive: true });
    writeFileSync(folder.file("share/ann/hers.txt"), "for ann\n");
    writeFileSync(folder.file("share/all.txt"), "for all\n");
    const common = [folder.file("share"), "--min-free", "0", "--tls-self-signed", "--doors", "ftp,framed"];
    const place = new Place(await startTincan([...common, ...flags]), folder);
    await place.user(["add", "ann", "--allow", "upload,write", "--home", "ann"], PASSWORD);
    return place;
  }

  get certificate(): string {
    return this.tincan.folder.file("state/tls/self-signed.crt");
  }

  shared(name: string): string {
    return this.folder.file(`share/${name}`);
  }

  async user(args: readonly string[], password = ""): Promise<void> {
    const state = this.tincan.folder.file("state");
    const { code, stderr } = await run([TINCAN, "user", ...args, "--state-dir", state], { input: password });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tincan[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

describe("curl -u", () => {
  curl.test("gets and puts in the account's home over FTPS, and nowhere else", async () => {
    await using place = await Place.open();
    const url = `ftp://localhost:${place.tincan.port("ftp")}`;
    const secure = ["-sS", "--ipv4", "--ssl-reqd", "--cacert", place.certificate, "-u", `ann:${PASSWORD}`];
    const ask = (...args: readonly string[]) => run([curl.path, ...secure, ...args], { input: "new\n" });
    expect((await ask(`${url}/hers.txt`)).stdout).toBe("for ann\n");
    expect((await ask(`${url}/all.txt`)).code).not.toBe(0);
    expect((await ask("-T", "-", `${url}/mine.txt`)).code).toBe(0);
    expect(readFileSync(place.shared("ann/mine.txt"), "utf8")).toBe("new\n");
    const stranger = await run([curl.path, "-sS", "-T", "-", `${url}/no.txt`], { input: "new\n" });
    expect(stranger.code).not.toBe(0);
    expect(existsSync(place.shared("no.txt"))).toBe(false);
    curl.exchanged(4);
  });
});

describe("Python's ftplib", () => {
  python.test("stays logged in, and what is taken away meanwhile is gone at once", async () => {
    await using place = await Place.open();
    const script = `
import ftplib, io, ssl, subprocess, sys
port, ca, state, tincan = int(sys.argv[1]), *sys.argv[2:]
def user(*args, password=""):
    subprocess.run([tincan, "user", *args, "--state-dir", state], input=password, text=True, check=True, capture_output=True)
def login(password):
    ftp = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=ca))
    ftp.connect("127.0.0.1", port)
    ftp.login("ANN", password)
    ftp.prot_p()
    return ftp
def refused(code, action, *args):
    try: action(*args)
    except ftplib.Error as error: assert str(error).startswith(code), error
    else: assert False, "it was not refused"
ftp = login("correct horse")
ftp.storbinary("STOR a.txt", io.BytesIO(b"a"))
cut = ftp.transfercmd("STOR cut.txt")
cut.sendall(b"half")
user("set", "ann", "--allow", "")
cut.unwrap().close()
refused("550", ftp.voidresp)
refused("550", ftp.storbinary, "STOR b.txt", io.BytesIO(b"b"))
refused("550", ftp.delete, "a.txt")
assert sorted(ftp.nlst()) == ["a.txt", "hers.txt"]
user("passwd", "ann", password="battery staple")
refused("530", login, "correct horse")
ftp = login("battery staple")
user("set", "ann", "--home", "/")
refused("421 your account is gone, or was changed meanwhile; log in again", ftp.nlst)
ftp = login("battery staple")
assert sorted(ftp.nlst()) == ["all.txt", "ann"]
user("remove", "ann")
refused("421", ftp.nlst)
refused("530", login, "battery staple")
user("add", "ann", "--allow", "upload", password="correct horse")
login("correct horse").quit()
`;
    const { tincan, certificate } = place;
    const args = [String(tincan.port("ftp")), certificate, tincan.folder.file("state"), TINCAN];
    const { code, stderr } = await run([python.path, "-c", script, ...args], { ms: 30_000 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    python.exchanged(10);
  });
});

describe("a hello in frames", () => {
  python.test("logs in, over TLS and in the clear on the loopback; a wrong one may be tried again", async () => {
    await using place = await Place.open();
    const script = `
import json, socket, ssl, struct, sys
plain, tls, ca = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
def session(secure):
    sock = socket.create_connection(("127.0.0.1", tls if secure else plain))
    if secure: sock = ssl.create_default_context(cafile=ca).wrap_socket(sock, server_hostname="localhost")
    file = sock.makefile("rwb")
    def ask(**message):
        body = json.dumps(message).encode()
        file.write(struct.pack("!I", len(body)) + body)
        file.flush()
        return json.loads(file.read(struct.unpack("!I", file.read(4))[0]))
    return ask
for secure in [True, False]:
    ask = session(secure)
    hello = dict(op="hello", v=1, service="files", user="ann", id=1)
    wrong = ask(**hello, password="a wrong password")
    assert wrong["error"]["code"] == "bad-login", wrong
    assert ask(**hello, password="correct horse")["ok"]
    listed = ask(op="list", path="/", id=2)
    assert listed["entries"][0]["name"] == "hers.txt", listed
    assert ask(op="mkdir", path=f"/new-{secure}", id=3)["ok"]
`;
    const { tincan, certificate } = place;
    const listeners = tincan.ready.doors["framed"]?.listeners ?? [];
    const port = (wanted: string) => String(listeners.find(({ transport }) => transport === wanted)?.port);
    const args = [port("tcp"), port("tls"), certificate];
    const { code, stderr } = await run([python.path, "-c", script, ...args], { ms: 30_000 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of ["new-True", "new-False"]) expect(existsSync(place.shared(`ann/${name}`))).toBe(true);
    python.exchanged(8);
  });
});

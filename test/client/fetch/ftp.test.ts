import { describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { until } from "../../support/deadline.ts";
import { Random, SEED } from "../../support/random.ts";
import { Fetching } from "./fetching.ts";
import { type Control, RawFtp, type Verb } from "./raw-ftp.ts";

const random = new Random(SEED);
const FILE = Buffer.from(Array.from({ length: 300_000 }, () => random.below(256)));

async function bytes(fetching: Fetching): Promise<Buffer> {
  return Buffer.from(await Bun.file(fetching.folder.file("file")).bytes());
}

/** Sends the file from where it was asked to begin up to a byte, and then ends the data connection. */
async function sendUpTo(end: number, to: Control, server: RawFtp): Promise<void> {
  to.say("150 here it comes");
  const data = await to.data();
  await new Promise<void>((sent) => data.end(server.file.subarray(server.takeRest(), end), sent));
}

describe("an ftp URL", () => {
  test("is fetched in binary, with its time of last change, by the path that it names", async () => {
    await using server = await RawFtp.open(FILE);
    server.greeting = "220-welcome\r\n331 is no answer yet\r\n 220 neither\r\n220 now";
    using fetching = new Fetching();
    await fetching.fetch([`${server.url}/%2Fsrv/caf%C3%A9/a%20b/file;type=i`]);
    expect(fetching.results).toEqual([`300000 bytes received from ${server.url}/%2Fsrv/caf%C3%A9/a%20b/file;type=i`]);
    expect(await bytes(fetching)).toEqual(FILE);
    expect(statSync(fetching.folder.file("file")).mtimeMs).toBe(Date.UTC(2025, 0, 2, 3, 4, 5));
    expect(server.commands).toContain("USER anonymous");
    expect(server.commands).toContain("TYPE I");
    expect(server.commands).toContain("RETR /srv/café/a b/file");
  });

  test("sends the very bytes of a name that is no UTF-8", async () => {
    await using server = await RawFtp.open(FILE);
    server.charset = "latin1";
    using fetching = new Fetching();
    // GBK.
    await fetching.fetch([`${server.url}/100%/%D6%D0%CE%C4%20%ff`], { output: fetching.folder.file("file") });
    expect(await bytes(fetching)).toEqual(FILE);
    expect(server.commands).toContain("RETR 100%/\xd6\xd0\xce\xc4 \xff");
    expect(server.commands.join()).not.toContain("UTF8");
  });

  test("whose file is there with its size and time is not fetched again", async () => {
    await using server = await RawFtp.open(FILE);
    using fetching = new Fetching();
    await fetching.fetch([`${server.url}/file`, `${server.url}/other`]);
    server.verbs["MDTM"] = (to, name) => to.say(name === "other" ? "213 20260102030405" : "213 20250102030405");
    const [file, other] = await fetching.fetch([`${server.url}/file`, `${server.url}/other`]);
    expect(file).toMatchObject({ bytes: FILE.length, error: null });
    expect(other?.error).toContain("exists; --force replaces it");
    expect(fetching.results.at(-1)).toContain("already there");
    expect(server.commands.filter((command) => command.startsWith("RETR"))).toHaveLength(2);
  });

  test("logs in with what it says, and shows the password to nobody", async () => {
    await using server = await RawFtp.open(FILE);
    using fetching = new Fetching();
    const url = `${server.url.replace("//", "//ann:p%40ss%20word@")}/file`;
    expect(await fetching.failure(url)).toBe("");
    expect(server.commands).toContain("USER ann");
    expect(server.commands).toContain("PASS p@ss word");
    server.verbs["PASS"] = (to) => to.say("530 no");
    const refused = await fetching.failure(url, { force: true });
    expect(refused).toMatch(/the server does not let you in: "no"$/);
    expect(`${refused}${fetching.results}${fetching.notes}`).not.toMatch(/p%40ss|p@ss/);
  });

  test.each(["a%0D%0ADELE%20x/file", "a%0Afile/b", "a%00/file"])("cannot smuggle a command in by %s", async (path) => {
    await using server = await RawFtp.open(FILE);
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/${path}`)).toContain("would be a command of its own");
    expect(await fetching.failure(`${server.url.replace("//", "//a%0d%0aDELE%20x@")}/file`)).toContain("a command");
    expect(server.commands).toEqual([]);
  });

  test("of a folder is not fetched", async () => {
    await using server = await RawFtp.open(FILE);
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/folder/`)).toContain("that is a folder; name a file in it");
    server.verbs["RETR"] = (to) => to.say("550 \x1b]0;x\x07 is a folder");
    expect(await fetching.failure(`${server.url}/folder`)).toContain(
      'the server answered 550 "\\x1b]0;x\\x07 is a folder"',
    );
    expect(fetching.files).toEqual([]);
  });
});

describe("an ftp server", () => {
  test("that resets the data connection before it refuses is understood, and not asked again", async () => {
    await using server = await RawFtp.open(FILE);
    server.verbs["RETR"] = async (to) => {
      const data = await to.data();
      const closed = new Promise((resolve) => data.once("close", resolve));
      data.resetAndDestroy();
      await closed;
      to.say("550 no such file");
    };
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toContain('the server answered 550 "no such file"');
    expect(fetching.notes).toEqual([]);
    expect(fetching.clock.waiting).toBe(0);
  });

  test("that knows no EPSV gets PASV, and does not say which host the data comes from", async () => {
    await using server = await RawFtp.open(FILE);
    delete server.verbs["EPSV"];
    const { passivePort: at } = server;
    server.verbs["PASV"] = (to) => to.say(`227 passive (192,0,2,1,${at >> 8},${at & 255})`);
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(await bytes(fetching)).toEqual(FILE);
  });

  test("whose replies come a byte at a time is understood", async () => {
    await using server = await RawFtp.open(FILE);
    server.greeting = "220-hello\r\n220 ready";
    server.drips = true;
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(await bytes(fetching)).toEqual(FILE);
  });

  test("that breaks off is gone on with where it was", async () => {
    await using server = await RawFtp.open(FILE);
    const RETR = server.verbs["RETR"] as Verb;
    server.verbs["RETR"] = async (to) => {
      server.verbs["RETR"] = RETR;
      await sendUpTo(200_000, to, server);
      to.say("426 cable pulled");
    };
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(server.commands).toContainEqual(expect.stringMatching(/^REST [1-9]\d+$/));
    expect(await bytes(fetching)).toEqual(FILE);
    expect(fetching.notes[0]).toContain('the server answered 426 "cable pulled"; trying again in');
    expect(fetching.files).toEqual(["file"]);
  });

  test("that says 226 after half of the file has not sent it, in whatever run", async () => {
    await using server = await RawFtp.open(FILE);
    const RETR = server.verbs["RETR"] as Verb;
    server.verbs["RETR"] = async (to) => {
      await sendUpTo(150_000, to, server);
      to.say("226 done");
    };
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toContain("150000 of 300000 bytes came, and then the end");
    expect(fetching.files).toEqual([expect.stringMatching(/^\.file\..*\.tincan-part$/)]);
    server.verbs["RETR"] = RETR;
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(server.commands.filter((line) => line.startsWith("REST")).at(-1)).toBe("REST 150000");
    expect(await bytes(fetching)).toEqual(FILE);
  });

  test("that sends more than the file has is stopped", async () => {
    await using server = await RawFtp.open(FILE);
    let sent = 0;
    server.verbs["RETR"] = async (to) => {
      to.say("150 for ever");
      const data = await to.data();
      const send = () => {
        while (!data.destroyed && sent < 2 ** 28) {
          sent += FILE.length;
          if (!data.write(FILE)) return;
        }
      };
      data.on("drain", send);
      send();
    };
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toContain("more than its 300000 bytes came");
    expect(sent).toBeLessThan(2 ** 26);
    expect(fetching.results).toEqual([]);
    expect(fetching.files).toEqual([]);
  });

  test("that cannot begin in the middle begins anew", async () => {
    await using server = await RawFtp.open(FILE);
    const RETR = server.verbs["RETR"] as Verb;
    server.verbs["REST"] = (to) => to.say("502 from the start or not at all");
    server.verbs["RETR"] = async (to) => {
      server.verbs["RETR"] = RETR;
      await sendUpTo(200_000, to, server);
      to.close();
    };
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(await bytes(fetching)).toEqual(FILE);
    expect(fetching.notes.at(-1)).toBe(`${server.url}/file: begins anew, the server cannot resume`);
  });

  test("that does not tell size or time is believed at 226, and what broke is not kept", async () => {
    await using server = await RawFtp.open(FILE);
    delete server.verbs["SIZE"];
    delete server.verbs["MDTM"];
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toBe("");
    expect(await bytes(fetching)).toEqual(FILE);
    server.verbs["RETR"] = async (to) => {
      await sendUpTo(1000, to, server);
      to.say("451 disk broken");
    };
    expect(await fetching.failure(`${server.url}/file`, { force: true, retries: 0 })).toContain('451 "disk broken"');
    expect(await bytes(fetching)).toEqual(FILE);
    expect(fetching.files).toEqual(["file"]);
  });

  test.each([
    ["an answer of many lines", "220-a\r\n".repeat(20_000)],
    ["a line", "220-".padEnd(200_000, "a")],
  ])("that sends %s without end is not listened to", async (_, greeting) => {
    await using server = await RawFtp.open(FILE);
    server.greeting = greeting;
    using fetching = new Fetching();
    expect(await fetching.failure(`${server.url}/file`)).toContain("an answer of the server does not end");
  });

  test.each(["", "SSH-2.0-OpenSSH_10.0"])("that greets with %j is given up after 15 seconds", async (greeting) => {
    await using server = await RawFtp.open(FILE);
    server.greeting = greeting;
    using fetching = new Fetching();
    const outcome = fetching.failure(`${server.url}/file`);
    await until(() => fetching.clock.waiting > 0, "the deadline");
    fetching.clock.move(15_000);
    expect(await outcome).toContain("no answer in FTP came for 15 seconds");
    expect(fetching.clock.waiting).toBe(0);
  });

  test("that says nothing is given up after a minute", async () => {
    await using server = await RawFtp.open(FILE);
    server.verbs["USER"] = () => {};
    using fetching = new Fetching();
    const outcome = fetching.failure(`${server.url}/file`);
    await until(() => server.commands.length === 1, "the login");
    fetching.clock.move(60_000);
    expect(await outcome).toContain("no answer came for 60 seconds");
    expect(fetching.clock.waiting).toBe(0);
  });
});

import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { rows } from "../../protocols/http/openapi/document.ts";
import { client } from "../support/clients.ts";
import { until } from "../support/deadline.ts";
import { curl, HttpShare } from "../support/http-share.ts";
import { lineClient } from "../support/line-user.ts";
import { Program, run } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan } from "../support/tincan.ts";

const python = client("python3");
const PASSWORD = "correct horse";
const JSON_TYPE = ["-H", "Content-Type: application/json"];

async function user(tincan: Tincan, args: readonly string[]): Promise<void> {
  const state = tincan.folder.file("state");
  const { code, stderr } = await run([TINCAN, "user", ...args, "--state-dir", state], { input: PASSWORD });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
}

const open = (...flags: readonly string[]) =>
  HttpShare.open({ "a.txt": Buffer.from("hello") }, ["--doors", "http,line", "--allow-write", ...flags]);
const api = (share: HttpShare, path: string) => `http://127.0.0.1:${share.port}/api/${path}`;
const bodyOf = ({ body }: { body: Buffer }) => JSON.parse(body.toString());

interface Operation {
  readonly operationId: string;
  readonly "x-codeSamples": readonly [{ readonly source: string }];
}

type PathItem = { readonly [method: string]: Operation } & {
  readonly "x-additionalOperations"?: Readonly<Record<string, Operation>>;
};

describe("the commands of the API's page", () => {
  curl.test(
    "do what they say",
    async () => {
      await using share = await open("--history", "7d");
      await user(share.tincan, ["add", "ann"]);
      expect(bodyOf(await share.curl(api(share, "me")))).toMatchObject({ history: true });
      writeFileSync(share.local("a.jpg"), "a picture");
      mkdirSync(share.shared("photos"));
      writeFileSync(share.shared("photos/a.jpg"), "a picture that is there already");
      const { paths } = bodyOf(await share.curl(api(share, "openapi.json"))) as { paths: Record<string, PathItem> };
      const samples = new Map<string, string>();
      for (const { "x-additionalOperations": more = {}, ...item } of Object.values(paths))
        for (const {
          operationId,
          "x-codeSamples": [sample],
        } of [...Object.values(item), ...Object.values(more)])
          samples.set(operationId, sample.source);
      expect([...samples.keys()].sort()).toEqual(rows.map(({ id }) => id).sort());
      const order = ["fetch", "remove", "upload", "move", "list"];
      const rest = [...samples.keys()].filter((id) => !order.includes(id) && id !== "makeFolder");
      for (const id of [...order, ...rest, "makeFolder"]) {
        if (id === "makeFolder") await run(["rm", "-r", share.shared("photos")]);
        // What has no end is cut off after a second, which curl tells by 28.
        const endless = id === "follow" || id === "webSocket";
        const command = (samples.get(id) ?? "")
          .replace(/^curl/, `curl -fsS -o out --max-time ${endless ? 1 : 20}`)
          .replace("-u ann", `-u 'ann:${PASSWORD}'`)
          .replace("…", PASSWORD);
        const { code, stderr } = await run(["sh", "-c", command], { cwd: share.local("") });
        expect({ id, code: code === 28 && endless ? 0 : code, stderr: code === 28 ? "" : stderr }).toEqual({
          ...{ id, code: 0, stderr: "" },
        });
        curl.exchanged();
      }
    },
    60_000,
  );
});

describe("curl in the room", () => {
  curl.test("speaks to who came by netcat, follows, and reads again", async () => {
    await using share = await open();
    using ann = await lineClient({ port: share.tincan.port("line") }, "ann");
    await using follower = new Program([curl.path, "-sN", api(share, "rooms/lobby/events")]);
    await follower.stdout.readUntil("event: room\n");
    const said = await share.curl(
      ...JSON_TYPE,
      "-d",
      '{"text":"first\\nsecond","name":"bot"}',
      api(share, "rooms/lobby/messages"),
    );
    expect(said.status).toBe(201);
    // Every line of it has its speaker in front, so that nobody speaks for another.
    expect(await ann.user.hears("first")).toBe("bot: first");
    expect(await ann.user.hears("second")).toBe("bot: second");
    await ann.user.say("hello curl");
    const heard = await follower.stdout.readUntil("hello curl");
    expect(heard).toContain('"text":"first\\nsecond"');
    await ann.user.say("/who");
    expect(await ann.user.hears("in #lobby")).toBe("-- in #lobby: ann");
    const read = await share.curl(api(share, "rooms/lobby/messages"));
    expect(bodyOf(read).events).toMatchObject([{ from: "bot" }, { from: "ann", text: "hello curl" }]);
    for (const forged of ["a\\r\\nann: b", "a\\u0000", "\\u001b[2J", "a\\u0085b"]) {
      const refused = await share.curl(...JSON_TYPE, "-d", `{"text":"${forged}"}`, api(share, "rooms/lobby/messages"));
      expect([refused.status, bodyOf(refused).error.code]).toEqual([400, "bad-text"]);
    }
  });

  curl.test("gets no field of its making into an answer", async () => {
    await using share = await open();
    const odd = "%0d%0aSet-Cookie:%20a=b";
    for (const path of [`rooms/${odd}/messages`, `rooms/${odd}/events`, `files?path=/${odd}`, `${odd}`]) {
      const answer = await share.curl(api(share, path));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.fields.has("set-cookie")).toBe(false);
      expect(bodyOf(answer).error.message).not.toMatch(/[\r\n]/);
    }
  });

  curl.test("cannot send what is packed, nested or too large", async () => {
    await using share = await open();
    const messages = api(share, "rooms/lobby/messages");
    writeFileSync(share.local("bomb"), Bun.gzipSync(Buffer.alloc(64 << 20, " ")));
    const before = share.tincan.rss();
    const packed = await share.curl(...JSON_TYPE, "-H", "Content-Encoding: gzip", "--data-binary", "@bomb", messages);
    expect([packed.status, bodyOf(packed).error.code]).toEqual([415, "bad-type"]);
    writeFileSync(share.local("large"), `{"text":"${"x".repeat(10 << 20)}"}`);
    const large = await share.curl(...JSON_TYPE, "--data-binary", "@large", messages);
    expect([large.status, bodyOf(large).error.code]).toEqual([413, "too-large"]);
    const chunked = await share.curl(
      ...JSON_TYPE,
      "-H",
      "Transfer-Encoding: chunked",
      "--data-binary",
      "@large",
      messages,
    );
    expect([chunked.status, bodyOf(chunked).error.code]).toEqual([413, "too-large"]);
    writeFileSync(share.local("deep"), `{"text":${"[".repeat(30_000)}`);
    const deep = await share.curl(...JSON_TYPE, "--data-binary", "@deep", messages);
    expect([deep.status, bodyOf(deep).error.code]).toEqual([400, "bad-json"]);
    expect(share.tincan.rss() - before).toBeLessThan(40 << 20);
  });
});

test("who follows goes on over a restart, where what is said is kept", async () => {
  using folder = new TempFolder();
  const flags = ["--doors", "http", "--history", "7d", "--state-dir", folder.file("state")];
  const follow = async (tincan: Tincan, lastId: string) => {
    const client = await connect({ port: tincan.port("http") });
    await client.write(`GET /api/rooms/lobby/events HTTP/1.0\r\n${lastId}\r\n`);
    return client;
  };
  const say = (tincan: Tincan, text: string) => {
    const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }) };
    return fetch(`http://127.0.0.1:${tincan.port("http")}/api/rooms/lobby/messages`, init);
  };
  let id = "";
  {
    await using tincan = await startTincan(flags);
    using client = await follow(tincan, "");
    await client.readUntil("event: room\n");
    await say(tincan, "one");
    [, id = ""] = /id: (\S+)\ndata: [^\n]*"one"$/.exec(await client.readUntil('"one"')) ?? [];
    await say(tincan, "two");
    const stopped = tincan.stop();
    await client.readUntil("event: bye\n");
    client[Symbol.dispose]();
    await stopped;
  }
  await using tincan = await startTincan(flags);
  await say(tincan, "three");
  using client = await follow(tincan, `Last-Event-ID: ${id}\r\n`);
  const told = await client.readUntil('"three"');
  expect(Array.from(told.matchAll(/"text":"(\w+)"/g), ([, text]) => text)).toEqual(["two", "three"]);
  expect(told).not.toContain("event: gap");
});

describe("a login", () => {
  curl.test("by curl's own jar of cookies, until the account is gone", async () => {
    await using share = await open();
    await user(share.tincan, ["add", "ann", "--allow", "admin"]);
    const login = ["-c", "jar", ...JSON_TYPE, "-d", JSON.stringify({ user: "ann", password: PASSWORD })];
    const answer = await share.curl(...login, api(share, "login"));
    expect([answer.status, bodyOf(answer).account]).toEqual([200, "ann"]);
    expect(bodyOf(await share.curl("-b", "jar", api(share, "me"))).account).toBe("ann");
    await user(share.tincan, ["remove", "ann"]);
    expect(bodyOf(await share.curl("-b", "jar", api(share, "me"))).account).toBe(null);
  });

  curl.test("over TLS has a cookie for TLS alone", async () => {
    await using share = await open();
    await user(share.tincan, ["add", "ann"]);
    const login = ["-k", ...JSON_TYPE, "-d", JSON.stringify({ user: "ann", password: PASSWORD })];
    const answer = await share.curl(...login, `https://127.0.0.1:${share.tlsPort}/api/login`);
    expect(answer.fields.get("set-cookie")).toEndWith("; HttpOnly; SameSite=Strict; Secure");
  });

  curl.test("that is tried two hundred times at once holds nobody else up", async () => {
    await using share = await open();
    await user(share.tincan, ["add", "ann"]);
    const guesses = await Promise.all(Array.from({ length: 200 }, () => connect({ port: share.port })));
    const body = JSON.stringify({ user: "ann", password: "wrong" });
    const request = `POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    await Promise.all(guesses.map((guess) => guess.write(request)));
    await guesses[0]?.readUntil("bad-login");
    const began = performance.now();
    const health = await share.curl(`http://127.0.0.1:${share.port}/healthz`);
    expect(health.status).toBe(200);
    expect(performance.now() - began).toBeLessThan(3_000);
    for (const guess of guesses) guess[Symbol.dispose]();
    // The answers to the others are due in half an hour.
    await share.tincan.stop("SIGKILL");
  });
});

const outside = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;

describe.skipIf(outside === undefined)("from elsewhere", () => {
  const there = (share: HttpShare, path: string) => `http://${outside}:${share.port}${path}`;
  const hosts = ["--host", "127.0.0.1", "--host", outside ?? ""];

  curl.test("operators' addresses ask for an account that may admin", async () => {
    await using share = await open(...hosts, "--allow-plain-passwords");
    await user(share.tincan, ["add", "ann", "--allow", "admin"]);
    await user(share.tincan, ["add", "bob"]);
    for (const path of ["/metrics", "/api/status", "/api/transfers"]) {
      const stranger = await share.curl(there(share, path));
      expect([stranger.status, bodyOf(stranger).error.code]).toEqual([401, "login-needed"]);
      expect(stranger.fields.get("www-authenticate")).toStartWith("Basic ");
      expect((await share.curl("-u", `bob:${PASSWORD}`, there(share, path))).status).toBe(403);
      expect((await share.curl("-u", `ann:${PASSWORD}`, there(share, path))).status).toBe(200);
    }
    for (const path of ["/healthz", "/readyz", "/api/me"])
      expect((await share.curl(there(share, path))).status).toBe(200);
  });

  curl.test("passwords are not taken without TLS", async () => {
    await using share = await open(...hosts);
    await user(share.tincan, ["add", "ann"]);
    for (const password of [PASSWORD, "wrong"]) {
      const login = [...JSON_TYPE, "-d", JSON.stringify({ user: "ann", password })];
      const answer = await share.curl(...login, there(share, "/api/login"));
      expect([answer.status, bodyOf(answer).error.code]).toEqual([403, "plain-password"]);
      const basic = await share.curl("-u", `ann:${password}`, there(share, "/api/me"));
      expect([basic.status, bodyOf(basic).error.code]).toEqual([403, "plain-password"]);
    }
    expect(bodyOf(await share.curl(there(share, "/api/me"))).login).toBe(false);
  });
});

describe("an operator", () => {
  curl.test("reads numbers that tell of nobody, and sees them move", async () => {
    await using share = await open();
    using ann = await lineClient({ port: share.tincan.port("line") }, "ann");
    const numbers = async () => {
      const { body } = await share.curl(`http://127.0.0.1:${share.port}/metrics`);
      const text = body.toString();
      expect(text).not.toMatch(/\bann\b|lobby|a\.txt|127\.0\.0\.1/);
      return (line: string) =>
        Number(
          text
            .split("\n")
            .find((one) => one.startsWith(`${line} `))
            ?.slice(line.length + 1) ?? Number.NaN,
        );
    };
    const before = await numbers();
    await share.curl(share.url("a.txt"));
    await ann.user.say("hi");
    await share.curl(...JSON_TYPE, "-d", '{"text":"hi"}', api(share, "rooms/lobby/messages"));
    const after = await numbers();
    expect(after('tincan_connections{door="line",state="read"}')).toBe(1);
    expect(after("tincan_chat_members")).toBe(1);
    const done = 'tincan_transfers_total{direction="get",outcome="done"}';
    expect(after(done) - before(done)).toBe(1);
    const bytes = 'tincan_transfer_bytes_total{direction="get"}';
    expect(after(bytes) - before(bytes)).toBe(5);
    const events = "tincan_chat_events_total";
    expect(after(events) - before(events)).toBe(2);
    const accepted = 'tincan_connections_accepted_total{door="http"}';
    expect(after(accepted) - before(accepted)).toBe(3);
    expect(after("tincan_resident_memory_bytes")).toBeGreaterThan(10 << 20);
  });

  curl.test("sees connections run out before they do", async () => {
    await using share = await open("--max-connections", "40");
    const url = `http://127.0.0.1:${share.port}/readyz`;
    expect((await share.curl(url)).status).toBe(200);
    const many = await Promise.all(Array.from({ length: 38 }, () => connect({ port: share.tincan.port("line") })));
    await Promise.all(many.map((one) => one.readUntil("\n")));
    const full = await share.curl(url);
    expect([full.status, bodyOf(full).error.code]).toEqual([503, "not-ready"]);
    for (const one of many) one[Symbol.dispose]();
    await until(async () => (await share.curl(url)).status === 200, "ready again");
  });

  test("sees the server go on the connection that it keeps", async () => {
    await using share = await open();
    using watcher = await connect({ port: share.port });
    const ask = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    await watcher.write(ask);
    expect(await watcher.readUntil("ok\n")).toStartWith("HTTP/1.1 200 ");
    const stopped = share.tincan.stop();
    await share.tincan.waitForEvent(({ event }) => event === "draining");
    await watcher.write(ask);
    expect((await watcher.readAll()).toString()).toStartWith("HTTP/1.1 503 ");
    watcher[Symbol.dispose]();
    expect(await stopped).toBe(0);
  });
});

describe("Python", () => {
  python.test("follows with nothing but urllib, and goes on where it was cut off", async () => {
    await using share = await open();
    const script = `
import json, sys, urllib.request
base = "http://127.0.0.1:%s/api/rooms/lobby" % sys.argv[1]
def say(text):
    request = urllib.request.Request(base + "/messages", json.dumps({"text": text, "name": "py"}).encode(),
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201
        return json.load(answer)
def events(last=None):
    request = urllib.request.Request(base + "/events", headers={"Last-Event-ID": last} if last else {})
    with urllib.request.urlopen(request, timeout=20) as stream:
        event = {}
        for line in stream:
            line = line.decode().rstrip("\\n")
            if line == "" and "data" in event:
                yield event
                event = {}
            elif line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                event[name] = value
first = events()
assert next(first)["event"] == "room"
numbers = [say("message %d" % i)["seq"] for i in range(50)]
seen, last = [], None
for event in first:
    seen.append(json.loads(event["data"])["text"])
    last = event["id"]
    if len(seen) == 20: break
first.close()
say("while away")
for event in events(last):
    if event["event"] == "message": seen.append(json.loads(event["data"])["text"])
    if seen[-1] == "while away": break
assert seen == ["message %d" % i for i in range(50)] + ["while away"], seen
assert numbers == list(range(numbers[0], numbers[0] + 50)), numbers
`;
    const { code, stderr } = await run([python.path, "-c", script, String(share.port)], { ms: 25_000 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    python.exchanged(50);
  });
});

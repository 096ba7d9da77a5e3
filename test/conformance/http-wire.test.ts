import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { client } from "../support/clients.ts";
import { HttpShare } from "../support/http-share.ts";
import { answersIn, readAnswer } from "../support/http-talk.ts";
import { run } from "../support/program.ts";
import { content } from "../support/tree.ts";

const nc = client("nc");
let share: HttpShare;
const BIG = content(3 * 1024 * 1024);

beforeAll(async () => {
  const flags = ["--allow-write", "--doors", "http,line,ftp,framed"];
  share = await HttpShare.open({ "big.bin": BIG, "small.txt": Buffer.from("small") }, flags);
});
afterAll(async () => {
  await share[Symbol.asyncDispose]();
});

/** All answers to what is sent in one go by somebody who then says that nothing more comes. */
async function talk(text: string | Uint8Array, { halfClose = true } = {}) {
  using peer = await share.connect();
  await peer.write(typeof text === "string" ? Buffer.from(text, "latin1") : text);
  if (halfClose) peer.halfClose();
  return answersIn((await peer.readAll()).toString("latin1"));
}

const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
const put = (name: string, body: string, more = "") =>
  `PUT /files/${name} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
const codeOf = (body: string) => JSON.parse(body).error.code;

describe("a connection", () => {
  test("takes requests one after the other", async () => {
    using peer = await share.connect();
    for (const word of ["a", "b", "c"]) {
      await peer.write(get(`/api/echo?text=${word}`));
      expect((await readAnswer(peer)).body).toBe(`{"text":"${word.toUpperCase()}"}\n`);
    }
  });

  test("takes them all at once, and answers in order, also behind slow ones and with bodies", async () => {
    const echo = (word: string) => get(`/api/echo?text=${word}`);
    const answers = await talk(
      [
        echo("one"),
        put("p1.txt", "first"),
        get("/files/p1.txt"),
        get("/files/?archive=tar", "Connection: keep-alive\r\n").replace("GET", "HEAD"),
        put("p2.txt", "second"),
        get("/nowhere"),
        "DELETE /files/p1.txt HTTP/1.1\r\nHost: localhost\r\n\r\n",
        get("/files/p1.txt"),
        get("/files/p2.txt"),
        echo("two"),
      ].join(""),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 201, 200, 200, 201, 404, 204, 404, 200, 200]);
    expect([0, 2, 8, 9].map((i) => answers[i]?.body)).toEqual([
      '{"text":"ONE"}\n',
      "first",
      "second",
      '{"text":"TWO"}\n',
    ]);
  });

  test("may have 1,000 requests sent at once", async () => {
    const answers = await talk(Array.from({ length: 1000 }, (_, i) => get(`/api/echo?text=a${i}`)).join(""));
    expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 1000 }, (_, i) => `{"text":"A${i}"}\n`));
  });

  test("sends a whole file to who has half-closed, and a request behind it", async () => {
    const answers = await talk(get("/files/big.bin") + get("/files/small.txt"));
    expect(answers[0]?.body === share.sharedBytes("big.bin").toString("latin1")).toBe(true);
    expect(answers[1]?.body).toBe("small");
  });

  test("ends where it was asked to, and what comes behind is not answered", async () => {
    const answers = await talk(get("/files/small.txt", "Connection: close\r\n") + get("/files/small.txt"));
    expect(answers).toHaveLength(1);
    expect(answers[0]?.head).toContain("\r\nConnection: close\r\n");
  });

  test("of HTTP/1.0 ends behind its answer, unless it asks for more", async () => {
    const once = await talk("GET /files/small.txt HTTP/1.0\r\n\r\n", { halfClose: false });
    expect(once.map(({ body }) => body)).toEqual(["small"]);
    using peer = await share.connect();
    for (let i = 0; i < 2; i++) {
      await peer.write("GET /files/small.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      const { head, body } = await readAnswer(peer);
      expect(head).toContain("\r\nConnection: keep-alive\r\n");
      expect(body).toBe("small");
    }
  });

  test("of HTTP/1.0 gets what has no length without chunks, up to the end", async () => {
    using peer = await share.connect();
    await peer.write("GET /files/?archive=tar HTTP/1.0\r\n\r\n");
    const said = await peer.readAll();
    const head = said.subarray(0, said.indexOf("\r\n\r\n")).toString();
    expect(head).not.toMatch(/transfer-encoding|content-length/i);
    expect((said.length - head.length - 4) % 512).toBe(0);
    expect(said.subarray(-1024).equals(Buffer.alloc(1024))).toBe(true);
  });

  test("answers HEAD with the fields of GET and no byte of a body", async () => {
    using peer = await share.connect();
    for (const path of ["/files/big.bin", "/api/echo?text=a", "/nowhere"]) {
      await peer.write(get(path).replace("GET", "HEAD"));
      expect((await readAnswer(peer, { noBody: true })).head).toMatch(/\r\nContent-Length: [1-9]/);
    }
    await peer.write(get("/files/small.txt"));
    expect((await readAnswer(peer)).body).toBe("small");
  });

  test("may have empty lines before a request, wherever they are cut", async () => {
    using peer = await share.connect();
    for (const piece of ["\r", "\n\r\n", get("/files/small.txt")]) await peer.write(piece);
    expect((await readAnswer(peer)).body).toBe("small");
  });

  test("takes a whole address, and * with OPTIONS", async () => {
    const answers = await talk(
      "GET http://localhost/files/small.txt HTTP/1.1\r\nHost: other\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n" +
        "GET http://evil.example/files/small.txt HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 204, 421]);
  });

  test("says 100 when a body is wanted, and not when it is refused or to HTTP/1.0", async () => {
    const head = (name: string, minor = 1) =>
      `PUT /files/${name} HTTP/1.${minor}\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n`;
    using peer = await share.connect();
    await peer.write(head("e1.txt"));
    expect(await peer.readUntil("\r\n\r\n")).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    await peer.write("body");
    expect((await readAnswer(peer)).status).toBe(201);
    await peer.write(head("e1.txt"));
    expect((await readAnswer(peer)).status).toBe(409);
    const [old] = await talk(`${head("e2.txt", 0)}body`);
    expect(old?.status).toBe(201);
  });

  nc.test("from nc -N is answered", async () => {
    const { stdout } = await run([nc.path, "-N", "127.0.0.1", String(share.port)], { input: get("/files/small.txt") });
    expect(stdout).toEndWith("\r\n\r\nsmall");
    nc.exchanged();
  });
});

const asPage = "Accept: text/html\r\n";
const refused: readonly (readonly [what: string, text: string, status: number])[] = [
  ["no such address", get("/nowhere"), 404],
  ["a method that is not there", "BREW /api/echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 405],
  ["a method named like a part of every object", "constructor /api/echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 405],
  ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["a foreign Host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421],
  ["a long address", get(`/${"a".repeat(9_000)}`), 414],
  ["a long head", get("/", `A: ${"a".repeat(17_000)}\r\n`), 431],
  ["too many fields", get("/", "A: b\r\n".repeat(101)), 431],
  ["another version", "GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", 505],
  ["an unknown coding", get("/", "Transfer-Encoding: xchunked\r\n"), 501],
  ["half a head", "GET / HTTP/1.1\r\nHost: local", 400],
  [
    "a long JSON body",
    `POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n`,
    413,
  ],
];

describe("an error", () => {
  for (const [what, text, status] of refused) {
    test(`for ${what} is ${status}, as JSON and as a page`, async () => {
      const [answer] = await talk(text);
      expect(answer?.status).toBe(status);
      expect(codeOf(answer?.body ?? "")).toMatch(/^[a-z-]+$/);
      if (!text.endsWith("\r\n\r\n")) return;
      const [page] = await talk(text.replace("\r\n", `\r\n${asPage}`));
      expect(page?.status).toBe(status);
      expect(page?.head).toContain("Content-Type: text/html");
      expect(page?.head).toContain("default-src 'none'");
      expect(page?.body).toContain(`<h1>${status}</h1>`);
    });
  }

  test("405 says what can be done", async () => {
    const [answer] = await talk("BREW /api/echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(answer?.head).toContain("\r\nAllow: OPTIONS, HEAD, GET\r\n");
  });

  test("a balancer that asks what can be done, as haproxy does, finds the server well", async () => {
    const [answer] = await talk("OPTIONS / HTTP/1.0\r\n\r\n");
    expect(answer?.head).toStartWith("HTTP/1.1 204 No Content\r\n");
    expect(answer?.head).toContain("\r\nAllow: OPTIONS, HEAD, GET\r\n");
  });

  test("with somebody's text in it runs nothing and splits nothing", async () => {
    const [page] = await talk(get("/%3Cscript%3E<script>alert(1)</script>", asPage));
    expect(page?.body).not.toContain("<script>");
    const [echo] = await talk(get("/api/echo?text=%0d%0aSet-Cookie:%20a=b"));
    expect(echo?.head.toLowerCase()).not.toContain("set-cookie");
    const [moved] = await talk(get("/files/a%0d%0aSet-Cookie:x"));
    expect(moved?.head.toLowerCase()).not.toContain("\nset-cookie");
  });
});

/** A second request hides in each; whoever takes the first differently than we do would see it, and we must not. */
const HIDDEN = get("/files/small.txt");
const chunkedPut = (coding: string, body: string, more = "") =>
  `PUT /files/smuggled HTTP/1.1\r\nHost: localhost\r\n${more}${coding}\r\n\r\n${body}`;
const shapes: readonly (readonly [name: string, text: string, status: number])[] = [
  ["CL.TE", chunkedPut("Transfer-Encoding: chunked", `0\r\n\r\n${HIDDEN}`, "Content-Length: 4\r\n"), 400],
  ["TE.CL", chunkedPut("Content-Length: 4", `5c\r\n${HIDDEN}0\r\n\r\n`, "Transfer-Encoding: chunked\r\n"), 400],
  ["TE.TE", chunkedPut("Transfer-Encoding: x", `0\r\n\r\n${HIDDEN}`, "Transfer-Encoding: chunked\r\n"), 400],
  ["two equal CL", chunkedPut("Content-Length: 0", HIDDEN, "Content-Length: 0\r\n"), 400],
  ["two different CL", chunkedPut("Content-Length: 0", HIDDEN, `Content-Length: ${HIDDEN.length}\r\n`), 400],
  ["CL with a list", chunkedPut("Content-Length: 0, 0", HIDDEN), 400],
  ["CL with a sign", chunkedPut("Content-Length: +5", `abcde${HIDDEN}`), 400],
  ["CL below zero", chunkedPut("Content-Length: -1", HIDDEN), 400],
  ["CL in hex", chunkedPut("Content-Length: 0x5", `abcde${HIDDEN}`), 400],
  ["CL with a space inside", chunkedPut("Content-Length: 1 0", HIDDEN), 400],
  ["CL with a space before the colon", chunkedPut("Content-Length : 5", `abcde${HIDDEN}`), 400],
  ["TE xchunked", chunkedPut("Transfer-Encoding: xchunked", `0\r\n\r\n${HIDDEN}`), 501],
  ["TE chunked, identity", chunkedPut("Transfer-Encoding: chunked, identity", `0\r\n\r\n${HIDDEN}`), 501],
  ["TE identity, chunked", chunkedPut("Transfer-Encoding: identity, chunked", `0\r\n\r\n${HIDDEN}`), 501],
  ["TE behind a vertical tab", chunkedPut("Transfer-Encoding: \x0bchunked", `0\r\n\r\n${HIDDEN}`), 400],
  ["TE folded", chunkedPut("Transfer-Encoding:\r\n chunked", `0\r\n\r\n${HIDDEN}`), 400],
  ["TE behind LF alone", chunkedPut("A: b\nTransfer-Encoding: chunked", `0\r\n\r\n${HIDDEN}`), 400],
  ["TE behind CR alone", chunkedPut("A: b\rTransfer-Encoding: chunked", `0\r\n\r\n${HIDDEN}`), 400],
  ["TE behind NUL", chunkedPut("A: b\0\r\nTransfer-Encoding: chunked", `0\r\n\r\n${HIDDEN}`), 400],
  ["TE in HTTP/1.0", chunkedPut("Transfer-Encoding: chunked", `0\r\n\r\n${HIDDEN}`).replace("1.1", "1.0"), 400],
  ["a chunk over 64 bits", chunkedPut("Transfer-Encoding: chunked", `10000000000000005\r\nabcde\r\n${HIDDEN}`), 400],
  ["a chunk with a prefix", chunkedPut("Transfer-Encoding: chunked", `0x5\r\nabcde\r\n0\r\n\r\n${HIDDEN}`), 400],
  ["a chunk with LF alone", chunkedPut("Transfer-Encoding: chunked", `5\nabcde\n0\n\n${HIDDEN}`), 400],
  ["a chunk longer than it says", chunkedPut("Transfer-Encoding: chunked", `3\r\nabcde\r\n0\r\n\r\n${HIDDEN}`), 400],
  ["an extension with LF", chunkedPut("Transfer-Encoding: chunked", `5;\nx\r\nabcde\r\n0\r\n\r\n${HIDDEN}`), 400],
  ["two Hosts", chunkedPut("Content-Length: 0", HIDDEN, "Host: evil.example\r\n"), 400],
];

describe("request smuggling", () => {
  for (const [name, text, status] of shapes) {
    test(`by ${name} is answered ${status}, and nothing behind it is`, async () => {
      const answers = await talk(text);
      expect(answers.map((answer) => answer.status)).toEqual([status]);
      expect(answers[0]?.head).toContain("\r\nConnection: close\r\n");
      const [left] = await talk(get("/files/smuggled"));
      expect(left?.status).toBe(404);
    });
  }

  test("by a body that nobody read ends the connection", async () => {
    const answers = await talk(
      `POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    );
    expect(answers.map(({ status }) => status)).toEqual([404]);
    expect(answers[0]?.head).toContain("\r\nConnection: close\r\n");
  });

  test("by a request behind the upgrade to a WebSocket is none", async () => {
    const upgrade = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${btoa("0123456789abcdef")}\r\n`;
    const body = (length: number) => get("/ws", `${upgrade}Content-Length: ${length}\r\n`);
    expect((await talk(body(HIDDEN.length) + HIDDEN)).map(({ status }) => status)).toEqual([400]);
    using peer = await share.connect();
    await peer.write(get("/ws", upgrade) + HIDDEN);
    const said = (await peer.readAll()).toString("latin1");
    expect(said).toStartWith("HTTP/1.1 101 Switching Protocols\r\n");
    expect(said).not.toContain("small");
    const [old] = await talk(get("/ws", upgrade).replace("1.1", "1.0"));
    expect(old?.status).toBe(426);
  });
});

describe("who speaks something else", () => {
  const others: readonly (readonly [what: string, text: string | Uint8Array, door: string])[] = [
    ["TLS", Buffer.from("160301020001000000", "hex"), "https"],
    ["FTP", "USER anonymous\r\n", "ftp"],
    ["text", "hello everybody\r\n", "line"],
    ["text by netcat", "hello everybody\n", "line"],
    ["telnet", Buffer.from("fffb18fffd01", "hex"), "line"],
    ["frames", Buffer.from("0000000568656c6c6f", "hex"), "framed"],
  ];
  for (const [what, text, door] of others) {
    test(`${what} is told so at once, and where to go`, async () => {
      const [answer] = await talk(text, { halfClose: false });
      expect(answer?.status).toBe(400);
      const port = door === "https" ? share.tlsPort : share.tincan.port(door);
      const { message } = JSON.parse(answer?.body ?? "").error;
      expect(message).toContain(`port ${port}`);
      expect(message).not.toContain("%20");
    });
  }

  const nearly: readonly (readonly [what: string, text: string, advice: string])[] = [
    ["a space in its path", "GET /files/a b.txt HTTP/1.1\r\nHost: localhost\r\n\r\n", "%20"],
    ["lines that end in LF alone", "GET /files/small.txt HTTP/1.0\n\n", "CR LF"],
  ];
  for (const [what, text, advice] of nearly) {
    test(`is not who sends a request with ${what}: it is told what to change, and no other port`, async () => {
      const [answer] = await talk(text, { halfClose: false });
      const { message } = JSON.parse(answer?.body ?? "").error;
      expect([answer?.status, message]).toEqual([400, expect.stringContaining(advice)]);
      expect(message).not.toContain("port");
    });
  }

  test("HTTP on the port for TLS ends there, and the door goes on", async () => {
    const { connect } = await import("../support/tcp.ts");
    using peer = await connect({ port: share.tlsPort });
    const { peer: address } = peer;
    await peer.write(get("/"));
    await peer.readAll();
    expect((await share.tincan.closed(address))["reason"]).toBe("violation");
    const { status, body } = await share.curl("-k", `https://127.0.0.1:${share.tlsPort}/files/small.txt`);
    expect([status, body.toString()]).toEqual([200, "small"]);
  });
});

test("a client that leaves in the middle of anything leaves nothing behind", async () => {
  const parts = [
    get("/files/big.bin"),
    "GET / HTT",
    put("cut.bin", "x".repeat(1000)).slice(0, -500),
    get("/api/rooms/lobby/events"),
  ];
  const hurt = async () => {
    const peers = await Promise.all(
      parts.flatMap((part) =>
        Array.from({ length: 5 }, async () => {
          const peer = await share.connect();
          // One that is reset before it was let in is never heard of.
          await peer.write(get("/files/small.txt"));
          await readAnswer(peer);
          await peer.write(part);
          return peer;
        }),
      ),
    );
    const ends = peers.map(({ peer }) => share.tincan.closed(peer));
    for (const [i, peer] of peers.entries()) i % 2 === 0 ? peer.reset() : peer[Symbol.dispose]();
    await Promise.all(ends);
    await talk(get("/files/small.txt"));
  };
  await hurt();
  const fds = share.tincan.fds();
  await hurt();
  expect(share.tincan.fds()).toBeLessThanOrEqual(fds);
});

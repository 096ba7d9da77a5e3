import { describe, expect, test } from "bun:test";
import { cut, everyCut } from "../../bytes/chunks.ts";
import { Chat } from "./chat.ts";

/** Sends chunks as somebody new while bob listens; what both saw, and how it ended. */
async function visit(chat: Chat, chunks: Iterable<Uint8Array>) {
  const bob = await chat.connect();
  const stranger = await chat.connect();
  bob.takeBytes();
  stranger.takeBytes();
  for (const chunk of chunks) await stranger.type(chunk);
  const answer = stranger.takeBytes();
  const { state, why } = stranger;
  stranger.close();
  const heard = bob.take();
  bob.close();
  return { answer, heard, state, why };
}

const onlyLeft = [expect.stringMatching(/^-- guest\d+ left \(broke the protocol\)$/)];
const post = "POST / HTTP/1.1\r\nHost: 127.0.0.1:8423\r\nContent-Type: text/plain\r\n\r\nI am a web page\r\n";

function latin1(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

describe("a web page cannot post into the room", () => {
  const requests = [
    post,
    "GET / HTTP/1.0\r\n\r\n",
    "HEAD /x HTTP/1.1\n\n",
    "OPTIONS * HTTP/1.1\r\n\r\n",
    "CONNECT irc.example:6667 HTTP/1.1\r\n\r\n",
    "DELETE http://a/b HTTP/1.1\r\nsaid\r\n",
    "PROPFIND /x HTTP/1.1\r\nsaid\r\n",
    "GET /\r\nsaid\r\n",
    `GET /${"a".repeat(20_000)} HTTP/1.1\r\nX: said\r\n\r\n`,
    `\r\nPOST /${"a".repeat(20_000)} HTTP/1.1\r\nX: said\r\n\r\nsaid\r\n`,
    "\xff\xfd\x01\xff\xf4GET / HTTP/1.1\r\nsaid\r\n",
    "GET / HTTP/1.1\x15hello\r\nsaid\r\n",
    "\xff\xfb\x18GE\xff\xfd\x03T / HTTP/1.1\r\nsaid\r\n",
  ];
  for (const request of requests) {
    test(JSON.stringify(request.slice(0, 50)), async () => {
      const { answer, heard, state, why } = await visit(new Chat(), [latin1(request)]);
      expect(heard).toEqual(onlyLeft);
      expect(state).toBe("finishing");
      expect(why).toEqual({ kind: "violation", detail: "an HTTP request on the chat port" });
      expect(answer.toString("latin1")).toMatch(/HTTP\/1\.1 400 Bad Request\r\n/);
    });
  }

  test("wherever the request is cut", async () => {
    const chat = new Chat();
    for (let at = 1; at < post.length; at++) {
      const { heard, why } = await visit(chat, cut(latin1(post), [at]));
      expect(heard).toEqual(onlyLeft);
      expect(why?.kind).toBe("violation");
    }
    const { heard } = await visit(
      chat,
      Array.from(post, (char) => latin1(char)),
    );
    expect(heard).toEqual(onlyLeft);
  });

  test("is answered in HTTP, with the length that it has and the way to the page", async () => {
    const { answer } = await visit(new Chat(), [latin1(post)]);
    const [head = "", body = ""] = answer.toString().split("\r\n\r\n");
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
    expect(head).toContain("Connection: close");
    expect(body).toContain("nc HOST PORT");
    expect(body).toContain("the page is at http://127.0.0.1:8480/");
  });
});

test("a TLS handshake is answered with an alert, as soon as two bytes have come", async () => {
  for (const chunks of everyCut(Uint8Array.of(0x16, 0x03, 0x01, 0x02))) {
    const { answer, heard, why } = await visit(new Chat(), chunks);
    expect(answer).toEqual(Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28]));
    expect(why).toEqual({ kind: "violation", detail: "a TLS handshake on the plain chat port" });
    expect(heard).toEqual(onlyLeft);
  }
});

for (const [first, detail, answer] of [
  ["SSH-2.0-OpenSSH_9.2\r\n", "an SSH client", /^-- .*not SSH\r\n$/],
  ["CAP LS 302\r\nPASS secret\r\n", "an IRC client", /^ERROR :.*not IRC.*\r\n$/],
  ["PASS secret\r\nNICK ann\r\n", "an IRC client", /^ERROR :/],
  ["NICK ann\r\nUSER ann 0 * :Ann\r\n", "an IRC client", /^ERROR :/],
  ["\x03\x00\x00\x13\x0e\xe0\x00\n", "binary data", /^-- .*binary\r\n$/],
] as const) {
  test(`${detail} is told so, and nothing of it is said`, async () => {
    const seen = await visit(new Chat(), [latin1(first)]);
    expect(seen.heard).toEqual(onlyLeft);
    expect(seen.why).toEqual({ kind: "violation", detail: `${detail} on the chat port` });
    expect(seen.answer.toString()).toMatch(answer);
  });
}

test("people may talk about GET, PUT and NICK, and about HTTP once they have talked", async () => {
  for (const line of ["GET out of here", "PUT it there", "get / http/1.1", "NICK is my friend", "PASS the salt"]) {
    const { heard, state } = await visit(new Chat(), [latin1(`${line}\n`)]);
    expect(heard[0]).toEndWith(`: ${line}`);
    expect(state).toBe("open");
  }
  const { heard } = await visit(new Chat(), [latin1("try this:\nGET / HTTP/1.1\n")]);
  expect(heard[1]).toEndWith(": GET / HTTP/1.1");
});

test("the first line may be too long and the chat goes on", async () => {
  const { heard, answer } = await visit(new Chat(), [latin1(`${"x".repeat(9000)}\nhello\n`)]);
  expect(heard[0]).toEndWith(": hello");
  expect(answer.toString()).toStartWith("-- that line was too long");
});

import { describe, expect, test } from "bun:test";
import { LinkDown } from "../../../../../protocols/http/page/app/chat/link.ts";
import { formatSize, percentOf } from "../../../../../protocols/http/page/app/lib/amounts.ts";
import { NoAnswer } from "../../../../../protocols/http/page/app/lib/ask.ts";
import { backoff } from "../../../../../protocols/http/page/app/lib/backoff.ts";
import { decodeText } from "../../../../../protocols/http/page/app/lib/decode-text.ts";
import { HttpError, httpError } from "../../../../../protocols/http/page/app/lib/http-error.ts";
import { readMe } from "../../../../../protocols/http/page/app/lib/me.ts";
import { Pauses } from "../../../../../protocols/http/page/app/lib/pauses.ts";
import { problemText } from "../../../../../protocols/http/page/app/lib/problem-text.ts";
import { seldom } from "../../../../../protocols/http/page/app/lib/seldom.ts";
import { Store } from "../../../../../protocols/http/page/app/lib/store.ts";
import { dayName } from "../../../../../protocols/http/page/app/lib/times.ts";
import { rootForOthers, secureUrl } from "../../../../../protocols/http/page/app/lib/urls.ts";
import { en } from "../../../../../protocols/http/page/app/text/en.ts";
import { zh } from "../../../../../protocols/http/page/app/text/zh.ts";
import { formatSize as serverSize } from "../../../../../src/bytes/amounts.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [1536, "1.54 kB"],
  [5 * 1024 ** 3, "5.37 GB"],
  [60_000_000, "60 MB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatSize(bytes, "en")).toBe(text);
});

test("the size of a file is the same in the list and in what the server says of it", () => {
  for (const bytes of [0, 999, 12_345, 60_000_000, 7.3e11]) {
    for (const language of ["en", "zh-CN"]) expect(formatSize(bytes, language)).toBe(serverSize(bytes));
  }
});

test("a refusal is told in the reader's language, or as the server said it", () => {
  const error = new HttpError(403, "denied", "nothing may be deleted here");
  expect(problemText(error, en)).toBe("nothing may be deleted here");
  expect(problemText(error, zh)).toBe(zh.refusals["denied"] ?? "");
  expect(problemText(new HttpError(418, "constructor", "a teapot"), zh)).toBe("a teapot");
  for (const away of [new LinkDown("gone"), new NoAnswer()]) expect(problemText(away, zh)).toBe(zh.offline);
  expect(problemText(new Error("odd"), en)).toBe("odd");
});

test.each([
  ["http://box:8480/x/", 8843, "https://box:8843/x/"],
  ["http://box/", 443, "https://box/"],
  ["http://[fe80::1]:8480/", 8843, "https://[fe80::1]:8843/"],
])("%s over TLS", (root, port, secure) => {
  expect(secureUrl(root, port)).toBe(secure);
});

test("others get an address of their own where the page has one of this machine", () => {
  const addresses = ["http://10.0.0.5:8480/x/", "https://10.0.0.5:8843/x/"];
  expect(rootForOthers("http://localhost:8480/x/", addresses)).toBe("http://10.0.0.5:8480/x/");
  expect(rootForOthers("https://[::1]:8843/x/", addresses)).toBe("https://10.0.0.5:8843/x/");
  expect(rootForOthers("https://127.0.0.1/x/", addresses.slice(0, 1))).toBe("http://10.0.0.5:8480/x/");
  expect(rootForOthers("http://box:8480/x/", addresses)).toBe("http://box:8480/x/");
  for (const none of [[], null]) expect(rootForOthers("http://127.0.0.1/", none)).toBe("http://127.0.0.1/");
});

test("a hundred percent are there only at the end", () => {
  expect([percentOf(0, 10), percentOf(999_999, 1_000_000), percentOf(10, 10), percentOf(0, 0)]).toEqual([
    0, 99, 100, 0,
  ]);
});

test("waits grow up to 15 s, and differ by chance", () => {
  expect([0, 1, 2, 3, 4, 5, 99].map((tries) => backoff(tries, () => 0))).toEqual([
    500, 1000, 2000, 4000, 8000, 15_000, 15_000,
  ]);
  expect(backoff(3, () => 1)).toBe(2000);
});

test("an answer of a proxy's own is an error too", () => {
  expect(httpError(413, null)).toMatchObject({ status: 413, code: "", message: "HTTP 413" });
  const body = { error: { code: "exists", message: "it is there" } };
  expect(httpError(409, body)).toMatchObject({ code: "exists", message: "it is there" });
});

test("the page reads who one is", () => {
  const doors = { ftp: { port: 8421, tls: null }, framed: { port: 8400, tls: null }, http: { port: 8480, tls: 8843 } };
  const server = { files: true, history: true, login: true, announce: true, doors, commands: null, addresses: [] };
  const me = readMe({ account: "ann", may: ["read", "chat"], home: "/ann", open: false, ...server });
  expect(me).toMatchObject({ user: "ann", may: { read: true, upload: false, write: false }, ports: { ftp: 8421 } });
  expect(me).toMatchObject({ home: "/ann", open: false, announce: true, httpsPort: 8843 });
  expect(me.ports).not.toHaveProperty("commands");
});

describe("a pause", () => {
  const signal = new AbortController().signal;

  test("ends early when there is a reason", async () => {
    const pauses = new Pauses();
    const pause = pauses.pause(3_600_000, signal);
    pauses.end();
    expect(await pause).toBeUndefined();
  });

  test("ends with the reason of who gives up", async () => {
    const control = new AbortController();
    const pause = new Pauses().pause(3_600_000, control.signal);
    control.abort("enough");
    expect(await pause.catch((reason: unknown) => reason)).toBe("enough");
    expect(await new Pauses().pause(0, control.signal).catch((reason: unknown) => reason)).toBe("enough");
  });
});

test("a store tells of changes and of nothing else", () => {
  const store = new Store(1);
  let told = 0;
  const end = store.watch(() => {
    told += 1;
  });
  store.set(1);
  store.update((value) => value + 1);
  end();
  store.set(3);
  expect([told, store.value]).toEqual([1, 3]);
});

test("days have names", () => {
  const now = new Date(2026, 5, 15, 12).getTime();
  const day = (date: Date) => dayName(date.toISOString(), now, en);
  expect(day(new Date(2026, 5, 15, 0, 1))).toBe("Today");
  expect(day(new Date(2026, 5, 14, 23))).toBe("Yesterday");
  expect(day(new Date(2026, 5, 1))).toBe("Monday, June 1");
  expect(day(new Date(2025, 5, 1))).toBe("Sunday, June 1, 2025");
});

test.each([
  ["UTF-8", [0xe4, 0xbd, 0xa0, 0xc3, 0xa9], "en", "你é"],
  ["UTF-8 that is cut off", [0x61, 0xe4, 0xbd], "en", "a"],
  ["UTF-16 with its mark", [0xff, 0xfe, 0x60, 0x4f], "en", "你"],
  ["GBK", [0xc4, 0xe3, 0xba, 0xc3], "zh", "你好"],
  ["Windows-1252", [0x66, 0xe9, 0x65], "en", "fée"],
  ["nothing", [], "zh", ""],
] as const)("a text in %s can be read", (_, bytes, language, text) => {
  expect(decodeText(Uint8Array.from(bytes), language)).toBe(text);
});

test("of a progress one hears every 50 ms, and of its end", () => {
  const heard: number[] = [];
  const tell = seldom((loaded) => heard.push(loaded));
  for (let loaded = 8; loaded <= 1000; loaded += 8) tell({ loaded, total: 1000, timeStamp: 7000 + loaded });
  expect(heard).toEqual([8, 64, 120, 176, 232, 288, 344, 400, 456, 512, 568, 624, 680, 736, 792, 848, 904, 960, 1000]);
});

import { describe, expect, test } from "bun:test";
import type { HashTask, HashThread } from "../../../../../protocols/http/page/app/files/upload/hasher.ts";
import type { Put, PutAnswer, PutRequest } from "../../../../../protocols/http/page/app/files/upload/transport.ts";
import { findLost, progressOf } from "../../../../../protocols/http/page/app/files/upload/upload.ts";
import { NoAnswer } from "../../../../../protocols/http/page/app/lib/ask.ts";
import { until } from "../../../../support/deadline.ts";
import { PageUploads, promptThread } from "../../../../support/page-uploads.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const MTIME = 1_767_323_045_678;

function fileOf(size: number, name = "a.bin"): File {
  return new File([new Uint8Array(size).map((_, at) => at % 251)], name, { lastModified: MTIME });
}

const sha256 = async (blob: Blob) => new Bun.CryptoHasher("sha256").update(await blob.arrayBuffer());
const digestOf = async (blob: Blob) => `sha-256=:${(await sha256(blob)).digest("base64")}:`;
const answer = (status: number, more: Partial<PutAnswer> = {}): PutAnswer => {
  return { status, offset: null, digest: null, body: null, ...more };
};

/** A server that keeps pieces as the contract says, and does before each request what the test wants. */
class Server {
  kept = new Blob([]);
  stored: Blob | null = null;
  readonly asked: PutRequest[] = [];

  /** An answer instead of its own, or a throw; null lets it go on. */
  before: (request: PutRequest) => PutAnswer | null = () => null;
  /** What becomes of an answer on its way back. */
  after: (answer: PutAnswer) => PutAnswer = (given) => given;

  readonly put: Put = async (request, signal, progress) => {
    signal.throwIfAborted();
    this.asked.push(request);
    await Promise.resolve();
    progress(request.body?.size ?? 0);
    return this.before(request) ?? this.after(await this.answer(request));
  };

  private async answer({ range, body, digest }: PutRequest): Promise<PutAnswer> {
    const piece = body ?? new Blob([]);
    if (this.stored !== null) return answer(409, { body: { error: { code: "exists", message: "it is there" } } });
    if (range === null) return this.store(piece, digest);
    const [, from, size] = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(range) ?? [];
    const { size: offset } = this.kept;
    if (from === undefined) {
      return answer(202, { offset, body: { offset, sha256: (await sha256(this.kept)).digest("hex") } });
    }
    if (from === "0") this.kept = new Blob([]);
    if (Number(from) !== this.kept.size) return answer(409, { offset, body: { error: { code: "wrong-offset" } } });
    this.kept = new Blob([this.kept, piece]);
    if (this.kept.size < Number(size)) return answer(202, { offset: this.kept.size });
    return this.store(this.kept, digest);
  }

  private async store(whole: Blob, digest: string | null): Promise<PutAnswer> {
    if (digest !== null && digest !== (await digestOf(whole)))
      return answer(400, { body: { error: { code: "bad-digest" } } });
    this.stored = whole;
    return answer(201, { digest: await digestOf(whole) });
  }
}

/** One that tells what the test says. */
function toldThread(): HashThread & { tasks: HashTask[] } {
  const tasks: HashTask[] = [];
  return { tasks, onNews: () => {}, onLost: () => {}, postMessage: (task) => "stop" in task || tasks.push(task) };
}

/** One whose script the server does not have any more: the browser says so some time after it was asked for. */
function lostThread(isAway = false): HashThread {
  const thread: HashThread = {
    onNews: () => {},
    onLost: () => {},
    postMessage: () => setImmediate(() => thread.onLost(isAway)),
  };
  return thread;
}

const ranges = ({ asked }: Server) => asked.map(({ range }) => range);

describe("an upload", () => {
  test("goes in pieces, with its hash behind the last one", async () => {
    const server = new Server();
    const page = new PageUploads(server.put);
    const file = fileOf(20 * MIB);
    page.queue.add(file, "/photos");
    const done = await page.first("done");
    expect(done).toMatchObject({ path: "/photos/a.bin", sent: 20 * MIB, sha256: (await sha256(file)).digest("hex") });
    expect(await digestOf(server.stored ?? new Blob([]))).toBe(await digestOf(file));
    expect(ranges(server)).toEqual([
      `bytes */${20 * MIB}`,
      `bytes 0-${8 * MIB - 1}/${20 * MIB}`,
      `bytes ${8 * MIB}-${16 * MIB - 1}/${20 * MIB}`,
      `bytes ${16 * MIB}-${20 * MIB - 1}/${20 * MIB}`,
    ]);
    expect(server.asked.map(({ digest }) => digest !== null)).toEqual([false, false, false, true]);
    expect(page.done).toHaveLength(1);
    expect(page.kept).toEqual([]);
  });

  test("of nothing is one request", async () => {
    const server = new Server();
    const page = new PageUploads(server.put);
    page.queue.add(fileOf(0), "/");
    expect(await page.first("done")).toMatchObject({ path: "/a.bin" });
    expect(ranges(server)).toEqual([null]);
  });

  test("halves its pieces until a proxy lets them through", async () => {
    const server = new Server();
    server.before = ({ body }) => ((body?.size ?? 0) > 300 * KIB ? answer(413) : null);
    const page = new PageUploads(server.put);
    page.queue.add(fileOf(MIB), "/");
    await page.first("done");
    const sizes = server.asked.map(({ body }) => (body?.size ?? 0) / KIB);
    expect(sizes).toEqual([1024, 512, 256, 256, 256, 256]);
  });

  test("fails where even 64 KiB are too many", async () => {
    const server = new Server();
    server.before = ({ body }) => (body === null ? null : answer(413, { body: { error: { message: "too large" } } }));
    const page = new PageUploads(server.put);
    page.queue.add(fileOf(MIB), "/");
    expect(await page.first("failed")).toMatchObject({ problem: "too large" });
    expect(server.asked.at(-1)?.body?.size).toBe(64 * KIB);
  });

  test.each([["cuts them off", answer(502)] as const, ["ends the connection", null] as const])(
    "gets smaller where a proxy takes no large pieces and %s",
    async (_, said) => {
      const server = new Server();
      server.before = ({ body, range }) => {
        if (body === null || body.size <= 300 * KIB) return null;
        // What came before it was cut off is kept.
        const from = Number(/^bytes (\d+)/.exec(range ?? "")?.[1]);
        server.kept = new Blob([server.kept.slice(0, from), body.slice(0, 100 * KIB)]);
        if (said === null) throw new NoAnswer();
        return said;
      };
      const page = new PageUploads(server.put);
      const file = fileOf(MIB);
      page.queue.add(file, "/");
      await page.first("done");
      expect(await digestOf(server.stored ?? new Blob([]))).toBe(await digestOf(file));
      const pieces = server.asked.filter(({ body }) => body !== null);
      expect(pieces.map(({ body }) => (body?.size ?? 0) / KIB)).toEqual([1024, 1024, 512, 256, 256, 256, 56]);
    },
  );

  test("tries larger pieces again when many small ones got through", async () => {
    const server = new Server();
    let lost = 0;
    server.before = ({ body }) => {
      if (body === null || lost === 6) return null;
      lost += 1;
      throw new NoAnswer();
    };
    const page = new PageUploads(server.put);
    page.queue.add(fileOf(12 * MIB), "/");
    await page.first("done");
    const sizes = server.asked.flatMap(({ body }) => (body === null ? [] : body.size / KIB));
    const times = (count: number, size: number) => Array.from({ length: count }, () => size);
    expect(sizes).toEqual([8192, 8192, 4096, 2048, 1024, 512, ...times(16, 256), ...times(16, 512)]);
  });

  test("keeps the size of its pieces while the server is away", async () => {
    const server = new Server();
    let away = 0;
    server.before = ({ range }) => {
      if (!range?.startsWith(`bytes ${8 * MIB}-`) && away === 0) return null;
      if (away++ < 9) throw new NoAnswer();
      return null;
    };
    const page = new PageUploads(server.put);
    page.queue.add(fileOf(17 * MIB), "/");
    await page.first("done");
    expect(new Set(server.asked.map(({ body }) => body?.size ?? 0))).toEqual(new Set([0, MIB, 8 * MIB]));
  });

  test("keeps it, too, when it is back and one piece more is lost", async () => {
    const server = new Server();
    let lost = 0;
    server.before = ({ range }) => {
      // Two tries and the question whether the server is there find it away; the next piece is cut off.
      if (lost === 4 || (lost === 0 && !range?.startsWith(`bytes ${8 * MIB}-`))) return null;
      lost += 1;
      throw new NoAnswer();
    };
    const page = new PageUploads(server.put);
    page.queue.add(fileOf(17 * MIB), "/");
    await page.first("done");
    expect(lost).toBe(4);
    expect(new Set(server.asked.map(({ body }) => body?.size ?? 0))).toEqual(new Set([0, MIB, 8 * MIB]));
  });

  test("waits out what passes, and goes on where the server is", async () => {
    const server = new Server();
    const troubles = [answer(503), "lost", answer(502), "lost", "lost"];
    server.after = (given) => {
      const trouble = troubles.pop();
      if (trouble === "lost") throw new NoAnswer();
      return typeof trouble === "object" ? trouble : given;
    };
    const page = new PageUploads(server.put);
    const file = fileOf(30 * MIB);
    page.queue.add(file, "/");
    await page.first("done");
    expect(troubles).toEqual([]);
    expect(await digestOf(server.stored ?? new Blob([]))).toBe(await digestOf(file));
  });

  test("is done when only the last answer was lost", async () => {
    const server = new Server();
    server.after = (given) => {
      if (given.status !== 201) return given;
      server.after = (other) => other;
      throw new NoAnswer();
    };
    const file = fileOf(2 * MIB);
    const hash = (await sha256(file)).digest("hex");
    const page = new PageUploads(server.put, [], async () => hash);
    page.queue.add(file, "/");
    expect(await page.first("done")).toMatchObject({ sha256: hash });
  });

  test("does not take another file of its name for its own", async () => {
    const server = new Server();
    server.stored = new Blob(["other"]);
    const page = new PageUploads(server.put, [], async () => "another hash");
    page.queue.add(fileOf(10), "/");
    await page.first("taken");
    server.stored = null;
    page.queue.keepBoth(1, (name) => name === "a (2).bin");
    expect(await page.first("done")).toMatchObject({ path: "/a (3).bin" });
  });

  test.each([
    ["of the same bytes is there already", 0, "done"],
    ["of other bytes is another", 1, "taken"],
  ] as const)("a file of its name and size %s", async (_, shift, state) => {
    const server = new Server();
    const file = fileOf(10);
    const other = new File([new Uint8Array(10).map((_, at) => at + shift)], "a.bin");
    server.stored = other;
    const hash = (await sha256(other)).digest("hex");
    const page = new PageUploads(
      server.put,
      [],
      async () => hash,
      async () => ({ size: 10, mtime: 0 }),
    );
    page.queue.add(file, "/", "#lobby");
    expect(await page.first(state)).toMatchObject({ already: state === "done" });
    expect(page.done).toHaveLength(state === "done" ? 1 : 0);
  });

  test("waits for the login that it was begun under, and goes on with it alone", async () => {
    const server = new Server();
    const page = new PageUploads(server.put);
    page.user = "ann";
    server.before = ({ range }) => {
      if (range?.startsWith(`bytes ${8 * MIB}-`) && page.user === "ann" && page.ended === 0)
        return answer(401, { body: { error: { code: "login-ended", message: "log in again" } } });
      return null;
    };
    page.queue.add(fileOf(17 * MIB), "/");
    for (const name of ["b.bin", "c.bin"]) page.queue.add(fileOf(17 * MIB, name), "/");
    await page.first("held");
    expect(page.ended).toBe(1);
    expect(page.queue.uploads.value.map(({ state }) => state)).toEqual(["held", "held", "held"]);
    for (const id of [2, 3]) page.queue.remove(id);
    expect(page.kept).toMatchObject([{ path: "/a.bin", user: "ann" }]);
    const asked = server.asked.length;
    for (const user of [null, "bob", undefined]) {
      page.user = user;
      page.queue.userChanged();
      expect(page.queue.uploads.value[0]?.state).toBe("held");
    }
    expect(server.asked).toHaveLength(asked);
    page.user = "ann";
    page.queue.userChanged();
    await page.first("done");
    expect(server.asked.slice(asked).some(({ range }) => range?.startsWith("bytes 0-"))).toBe(false);
  });

  test("stops when another logs in meanwhile", async () => {
    const server = new Server();
    const page = new PageUploads(server.put);
    page.user = "ann";
    server.before = ({ range }) => {
      if (!range?.startsWith(`bytes ${8 * MIB}-`) || page.user === null) return null;
      page.user = null;
      throw new NoAnswer();
    };
    page.queue.add(fileOf(17 * MIB), "/");
    await until(() => page.user === null, "the server to be away");
    page.queue.userChanged();
    const asked = server.asked.length;
    await page.first("held");
    expect(server.asked).toHaveLength(asked);
    page.queue.add(fileOf(3, "b.bin"), "/");
    await until(() => page.done.length === 1, "what is begun as nobody");
    expect(page.queue.uploads.value[0]?.state).toBe("held");
  });

  test("asks what has become of it when it is known who this is", async () => {
    const server = new Server();
    server.kept = fileOf(3 * MIB);
    const page = new PageUploads(server.put, [
      { path: "/a.bin", size: 12 * MIB, mtime: MTIME, room: null, user: "ann" },
    ]);
    expect(server.asked).toEqual([]);
    page.user = "ann";
    page.queue.userChanged();
    await until(() => page.queue.uploads.value[0]?.sent === 3 * MIB, "how far it is");
  });

  test("pauses and goes on where it was", async () => {
    const server = new Server();
    const page = new PageUploads(server.put);
    server.before = ({ range }) => {
      if (range?.startsWith(`bytes ${8 * MIB}-`) && page.queue.uploads.value[0]?.state === "sending")
        page.queue.pause(1);
      return null;
    };
    page.queue.add(fileOf(17 * MIB), "/");
    await page.first("paused");
    server.before = () => null;
    const asked = server.asked.length;
    page.queue.resume(1);
    await page.first("done");
    expect(server.asked[asked]?.range).toBe(`bytes */${17 * MIB}`);
    expect(server.asked.slice(asked).some(({ range }) => range?.startsWith("bytes 0-"))).toBe(false);
  });

  test("of a file that was on its way to two folders goes on in the one that it is chosen for", async () => {
    const server = new Server();
    const file = fileOf(12 * MIB);
    const at = (path: string) => ({ path, size: file.size, mtime: MTIME, room: null, user: null });
    const page = new PageUploads(server.put, [at("/one/a.bin"), at("/two/a.bin")]);
    page.queue.add(file, "/two");
    await until(() => page.done.length > 0, "the upload");
    expect(page.done).toMatchObject([{ path: "/two/a.bin" }]);
  });

  test("is remembered over a reload, and goes on with the same file alone", async () => {
    const server = new Server();
    const file = fileOf(12 * MIB);
    server.kept = file.slice(0, 3 * MIB);
    const remembered = { path: "/photos/a.bin", size: file.size, mtime: MTIME, room: "#lobby", user: null };
    const page = new PageUploads(server.put, [remembered]);
    await until(() => page.queue.uploads.value[0]?.sent === 3 * MIB, "how far it is");
    expect(page.queue.uploads.value[0]).toMatchObject({ state: "lost", path: "/photos/a.bin" });
    expect(findLost(page.queue.uploads.value, fileOf(12 * MIB, "b.bin"))).toBeNull();
    expect(findLost(page.queue.uploads.value, fileOf(11 * MIB))).toBeNull();
    // Some systems write letters and their accents apart.
    const [lost] = page.queue.uploads.value;
    const apart = { name: "e\u0301.bin", size: file.size, lastModified: MTIME };
    expect(findLost(lost === undefined ? [] : [{ ...lost, path: "/\u00e9.bin" }], apart)).not.toBeNull();
    // "Keep both" has given it another name.
    expect(findLost(lost === undefined ? [] : [{ ...lost, path: "/a (2).bin" }], fileOf(12 * MIB))).not.toBeNull();
    page.queue.add(file, "/elsewhere");
    expect(await page.first("done")).toMatchObject({ path: "/photos/a.bin", room: "#lobby" });
    expect(server.asked.some(({ range, path }) => path === "/photos/a.bin" && range?.startsWith("bytes 0-"))).toBe(
      false,
    );
  });

  test("says how far the hash is that it waits for: that of what is kept, and that of all", async () => {
    const server = new Server();
    const file = fileOf(12 * MIB);
    server.kept = file.slice(0, 3 * MIB);
    const thread = toldThread();
    const nothing = async () => null;
    const page = new PageUploads(server.put, [], nothing, nothing, () => thread);
    page.queue.add(file, "/");
    await until(() => thread.tasks.length === 1, "the hash of what is kept to be asked for");
    const id = thread.tasks[0]?.id ?? 0;
    const progress = () => page.queue.uploads.value.map((upload) => ({ ...progressOf(upload), state: upload.state }));
    expect(progress()).toEqual([{ state: "checking", done: 0, of: 3 * MIB }]);
    thread.onNews({ id, kind: "progress", done: 2 * MIB });
    expect(progress()).toEqual([{ state: "checking", done: 2 * MIB, of: 3 * MIB }]);
    thread.onNews({ id, kind: "progress", done: 4 * MIB });
    thread.onNews({ id, kind: "head", sha256: (await sha256(server.kept)).digest("hex") });
    await page.first("hashing");
    expect(progress()).toEqual([{ state: "hashing", done: 4 * MIB, of: 12 * MIB }]);
    thread.onNews({ id, kind: "progress", done: 12 * MIB });
    thread.onNews({ id, kind: "whole", sha256: (await sha256(file)).digest("hex") });
    expect(await page.first("done")).toMatchObject({ sent: 12 * MIB });
  });

  test("waits for the server until it is heard again, and says what is kept meanwhile", async () => {
    const server = new Server();
    const file = fileOf(12 * MIB);
    server.kept = file.slice(0, 3 * MIB);
    const silent = Promise.withResolvers<void>();
    let asked = 0;
    const put: Put = async (...request) => {
      asked += 1;
      if (asked === 2) throw new NoAnswer();
      if (asked === 3) await silent.promise;
      return server.put(...request);
    };
    const page = new PageUploads(put, [{ path: "/a.bin", size: file.size, mtime: MTIME, room: null, user: null }]);
    await until(() => page.queue.uploads.value[0]?.sent === 3 * MIB, "how far it is");
    page.queue.add(file, "/");
    await until(() => asked === 3, "it to be tried again");
    expect(page.queue.uploads.value[0]).toMatchObject({ state: "retrying", sent: 3 * MIB });
    silent.resolve();
    await page.first("done");
  });

  test("says that the server has it all and checks it", async () => {
    const server = new Server();
    const checked = Promise.withResolvers<void>();
    const page = new PageUploads(async (request, signal, progress) => {
      progress(request.body?.size ?? 0);
      await checked.promise;
      return server.put(request, signal, progress);
    });
    page.queue.add(fileOf(10), "/");
    expect(await page.first("storing")).toMatchObject({ sent: 10 });
    checked.resolve();
    await page.first("done");
  });

  test("begins anew where another file's beginning lies", async () => {
    const server = new Server();
    server.kept = new Blob(["not of this file"]);
    const page = new PageUploads(server.put);
    page.queue.add(fileOf(2 * MIB), "/");
    await page.first("done");
    expect(server.asked.some(({ range }) => range?.startsWith("bytes 0-"))).toBe(true);
  });

  test("says what the server says against it", async () => {
    const server = new Server();
    server.before = () => answer(507, { body: { error: { code: "no-space", message: "the disk is full" } } });
    const page = new PageUploads(server.put);
    page.queue.add(fileOf(10), "/");
    expect(await page.first("failed")).toMatchObject({ problem: "the disk is full", sent: 0 });
  });

  test("is not taken for whole when the server has other bytes", async () => {
    const server = new Server();
    server.after = (given) => (given.status === 201 ? { ...given, digest: "sha-256=:AAAA:" } : given);
    const page = new PageUploads(server.put);
    page.queue.add(fileOf(10), "/");
    expect(await page.first("failed")).toMatchObject({ problem: "not whole", sent: 0 });
  });

  test("is given up when nobody can hash it, and goes on when somebody can again", async () => {
    const server = new Server();
    const threads = [lostThread, promptThread];
    const nothing = async () => null;
    const page = new PageUploads(server.put, [], nothing, nothing, () => (threads.shift() ?? promptThread)());
    page.queue.add(fileOf(10), "/");
    expect(await page.first("failed")).toMatchObject({ problem: "no thread" });
    page.queue.resume(1);
    await page.first("done");
    expect(threads).toEqual([]);
  });

  test("waits where nobody can hash it because the server is away", async () => {
    const nothing = async () => null;
    for (const kept of [0, 2 * MIB]) {
      const server = new Server();
      const file = fileOf(3 * MIB);
      server.kept = file.slice(0, kept);
      const threads = [() => lostThread(true), () => lostThread(true), promptThread];
      const page = new PageUploads(server.put, [], nothing, nothing, () => (threads.shift() ?? promptThread)());
      page.queue.add(file, "/");
      await page.first("done");
      expect(ranges(server).at(-1)).toBe(`bytes ${kept}-${3 * MIB - 1}/${3 * MIB}`);
      expect(threads).toEqual([]);
    }
  });

  test("of one name one after the other, also when one file is dropped twice", async () => {
    const server = new Server();
    const file = fileOf(10 * MIB);
    const hash = (await sha256(file)).digest("hex");
    const stat = async () => ({ size: file.size, mtime: MTIME });
    const page = new PageUploads(server.put, [], async () => hash, stat);
    page.queue.add(file, "/");
    page.queue.add(file, "/");
    await until(
      () => page.done.length === 2,
      () => JSON.stringify(page.queue.uploads.value),
    );
    expect(page.done.map(({ id, already }) => [id, already])).toEqual([
      [1, false],
      [2, true],
    ]);
    const begun = ranges(server).map((range) => range?.startsWith("bytes *"));
    expect(begun.slice(0, 3)).toEqual([true, false, false]);
  });

  test("two at a time, and no more", async () => {
    const server = new Server();
    let running = 0;
    let most = 0;
    const page = new PageUploads(async (request, signal, progress) => {
      running += 1;
      most = Math.max(most, running);
      const given = await server.put(request, signal, progress);
      server.stored = null;
      running -= 1;
      return given;
    });
    for (let count = 0; count < 7; count++) page.queue.add(fileOf(5, `${count}.txt`), "/");
    await until(() => page.done.length === 7, "all of them");
    expect(most).toBe(2);
  });
});

import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { until } from "../support/deadline.ts";
import { Program, run } from "../support/program.ts";
import { TempFolder } from "../support/temp.ts";
import { TINCAN } from "../support/tincan.ts";
import { testCertificate } from "../support/tls.ts";

const CERTIFICATE = resolve(import.meta.dir, "../support/tls/localhost.crt");

/** A server whose pages are their paths, but for what ends in `missing`. */
function pages(tls?: object) {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    ...(tls ? { tls } : {}),
    fetch(request) {
      const { pathname } = new URL(request.url);
      return pathname.endsWith("missing") ? new Response("", { status: 404 }) : new Response(pathname);
    },
  });
  return { url: server.url.href.replace(/\/$/, ""), [Symbol.asyncDispose]: () => server.stop(true) };
}

describe("tincan get URL", () => {
  test("fetches several at once and prints what came, on stdout", async () => {
    await using server = pages();
    using folder = new TempFolder();
    const urls = [`${server.url}/`, `${server.url}/some/page.txt`, `${server.url}/a%20b`];
    const { code, stdout, stderr } = await run([TINCAN, "get", ...urls], { cwd: folder.path });
    expect(stdout.split("\n").toSorted()).toEqual(
      [
        "",
        `1 bytes received from ${urls[0]}`,
        `14 bytes received from ${urls[1]}`,
        `6 bytes received from ${urls[2]}`,
      ].toSorted(),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await Bun.file(folder.file("page.txt")).text()).toBe("/some/page.txt");
  });

  test("fetches one that is given twice twice, into two files", async () => {
    await using server = pages();
    using folder = new TempFolder();
    const url = `${server.url}/page.txt`;
    const { code, stdout } = await run([TINCAN, "get", url, url], { cwd: folder.path });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `9 bytes received from ${url}\n`.repeat(2) });
    expect(readdirSync(folder.path).toSorted()).toEqual(["page-2.txt", "page.txt"]);
  });

  test("exits with 1 when one of them fails, and says which", async () => {
    await using server = pages();
    using folder = new TempFolder();
    const [good, bad] = [`${server.url}/good`, `${server.url}/missing`];
    const { code, stdout, stderr } = await run([TINCAN, "get", bad, good], { cwd: folder.path });
    expect(code).toBe(1);
    expect(stdout).toBe(`5 bytes received from ${good}\n`);
    expect(stderr).toContain(`cannot fetch ${bad}: the server answered 404 Not Found`);
  });

  test("gives stdout the bytes alone, one after the other", async () => {
    await using server = pages();
    using folder = new TempFolder();
    const urls = [`${server.url}/one`, `${server.url}/two`];
    const { code, stdout, stderr } = await run([TINCAN, "get", ...urls, "-"], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stdout).toBe("/one/two");
    expect(stderr).toBe(`4 bytes received from ${urls[0]}\n4 bytes received from ${urls[1]}\n`);
  });

  test("says that what takes the bytes is full", async () => {
    await using server = pages();
    using folder = new TempFolder();
    const command = `"$1" get "$2" - > /dev/full`;
    const piped = await run(["sh", "-c", command, "sh", TINCAN, `${server.url}/page`], { cwd: folder.path });
    expect(piped).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining('"standard output": the disk is full'),
    });
    const device = await run([TINCAN, "get", `${server.url}/page`, "-o", "/dev/full"], { cwd: folder.path });
    expect(device).toEqual({ code: 1, stdout: "", stderr: expect.stringContaining('"/dev/full": the disk is full') });
  });

  test("says that a server does not speak TLS", async () => {
    await using server = pages();
    using folder = new TempFolder();
    const url = server.url.replace("http:", "https:");
    const { code, stderr } = await run([TINCAN, "get", `${url}/page`], { cwd: folder.path });
    const why = "it does not speak TLS there; perhaps it is an http URL";
    expect([code, stderr]).toEqual([1, `tincan: cannot fetch ${url}/page: ${why}\n`]);
  });

  test("believes the certificates that it is told to", async () => {
    await using server = pages(testCertificate);
    using folder = new TempFolder();
    const url = `${server.url}/page`;
    const refused = await run([TINCAN, "get", url], { cwd: folder.path });
    expect(refused.code).toBe(1);
    const how = "its certificate signs itself, so nobody vouches for it; give --ca FILE, or --insecure to";
    expect(refused.stderr).toContain(how);
    const given = await run([TINCAN, "get", url, "--ca", CERTIFICATE], { cwd: folder.path });
    expect(given.stdout).toBe(`5 bytes received from ${url}\n`);
    // The second is where OpenSSL and so the system's certificates are looked for.
    for (const name of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"]) {
      const environment = { env: { [name]: CERTIFICATE }, cwd: folder.path };
      expect((await run([TINCAN, "get", url, "-o", name], environment)).code).toBe(0);
    }
    expect((await run([TINCAN, "get", url, "-o", "blind", "--insecure"], { cwd: folder.path })).code).toBe(0);
  });

  test("knows http, https and ftp, and says so", async () => {
    using folder = new TempFolder();
    for (const url of ["gopher://127.0.0.1/x", "file:///etc/passwd", "http://"]) {
      const { code, stderr } = await run([TINCAN, "get", url], { cwd: folder.path });
      expect(code).toBe(64);
      expect(stderr).toMatch(/is not a (complete )?URL/);
    }
  });

  test("goes on where a killed one was", async () => {
    const file = Buffer.alloc(64 * 2 ** 20, "0123456789abcdef");
    let hold = true;
    const asked: (string | null)[] = [];
    await using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch(request) {
        const range = request.headers.get("range");
        asked.push(range);
        const from = Number(/\d+/.exec(range ?? "")?.[0] ?? 0);
        const head = { etag: '"v1"', "content-length": String(file.length - from) };
        if (range !== null) {
          const rest = { ...head, "content-range": `bytes ${from}-${file.length - 1}/${file.length}` };
          return new Response(file.subarray(from), { status: 206, headers: rest });
        }
        // The first one gets half of it and then waits.
        const half = new ReadableStream({ start: (body) => body.enqueue(file.subarray(0, file.length / 2)) });
        return new Response(hold ? half : file, { headers: head });
      },
    });
    using folder = new TempFolder();
    const command = [TINCAN, "get", `${server.url}file`];
    {
      await using first = new Program(command, { cwd: folder.path });
      await until(() => [...parts(folder)].some((path) => Bun.file(path).size === file.length / 2), "half of it");
      first.kill("SIGKILL");
      await first.exited();
    }
    hold = false;
    const { code, stdout, stderr } = await run(command, { cwd: folder.path });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${file.length} bytes received from ${server.url}file\n` });
    expect(stderr).toContain(`resuming ${server.url}file at 50.0 %`);
    expect(asked.at(-1)).toBe(`bytes=${file.length / 2}-`);
    expect(Buffer.from(await Bun.file(folder.file("file")).bytes()).equals(file)).toBe(true);
    expect([...parts(folder)]).toEqual([]);
  });
});

function parts(folder: TempFolder): IterableIterator<string> {
  return new Bun.Glob(".*.tincan-part").scanSync({ cwd: folder.path, dot: true, absolute: true });
}

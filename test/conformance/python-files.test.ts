import { describe, expect } from "bun:test";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { client } from "../support/clients.ts";
import { frame, readFrame } from "../support/frames.ts";
import { run } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, type Tincan } from "../support/tincan.ts";

const python = client("python3");
const readme = readFileSync(new URL("../../protocols/framed/README.md", import.meta.url), "utf8");
const CLIENT =
  readme
    .split(/^```python$/m)
    .at(-1)
    ?.split(/^```$/m)[0] ?? "";

/** A folder that is shared, one to work in, and the client of the README as it stands, but for the port. */
class Place implements AsyncDisposable {
  private constructor(
    readonly tincan: Tincan,
    private readonly folder: TempFolder,
  ) {}

  static async open(...flags: string[]): Promise<Place> {
    const folder = new TempFolder();
    mkdirSync(folder.file("share"));
    mkdirSync(folder.file("work"));
    const tincan = await startTincan([folder.file("share"), "--doors", "framed", "--min-free", "0", ...flags]);
    return new Place(tincan, folder);
  }

  shared(name: string): string {
    return this.folder.file(`share/${name}`);
  }

  mine(name: string): string {
    return this.folder.file(`work/${name}`);
  }

  client() {
    const script = CLIENT.replaceAll("8400", String(this.tincan.port("framed")));
    return run([python.path, "-c", script], { cwd: this.folder.file("work"), ms: 20_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tincan[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

describe("the Python client of the README", () => {
  python.test("gets and puts", async () => {
    await using place = await Place.open("--allow-upload");
    const bytes = randomBytes(1_000_000);
    writeFileSync(place.shared("notes.txt"), bytes);
    expect(await place.client()).toEqual({ code: 0, stdout: "True\nTrue\n", stderr: "" });
    expect(readFileSync(place.mine("notes.txt")).equals(bytes)).toBe(true);
    expect(readFileSync(place.shared("copy.txt")).equals(bytes)).toBe(true);
    python.exchanged(2);
  });

  python.test("goes on with a put where another connection broke off", async () => {
    await using place = await Place.open("--allow-upload");
    const bytes = randomBytes(1_000_000);
    writeFileSync(place.shared("notes.txt"), bytes);
    const mtime = 1_767_323_045_000;
    {
      using sender = await connect({ port: place.tincan.port("framed") });
      const put = { op: "put", path: "/copy.txt", size: bytes.length, mtime, id: 7 };
      const head = Buffer.from("01000000070000000000000000", "hex");
      await sender.write(frame('{"op":"hello","v":1,"service":"files","id":1}'));
      await sender.write(frame(JSON.stringify(put)));
      await sender.write(frame(Buffer.concat([head, bytes.subarray(0, 200_000)])));
      await readFrame(sender);
      expect(JSON.parse(String(await readFrame(sender)))).toMatchObject({ id: 7, ok: true, offset: 0 });
    }
    await place.tincan.waitForEvent(({ event, bytes: moved }) => event === "transfer" && moved === 200_000);
    // What the client has by then is whole, and of the time that the first try announced.
    writeFileSync(place.mine("notes.txt"), bytes);
    utimesSync(place.mine("notes.txt"), mtime / 1000, mtime / 1000);
    expect(await place.client()).toEqual({ code: 0, stdout: "True\nTrue\n", stderr: "" });
    await place.tincan.waitForEvent(({ event, bytes: moved }) => event === "transfer" && moved === 800_000);
    expect(readFileSync(place.shared("copy.txt")).equals(bytes)).toBe(true);
    python.exchanged(2);
  });

  python.test("goes on with half a file that it has", async () => {
    await using place = await Place.open("--allow-upload");
    const bytes = randomBytes(1_000_000);
    writeFileSync(place.shared("notes.txt"), bytes);
    writeFileSync(place.mine("notes.txt"), bytes.subarray(0, 400_000));
    expect(await place.client()).toEqual({ code: 0, stdout: "True\nTrue\n", stderr: "" });
    await place.tincan.waitForEvent(({ event, bytes: moved }) => event === "transfer" && moved === 600_000);
    expect(readFileSync(place.mine("notes.txt")).equals(bytes)).toBe(true);
    python.exchanged(2);
  });

  python.test("says why not, in the server's sentence", async () => {
    await using place = await Place.open();
    expect(await place.client()).toEqual({ code: 1, stdout: "", stderr: 'there is no "/notes.txt"\n' });
    // A file of nothing would look like one that was got.
    expect(existsSync(place.mine("notes.txt"))).toBe(false);
    writeFileSync(place.shared("notes.txt"), "hello");
    const { code, stdout, stderr } = await place.client();
    expect([code, stdout]).toEqual([1, "True\n"]);
    expect(stderr).toMatch(/^[^\n]+[^.\n]\n$/);
    python.exchanged(2);
  });
});

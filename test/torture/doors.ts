import { expect } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "../support/deadline.ts";
import { FilesClient } from "../support/files-client.ts";
import { FtpUser } from "../support/ftp.ts";
import { run } from "../support/program.ts";
import { connect } from "../support/tcp.ts";
import { TempFolder } from "../support/temp.ts";
import { startTincan, TINCAN, type Tincan, type TincanOptions } from "../support/tincan.ts";

/** CPU time is looked at over so long, milliseconds, and may be so much of it: nothing runs, but the machine is busy. */
const IDLE_MS = 400;
const IDLE_SHARE = 0.25;

/** A daemon with both doors for files, and what must hold after whatever was done to it. */
export class Doors implements AsyncDisposable {
  private constructor(
    readonly tincan: Tincan,
    readonly share: string,
    private readonly folder: TempFolder | null,
    private readonly state: string,
  ) {}

  /** Everybody may write, unless other flags are given. Without `share` it is a new folder. */
  static async open(flags: readonly string[] = ["--allow-write"], share?: string, o: Options = {}): Promise<Doors> {
    const folder = share === undefined ? new TempFolder() : null;
    const path = share ?? folder?.path ?? "";
    const doors = ["--doors", "echo,ftp,framed", "--min-free", "0"];
    const state = o.state === undefined ? [] : ["--state-dir", o.state];
    const tincan = await startTincan([path, ...doors, ...flags, ...state], o);
    return new Doors(tincan, path, folder, o.state ?? tincan.folder.file("state"));
  }

  file(name: string): string {
    return join(this.share, name);
  }

  /** Names in the share, hidden ones too. */
  get names(): readonly string[] {
    return readdirSync(this.share).sort();
  }

  /** Names that readers see. */
  get visible(): readonly string[] {
    return this.names.filter((name) => !name.startsWith("."));
  }

  async ftp(): Promise<FtpUser> {
    const host = "127.0.0.1";
    const user = new FtpUser(await connect({ port: this.tincan.port("ftp"), host }), host);
    await user.reads(220);
    await user.says("USER anonymous", 331);
    await user.says("PASS x", 230);
    await user.says("TYPE I", 200);
    return user;
  }

  async frames(port = this.tincan.port("framed")): Promise<FilesClient> {
    const user = new FilesClient(await connect({ port }));
    await user.ask({ op: "hello", v: 1, service: "files", id: 0 });
    return user;
  }

  /** Does something twice, and sees that the second time has left nothing that the first had not. */
  async twice(fault: () => Promise<void>): Promise<void> {
    await fault();
    await this.settled();
    const fds = this.tincan.fds();
    await fault();
    await this.settled();
    await until(
      () => this.tincan.fds() <= fds,
      () => `${this.tincan.fds()} descriptors to become ${fds}`,
    );
    await this.isIdle();
  }

  /** No connection and no transfer is left. */
  async settled(): Promise<void> {
    await until(async () => {
      const { transfers, doors } = await this.status();
      return transfers.length === 0 && doors.ftp.active === 0 && doors.framed.active === 0;
    }, "every connection and transfer to end");
  }

  async status(): Promise<Status> {
    const { stdout } = await run([TINCAN, "status", "--json", "--state-dir", this.state]);
    return JSON.parse(stdout);
  }

  /** After a fault nothing spins. */
  async isIdle(): Promise<void> {
    const [before, begun] = [this.tincan.cpu(), performance.now()];
    await until(() => performance.now() > begun + IDLE_MS, "time to pass");
    const seconds = (performance.now() - begun) / 1000;
    expect(this.tincan.cpu() - before).toBeLessThan(IDLE_SHARE * seconds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tincan[Symbol.asyncDispose]();
    this.folder?.[Symbol.dispose]();
  }
}

interface Options extends TincanOptions {
  /** Another state folder than one of the test's. */
  readonly state?: string;
}

interface Status {
  readonly transfers: readonly unknown[];
  readonly doors: Readonly<Record<"ftp" | "framed", { readonly active: number }>>;
}

/** Uploads by FTP in one go; the last reply. */
export async function store(user: FtpUser, line: string, bytes: Uint8Array): Promise<string> {
  using data = await user.opens();
  await user.sends(line);
  const first = await user.readsAny();
  if (!first.startsWith("150")) return first;
  await data.write(bytes).catch(() => {});
  data.halfClose();
  await data.readAll();
  return await user.readsAny(30_000);
}

/** Uploads by frames in one go; the code of what was refused, or null. */
export async function put(
  user: FilesClient,
  fields: Readonly<Record<string, unknown>>,
  bytes: Buffer,
): Promise<string | null> {
  const refusal = (answer: Readonly<Record<string, unknown>>) =>
    answer["ok"] === true ? null : (answer["error"] as { code: string }).code;
  const begun = await user.ask({ op: "put", id: 900, ...fields });
  const refused = refusal(begun);
  if (refused !== null) return refused;
  for (let at = Number(begun["offset"]); at < bytes.length; at += 262_144)
    await user.put(900, at, bytes.subarray(at, at + 262_144));
  return refusal(await user.ask({ op: "end", id: 901, of: 900, size: bytes.length }));
}

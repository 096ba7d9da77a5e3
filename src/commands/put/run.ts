import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { quote } from "../../bytes/text.ts";
import { type Address, baseName, formatAddress, joinPath, parentOf, parseAddress } from "../../client/files/address.ts";
import { DottedName, isDotted } from "../../client/files/dotted-name.ts";
import { namedPipe, type Pipe, stdinPipe } from "../../client/files/pipe.ts";
import type { Job } from "../../client/files/pool.ts";
import { ensureFolder, ensureFolders, typeOf } from "../../client/files/remote-folders.ts";
import type { Server } from "../../client/files/server.ts";
import type { Shared } from "../../client/files/transfer.ts";
import { LocalTrouble, locally } from "../../client/files/trouble.ts";
import { Upload } from "../../client/files/upload.ts";
import { uploadStream } from "../../client/files/upload-stream.ts";
import { walkLocal } from "../../client/files/walk-local.ts";
import { Refused } from "../../client/messages.ts";
import { CommandError, Exit } from "../../exit.ts";
import { type Moving, type MovingFlags, move } from "../files/moving.ts";
import { OneName } from "../files/one-name.ts";

const STDIN = "-";

/** Where on the server something goes that is called so here. */
type Place = (name: string) => string;

/** Puts what the arguments name where the last of them says. @throws CommandError when anything failed */
export async function put(args: readonly string[], flags: MovingFlags): Promise<void> {
  const files = args.slice(0, -1);
  const where = args.at(-1) ?? "";
  if (files.length === 0) {
    throw new CommandError(Exit.usage, `say where ${quote(where)} goes: tincan put ${where} HOST/FOLDER/`);
  }
  if (files.filter((file) => file === STDIN).length > 1) throw new CommandError(Exit.usage, "there is only one stdin");
  if (!where.includes("/") && (await isFile(where))) {
    throw new CommandError(
      Exit.usage,
      `${quote(where)} is a file here, and the last argument says where they go: HOST/FOLDER/`,
    );
  }
  const address = parseAddress(where, flags);
  const several = files.length > 1;
  await move(flags, { data: false, serial: false, several }, (moving) =>
    new Plan(moving, flags.recursive === true, address).jobs(files),
  );
}

/** Whether it is the name of a file here, and so hardly that of a host. */
function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** Finds out what there is to put, and where it goes. */
class Plan {
  constructor(
    private readonly moving: Moving,
    private readonly recursive: boolean,
    private readonly address: Address,
  ) {}

  async *jobs(files: readonly string[]): AsyncGenerator<Job> {
    const { failures, servers } = this.moving;
    const server = await servers.of(this.address);
    const place = await this.place(server, files.length === 1);
    const names = new OneName();
    const sources = files.filter((file) => file === STDIN || names.take(place(nameOf(file)), file));
    for (const file of sources) {
      if (file === STDIN) yield this.stream(server, file, stdinPipe, place);
      else {
        try {
          yield* this.jobsFor(server, file, place);
        } catch (error) {
          failures.add(file, error);
        }
      }
    }
  }

  /** Connects, too, so that a server that is not there is told once. */
  private async place(server: Server, isOne: boolean): Promise<Place> {
    const { path, folder } = this.address;
    return await server.use(async (conn) => {
      const type = path === "/" ? "dir" : await typeOf(conn, path);
      if (type === "dir") return (name: string) => joinPath(path, name.normalize("NFC"));
      if (folder && type !== "file") {
        await ensureFolders(conn, path);
        return (name: string) => joinPath(path, name.normalize("NFC"));
      }
      if (isOne && !folder) return () => path;
      const how =
        type !== "file" ? `write ${quote(`${formatAddress(this.address)}/`)} to have it made` : "it is a file";
      throw new CommandError(Exit.usage, `${quote(path)} is no folder; ${how}`);
    });
  }

  private async *jobsFor(server: Server, file: string, place: Place): AsyncGenerator<Job> {
    const { failures, shared } = this.moving;
    const stats = await locally(file, () => stat(file));
    const name = nameOf(file);
    if (stats.isFile()) {
      shared.progress.expect(1, stats.size);
      yield () =>
        failures.attempt(name, () => {
          const offered = { name, file, path: place(name), size: stats.size, named: true };
          return this.withHint(new Upload(server, offered, shared).run());
        });
    } else if (!stats.isDirectory()) {
      yield this.stream(server, name, () => namedPipe(file), place);
    } else if (this.recursive) {
      yield* this.jobsIn(server, { name, file, path: place(name) });
    } else {
      throw new LocalTrouble(`${quote(file, 200)} is a folder; add -r to put all that is in it`);
    }
  }

  private async *jobsIn(server: Server, root: { name: string; file: string; path: string }): AsyncGenerator<Job> {
    const { failures } = this.moving;
    const shared = { ...this.moving.shared, ...this.again(root) };
    const { progress, retry } = shared;
    failures.expectSeveral();
    // What lies in a folder that was left out is not told, too.
    const left: string[] = [];
    const isLeft = (name: string) => left.some((folder) => name.startsWith(folder));
    const fail = (name: string, error: unknown) => isLeft(name) || failures.add(name, error);
    for await (const item of walkLocal(root, fail)) {
      const { name, path, type, size } = item;
      if (isLeft(name)) continue;
      if (type === "dir") {
        const make = () => server.use((conn) => ensureFolder(conn, path));
        await failures.lookUp(`${name}/`, () =>
          retry
            .run(name, () => 0, make)
            .catch((error: unknown) => {
              if (name === root.name || !isDotted(error)) throw error;
              left.push(`${name}/`);
              throw new DottedName(`${name}/`);
            }),
        );
        continue;
      }
      progress.expect(1, size);
      yield () => failures.attempt(name, () => new Upload(server, { ...item, named: false }, shared).run());
    }
  }

  /** The same command would put a folder that got another name into the folder of that name. */
  private again({ file, path }: { file: string; path: string }): Pick<Shared, "again"> {
    const { address } = this;
    if (path !== address.path || address.folder) return {};
    return { again: `put what is in ${quote(file, 200)} into ${quote(`${formatAddress(address)}/`, 200)}` };
  }

  private stream(server: Server, name: string, open: () => Pipe, place: Place): Job {
    const { failures, shared } = this.moving;
    return () =>
      failures.attempt(name === STDIN ? "stdin" : name, () => {
        const path = name === STDIN ? namedPath(place) : place(name);
        return this.withHint(uploadStream(server, { name: baseName(path), path }, open, shared));
      });
  }

  /** Where the folder of a name is not there, says how it comes to be. */
  private async withHint<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof Refused && error.code === "not-found")) throw error;
      const folder = formatAddress({ ...this.address, path: parentOf(this.address.path) });
      const how = `make it with ${quote(`tincan mkdir -p ${folder}`, 200)}, or put into ${quote(`${folder}/`, 200)}`;
      throw new Refused(error.code, `${error.message}; ${how}`);
    }
  }
}

/** `.` and `dir/..` have names, too. */
function nameOf(file: string): string {
  return basename(resolve(file));
}

/** What has no name of its own needs one on the server. */
function namedPath(place: Place): string {
  const path = place("");
  if (!path.endsWith("/")) return path;
  throw new CommandError(Exit.usage, "what comes from stdin has no name; give it one, as in HOST/NAME");
}

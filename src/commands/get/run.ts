import { relative, resolve } from "node:path";
import { quote } from "../../bytes/text.ts";
import { distinct, fileName } from "../../client/fetch/name.ts";
import { isUrl, parseSource } from "../../client/fetch/source.ts";
import { type Address, baseName, formatAddress, parseAddress } from "../../client/files/address.ts";
import { Download } from "../../client/files/download.ts";
import { type Found, find } from "../../client/files/find.ts";
import { deviceAt, folderName, makeFolder, type Place, placeFor } from "../../client/files/places.ts";
import type { Job } from "../../client/files/pool.ts";
import { Pour, type Write } from "../../client/files/pour.ts";
import type { Server } from "../../client/files/server.ts";
import { LocalTrouble } from "../../client/files/trouble.ts";
import { UnfinishedFolder } from "../../client/files/unfinished.ts";
import { walkRemote } from "../../client/files/walk-remote.ts";
import { toStdout } from "../../client/stdout.ts";
import { CommandError, Exit } from "../../exit.ts";
import { type Moving, type MovingFlags, move } from "../files/moving.ts";
import { OneName } from "../files/one-name.ts";
import { explainHost, refuseTargetLast } from "./target-last.ts";
import { fetchUrls, flagsBeside } from "./urls.ts";

const STDOUT = "-";

/** Fetches what the arguments name. @throws CommandError when anything failed */
export async function get(args: readonly string[], flags: MovingFlags & { readonly output?: string }): Promise<void> {
  const isLast = args.at(-1) === STDOUT;
  if (isLast && flags.output !== undefined) {
    throw new CommandError(Exit.usage, "a last argument - and --output exclude each other; take one of them");
  }
  if (flags.output === "")
    throw new CommandError(Exit.usage, "--output is empty; name a file, a folder/, or - for stdout");
  const isStdout = isLast || flags.output === STDOUT;
  const given = isLast ? args.slice(0, -1) : args;
  // A file comes once, since it would have one name twice. URLs that end alike are told apart, and stdout has no names.
  const texts = isStdout ? given : given.filter((text, at) => isForeign(text) || given.indexOf(text) === at);
  if (texts.length === 0) throw new CommandError(Exit.usage, "there is nothing to get; name a file as HOST/PATH");
  const write = isStdout ? toStdout : await deviceAt(flags.output);
  const urls = texts.filter(isForeign);
  const several = texts.length > 1;
  refuseTargetLast(texts, flags.recursive === true);
  const reach = flagsBeside(urls, flags, urls.length === texts.length);
  const sources = texts
    .filter((text) => !isForeign(text))
    .map((text) => ({ ...parseAddress(text, reach), text, last: several && text === texts.at(-1) }));
  if (isStdout && urls.length > 0 && sources.length > 0) {
    throw new CommandError(Exit.usage, "URLs and HOST/PATH do not go to stdout together; get them one after the other");
  }
  const unfinished: UnfinishedFolder[] = [];
  await move(flags, { data: isStdout, serial: write !== null, several }, async function* (moving) {
    const jobs = new Plan(moving, flags.recursive === true, write, flags.output, urls, unfinished).jobs(sources);
    // What is refused is refused before anything is fetched.
    const first = sources.length > 0 ? await jobs.next() : null;
    if (urls.length > 0) yield () => fetchUrls(urls, isStdout ? STDOUT : flags.output, flags, moving);
    if (first === null || first.done === true) return;
    yield first.value;
    yield* jobs;
  });
  for (const folder of unfinished) await folder.finish();
}

/** Whether an argument is a URL that another kind of server answers. */
function isForeign(text: string): boolean {
  return isUrl(text) && !/^tincans?:/i.test(text);
}

/** Whether nothing before it is the very same. @throws CommandError (usage) where another thing gets the same name */
function isFirst(names: OneName, source: Address, { path }: Found, place: Place): boolean {
  let target: string;
  try {
    target = resolve(place(folderName(source, baseName(path))));
  } catch {
    // A name that is not written is told when its turn comes.
    return true;
  }
  return names.take(relative(".", target), formatAddress({ ...source, path }));
}

/** Takes the names that URLs get beside it. */
function reserve(names: OneName, urls: readonly string[], place: Place): void {
  const sources = urls.map(parseSource);
  const files = distinct(sources.map(fileName));
  for (const [at, { shown }] of sources.entries()) {
    const file = files[at];
    if (file) names.take(relative(".", resolve(place(file))), shown);
  }
}

/** An argument that names something on a server. */
interface Source extends Address {
  readonly text: string;
  /** It is the last one of several. */
  readonly last: boolean;
}

/** Finds out what there is to fetch, and where it goes. */
class Plan {
  constructor(
    private readonly moving: Moving,
    private readonly recursive: boolean,
    private readonly write: Write | null,
    private readonly output: string | undefined,
    /** What is fetched beside it. */
    private readonly urls: readonly string[],
    /** Gets the folders that are whole when all jobs are done. */
    private readonly unfinished: UnfinishedFolder[],
  ) {}

  async *jobs(sources: readonly Source[]): AsyncGenerator<Job> {
    const { failures, shared, servers } = this.moving;
    const found: { source: Address; server: Server; things: readonly Found[] }[] = [];
    for (const source of sources) {
      const server = await servers.of(source);
      await failures.lookUp(formatAddress(source), async () => {
        const name = formatAddress(source);
        const things = await shared.retry.run(
          name,
          () => 0,
          () =>
            server
              .use((conn) => find(conn, source))
              .catch((error) => {
                throw explainHost(error, source.text, source.last);
              }),
        );
        found.push({ source, server, things });
        if (things.length > 1) failures.expectSeveral();
        for (const { entry } of things) if (entry.type === "file") shared.progress.expect(1, entry.size);
      });
    }
    if (this.write !== null) {
      for (const { source, server, things } of found) {
        for (const thing of things) yield* this.intoStream(source, server, thing, this.write);
      }
      return;
    }
    const isOne = sources.length === 1 && found.every(({ things }) => things.length === 1);
    const [only] = isOne ? found : [];
    const folder = only?.things.find(({ entry }) => entry.type === "dir");
    const renamed = only && folder && this.recursive ? this.renamed(only.source, folder.path) : null;
    const place = await placeFor(this.output, isOne, renamed);
    const names = new OneName();
    reserve(names, this.urls, place);
    const wanted = found.map(({ source, server, things }) => {
      return { source, server, things: things.filter((thing) => isFirst(names, source, thing, place)) };
    });
    for (const { source, server, things } of wanted) {
      for (const thing of things) yield* this.intoFiles(source, server, thing, place);
    }
  }

  private *intoStream(source: Address, server: Server, { path, entry }: Found, write: Write): Generator<Job> {
    const { failures, shared } = this.moving;
    const name = baseName(path);
    if (entry.type === "dir") this.refuseFolder(source, path, "it cannot go into one stream");
    else yield () => failures.attempt(name, () => new Pour(server, path, shared, write).run(name, entry.size));
  }

  private async *intoFiles(source: Address, server: Server, { path, entry }: Found, place: Place): AsyncGenerator<Job> {
    const { failures, shared } = this.moving;
    const name = baseName(path);
    if (entry.type === "file") {
      yield () =>
        failures.attempt(name, () => {
          const wanted = { name, path, size: entry.size, target: place(name) };
          return new Download(server, wanted, shared).run();
        });
    } else if (this.recursive) {
      const root = { name: folderName(source, name), path };
      yield* this.jobsIn(server, { ...root, target: place(root.name) }, this.renamed(source, path));
    } else {
      this.refuseFolder(source, path, "add -r to get all that is in it");
    }
  }

  private refuseFolder(source: Address, path: string, how: string): void {
    const why = new LocalTrouble(`${quote(path, 200)} is a folder; ${how}`);
    this.moving.failures.add(formatAddress({ ...source, path }), why);
  }

  /** A folder under the name that --output gives it, as far as it does. */
  private renamed(source: Address, path: string): UnfinishedFolder | null {
    if (this.output === undefined || this.output.endsWith("/")) return null;
    return new UnfinishedFolder(this.output, formatAddress({ ...source, path }));
  }

  private async begin(folder: UnfinishedFolder): Promise<void> {
    await folder.begin();
    this.unfinished.push(folder);
  }

  private async *jobsIn(
    server: Server,
    root: { readonly name: string; readonly path: string; readonly target: string },
    renamed: UnfinishedFolder | null,
  ): AsyncGenerator<Job> {
    const { failures, shared } = this.moving;
    const { progress, retry } = shared;
    failures.expectSeveral();
    const listener = {
      list: <T>(name: string, work: () => Promise<T>) => retry.run(name, () => 0, work),
      make: async (folder: string) => {
        await makeFolder(folder);
        if (folder === renamed?.path) await this.begin(renamed);
      },
      found: (files: number, bytes: number) => progress.expect(files, bytes),
      failed: (name: string, error: unknown) => failures.add(name, error),
    };
    for await (const leaf of walkRemote(server, root, listener)) {
      const { name, path, target, entry } = leaf;
      const wanted = { name, path, size: entry.size, target };
      yield () => failures.attempt(name, () => new Download(server, wanted, shared).run());
    }
  }
}

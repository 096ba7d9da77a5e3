import { type Asker, ask, fieldsOf } from "../lib/ask.ts";
import { HttpError } from "../lib/http-error.ts";
import { fileUrl } from "../lib/urls.ts";
import type { Entry } from "./entry.ts";
import { isDots } from "./paths.ts";

interface ListPage {
  readonly entries: readonly Entry[];
  readonly next: string | null;
}

/** Requests on the share by HTTP. Every one throws an HttpError where the server refuses, and NoAnswer where it is away. */
export class FilesApi {
  /** @param loginEnded is told when the server does not know this browser's login any more */
  constructor(
    private readonly root: string,
    private readonly asker: () => Asker,
    private readonly loginEnded: () => void,
  ) {}

  /** Everything in a folder, page by page. */
  async list(folder: string): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    let after: string | null = null;
    do {
      const query: string = after === null ? "" : `?after=${encodeURIComponent(after)}`;
      const answer = await this.#ask("GET", `${this.#folder(folder)}${query}`);
      const page = (await answer.json()) as ListPage;
      entries.push(...page.entries);
      after = page.next;
    } while (after !== null);
    return entries;
  }

  async makeFolder(path: string): Promise<void> {
    refuseDots(path);
    await this.#ask("MKCOL", fileUrl(this.root, path));
  }

  async remove(path: string): Promise<void> {
    await this.#ask("DELETE", fileUrl(this.root, path));
  }

  async rename(path: string, to: string): Promise<void> {
    refuseDots(to);
    const { pathname } = new URL(fileUrl(this.root, to));
    await this.#ask("MOVE", fileUrl(this.root, path), { Destination: pathname });
  }

  /** The first bytes of a file. */
  async head(path: string, bytes: number): Promise<Uint8Array> {
    const answer = await this.#ask("GET", fileUrl(this.root, path), { Range: `bytes=0-${bytes - 1}` });
    return new Uint8Array(await answer.arrayBuffer());
  }

  #folder(path: string): string {
    return fileUrl(this.root, path === "/" ? "/" : `${path}/`);
  }

  async #ask(method: string, url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    try {
      return await ask(url, { method, headers: { ...headers, ...fieldsOf(this.asker()) } });
    } catch (error) {
      if (error instanceof HttpError && error.code === "login-ended") this.loginEnded();
      throw error;
    }
  }
}

/** @throws HttpError as the server would, if it were asked for what was typed */
function refuseDots(path: string): void {
  const dots = path.split("/").find(isDots);
  if (dots !== undefined) throw new HttpError(400, "bad-path", `"${dots}" is not a name; take another`);
}

/** `photos/` and `/photos` are the same path, and nothing is the root. */
function typedPath(text: string): string {
  return `/${text.replace(/^\/+|\/+$/g, "")}`;
}

/** A path that somebody typed, what is there, and which page of it is wanted, from 1 on. */
export interface Typed<T> {
  readonly path: string;
  readonly page: number;
  readonly entry: T;
}

/**
 * What is meant by `photos`, `photos 2` or `2`. A number is the page of a list, unless there is a file of just that name;
 * `stat` rejects when there is none.
 */
export async function findTyped<T>(text: string, stat: (path: string) => Promise<T>): Promise<Typed<T>> {
  const path = typedPath(text);
  try {
    return { path, page: 1, entry: await stat(path) };
  } catch (error) {
    const [, folder = "", page] = /^(?:(.*) )?([1-9]\d{0,4})$/.exec(text) ?? [];
    if (page === undefined) throw error;
    const listed = typedPath(folder);
    return { path: listed, page: Number(page), entry: await stat(listed) };
  }
}

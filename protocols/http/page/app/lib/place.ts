/** Where this server's addresses are, as absolute URLs. */
export interface Place {
  /** What `files/`, `api/` and `ws` lie under; ends in a slash. */
  readonly root: string;
  /** The script of the thread that hashes files. */
  readonly worker: string;
}

/** The page may lie anywhere (a path prefix, a folder of its own), so its document says what is where. */
export function placeOf(page: Document): Place {
  const { root = "./", worker = "" } = page.documentElement.dataset;
  const here = new URL(".", page.location.href);
  return { root: new URL(root, here).href, worker: new URL(worker, here).href };
}

import type { Stats } from "node:fs";
import { quote } from "../bytes/text.ts";
import type { WriteOptions } from "./access.ts";
import { VaultError } from "./error.ts";
import { type Name, statAt } from "./naming.ts";
import type { View } from "./view.ts";

/** The name is taken: only whoever may overwrite, and says so, goes on. */
export function mustReplace(view: View, path: string, o: Pick<WriteOptions, "overwrite">): void {
  if (o.overwrite === true && view.visitor.may("write")) return;
  const hint = o.overwrite === true ? ", and nothing may be overwritten here" : "; take another name";
  throw new VaultError("exists", `${quote(path, 200)} is there already${hint}`);
}

/**
 * What has the name that a file is to get; null when nothing has.
 * @throws VaultError `not-a-file` for a folder, a link to one, which is shown as a folder, and for pipes, sockets and devices
 */
export function fileToReplace(view: View, path: string, at: Name): Stats | null {
  const there = statAt(at);
  if (there === null || there.isFile()) return there;
  if (there.isDirectory() || (there.isSymbolicLink() && leadsToFolder(view, path))) {
    throw new VaultError("not-a-file", `${quote(path, 200)} is a folder`);
  }
  if (there.isSymbolicLink()) return there;
  throw new VaultError(
    "not-a-file",
    `${quote(path, 200)} is neither a file nor a folder, and no file can take its place`,
  );
}

/** One that leads to nothing that is served is not shown at all. */
function leadsToFolder(view: View, path: string): boolean {
  try {
    return view.at(path, view.parts(path), ({ stats }) => stats.isDirectory());
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}

import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { relative } from "node:path";
import { quote } from "./bytes/text.ts";
import { CommandError, Exit } from "./exit.ts";
import { realOrSame, refuseEmpty } from "./state.ts";
import { codeOf } from "./thrown.ts";

/**
 * Checks the folder of `tincan serve DIR` and gives its real path. Throws {@link CommandError}: 64 when it is not a folder
 * that can be read, 77 when sharing it would share too much (`/`, the home folder, what holds the state folder) and nobody
 * said `--serve-anyway`.
 */
export function checkShare(dir: string, o: { stateFolder: string; anyway: boolean }): string {
  const path = readableFolder(dir);
  const danger = o.anyway ? null : tooMuch(path, o.stateFolder);
  if (danger !== null) {
    throw new CommandError(
      Exit.noPermission,
      `${quote(dir)} is ${danger}; share a smaller folder, or say --serve-anyway`,
    );
  }
  return path;
}

/**
 * Refuses a site that shares files with the folder that everybody may add to (77): what they upload would run in the
 * browsers of all others as the site's own pages. Both are real paths.
 * @returns whether an account that may upload could do so
 */
export function checkApart(site: string, share: string, o: { everybodyAdds: boolean; anyway: boolean }): boolean {
  const overlap = holds(site, share) || holds(share, site);
  if (!overlap || !o.everybodyAdds || o.anyway) return overlap;
  throw new CommandError(
    Exit.noPermission,
    `--site ${quote(site, 200)} has files in common with the folder that everybody may add to, and what they add would ` +
      "run as its pages; give a folder elsewhere, or say --serve-anyway",
  );
}

function readableFolder(dir: string): string {
  refuseEmpty(dir);
  try {
    const path = realpathSync(dir);
    if (!statSync(path).isDirectory()) throw new CommandError(Exit.usage, `${quote(dir)} is not a folder`);
    accessSync(path, constants.R_OK | constants.X_OK);
    return path;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const code = codeOf(error);
    const what = code === "ENOENT" ? "there is no folder" : "cannot read the folder";
    throw new CommandError(Exit.usage, `${what} ${quote(dir)}; give one that exists and can be read`);
  }
}

function tooMuch(path: string, state: string): string | null {
  if (path === "/") return "the whole machine";
  if (path === realOrSame(homedir())) return "your home folder";
  return holds(path, realOrSame(state)) ? "a folder that holds tincan's own state" : null;
}

function holds(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || !(way === ".." || way.startsWith("../"));
}

import { quote } from "../bytes/text.ts";
import { VaultError } from "./error.ts";
import { fileLimits } from "./limits.ts";

/** What unfinished uploads are called; nobody reaches them by name. */
export const PART_PREFIX = ".tincan-";

/** C0 controls, DEL and C1: they forge replies, logs and terminals. The backslash is a separator to other systems. */
const FORBIDDEN = /[\0-\x1f\x7f-\x9f\\]/;
/** Names that stand for devices on Windows, whatever their extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
const SHOWN = 80;

/**
 * The parts of an absolute path, in Unicode NFC; none for the root. Paths are decoded once, by the door, and never again.
 * @throws VaultError `bad-path` for what is relative, has `.`, `..` or empty parts, control bytes, backslashes, or is too long
 */
export function parsePath(path: string): readonly string[] {
  if (!path.startsWith("/")) throw bad(path, 'a path begins with "/"');
  if (path.length > fileLimits.path) throw bad(path, `a path has at most ${fileLimits.path} bytes`);
  if (!path.isWellFormed()) throw bad(path, "it is not valid Unicode");
  if (FORBIDDEN.test(path)) throw bad(path, "control characters and backslashes are not taken");
  const normal = path.normalize("NFC");
  if (Buffer.byteLength(normal) > fileLimits.path) throw bad(path, `a path has at most ${fileLimits.path} bytes`);
  const parts = partsOf(normal);
  for (const part of parts) {
    if (part === "") throw bad(path, "a part of it is empty");
    if (part === "." || part === "..") throw bad(path, `${quote(part)} is not taken`);
    if (Buffer.byteLength(part) > fileLimits.name) throw bad(path, `a name has at most ${fileLimits.name} bytes`);
  }
  return parts;
}

/** The parts of a path that {@link joinPath} has made. With a home in front it may be longer than one that anybody may ask for. */
export function partsOf(path: string): readonly string[] {
  return path === "/" ? [] : path.slice(1).split("/");
}

/** The path of parts. */
export function joinPath(parts: readonly string[]): string {
  return `/${parts.join("/")}`;
}

/** Whether a name is shown and served. Unfinished uploads never are. */
export function isVisible(name: string, dotfiles: boolean): boolean {
  return !(name.startsWith(".") && (!dotfiles || name.startsWith(PART_PREFIX)));
}

/** Whether a name on the disk can be said in a path, and then be found: composed (NFC), or decomposed as other systems do. */
export function isSayable(name: string): boolean {
  return !FORBIDDEN.test(name) && (name === name.normalize("NFC") || name === name.normalize("NFD"));
}

/** @throws VaultError `bad-path` for a name that no file shall get */
export function checkNewName(name: string): void {
  if (DEVICE.test(name)) throw bad(name, "it is the name of a device on other systems; take another");
}

function bad(path: string, why: string): VaultError {
  return new VaultError("bad-path", `${quote(path, SHOWN)} cannot be a path here: ${why}`);
}

/**
 * Where `path` leads from the folder `cwd`: absolute, without `.`, `..` and empty parts. `..` at the root stays there
 * (RFC 959 has no word for it; every server does so). What the name may hold is for the vault to say.
 */
export function resolvePath(cwd: string, path: string): string {
  const parts: string[] = [];
  const whole = path.startsWith("/") ? path : `${cwd}/${path}`;
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The folder that holds `path`, and the name in it. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const slash = path.lastIndexOf("/");
  return { folder: path.slice(0, slash) || "/", name: path.slice(slash + 1) };
}

/** `name` in `folder`. */
export function childPath(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

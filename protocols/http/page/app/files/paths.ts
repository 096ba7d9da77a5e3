/** The path of something in a folder; the root is `/`. */
export function join(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

/** Where something lies for everybody: behind the home of who sees it at `path`. */
export function inShare(home: string, path: string): string {
  if (home === "/") return path;
  return path === "/" ? home : home + path;
}

/** Where something of the share lies for who has this home; null: not in it. */
export function inHome(home: string, path: string): string | null {
  if (home === "/") return path;
  return path.startsWith(`${home}/`) ? path.slice(home.length) : null;
}

/** Whether a name is one that addresses resolve instead of sending it. */
export function isDots(name: string): boolean {
  return name === "." || name === "..";
}

/** The folder that something lies in. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A name without its end: `a` of `a.txt`, `.profile` as it is. */
export function stemOf(name: string): string {
  return splitEnd(name)[0];
}

/** Every folder on the way to a path, itself included, the root first. */
export function trail(path: string): readonly { readonly name: string; readonly path: string }[] {
  const names = path.split("/").filter((name) => name !== "");
  return [
    { name: "", path: "/" },
    ...names.map((name, at) => ({ name, path: `/${names.slice(0, at + 1).join("/")}` })),
  ];
}

/** Another name for a file whose name is taken: `a (2).txt`, `a (3).txt`. */
export function otherName(name: string, isTaken: (name: string) => boolean): string {
  const [stem, end] = splitEnd(name);
  for (let count = 2; ; count++) {
    const other = `${stem} (${count})${end}`;
    if (!isTaken(other)) return other;
  }
}

/** Whether a name is one that {@link otherName} has made of this one. */
export function isOtherName(other: string, name: string): boolean {
  const [stem, end] = splitEnd(name);
  const isMade = other.startsWith(`${stem} (`) && other.endsWith(`)${end}`);
  return isMade && /^\d+$/.test(other.slice(stem.length + 2, other.length - end.length - 1));
}

function splitEnd(name: string): readonly [stem: string, end: string] {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
}

/** `ws://…/ws` for `http://…/`, `wss` for `https`. */
export function socketUrl(root: string): string {
  return `${root.replace(/^http/, "ws")}ws`;
}

/** A path of the share (`/photos/a.jpg`, a folder with a slash at its end) as a URL. */
export function fileUrl(root: string, path: string): string {
  return `${root}files${path.split("/").map(encodeURIComponent).join("/")}`;
}

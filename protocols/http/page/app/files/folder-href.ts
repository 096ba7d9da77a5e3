/** The address within the page that shows a folder, so that the browser's own buttons go back and forth. */
export function folderHref(path: string): string {
  return `#${path.split("/").map(encodeURIComponent).join("/")}`;
}

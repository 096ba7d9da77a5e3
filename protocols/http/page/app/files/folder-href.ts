import { encodePath } from "../../../../../src/bytes/url.ts";

/** The address within the page that shows a folder, so that the browser's own buttons go back and forth. */
export function folderHref(path: string): string {
  return `#${encodePath(path)}`;
}

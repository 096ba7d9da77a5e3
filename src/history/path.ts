import { join } from "node:path";

/** Where a state folder keeps what was said. */
export function historyPath(folder: string): string {
  return join(folder, "history.db");
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own that is gone when the test is. */
export class TempFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "tincan-test-"));

  /** The path of something in it. */
  file(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

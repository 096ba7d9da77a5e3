import { isPermission, PERMISSIONS, type Permission } from "../../accounts/permission.ts";
import { quote } from "../../bytes/text.ts";
import { CommandError, Exit } from "../../exit.ts";
import { VaultError } from "../../files/error.ts";
import { joinPath, parsePath } from "../../files/path.ts";
import { nearest } from "../../nearest.ts";

/** `upload,write`; nothing for "". Throws {@link CommandError} for a word that is no permission. */
export function readPermissions(text: string): ReadonlySet<Permission> {
  return new Set(
    text.split(",").flatMap((part) => {
      const word = part.trim();
      if (word === "") return [];
      if (isPermission(word)) return [word];
      const meant = nearest(word, PERMISSIONS);
      throw new CommandError(
        Exit.usage,
        `--allow ${quote(word)} is no permission; ${meant === null ? `there are ${PERMISSIONS.join(", ")}` : `did you mean ${meant}`}`,
      );
    }),
  );
}

/** A folder of the share, with or without the slash before it. Throws {@link CommandError} for what is no path. */
export function readHome(text: string): string {
  try {
    return joinPath(parsePath(`/${text.replace(/^\/|\/$/g, "")}`));
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new CommandError(Exit.usage, `--home: ${error.message}`);
  }
}

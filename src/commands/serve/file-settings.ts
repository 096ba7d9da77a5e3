import { doors } from "../../../protocols/index.ts";
import type { Origin } from "../../config/load.ts";
import { dashed } from "../../config/names.ts";
import type { CoreConfig } from "../../config.ts";
import { CommandError, Exit } from "../../exit.ts";

/** What is said of the files alone. What forbids or records is left out: it is true as well where there are none. */
const OF_FILES = ["allowUpload", "allowWrite", "minFree", "quota", "dotfiles"] as const;

/**
 * Refuses flags that say something of files when no folder is shared, because whoever gave them believes that one is. The
 * environment and the configuration file may be there for more than one daemon: what was set in vain there is given back.
 * @throws CommandError 64
 */
export function vainFileSettings(
  config: Pick<CoreConfig, "doors">,
  origin: (key: keyof CoreConfig) => Origin,
): readonly string[] {
  const given = OF_FILES.filter((key) => origin(key) !== "default");
  const flag = given.find((key) => origin(key) === "flag");
  const door = doors.find(({ name, needsFiles }) => needsFiles && config.doors.includes(name));
  const named = door !== undefined && origin("doors") === "flag" ? `the ${door.name} door` : null;
  const what = flag === undefined ? named : `--${dashed(flag)}`;
  if (what === null) return given.map(dashed);
  throw new CommandError(Exit.usage, `${what} is of no use without a folder to share; give one: tincan serve DIR`);
}

import { doors } from "../../../protocols/index.ts";
import type { Origin } from "../../config/load.ts";
import { CommandError, Exit } from "../../exit.ts";

/** What is said of the page, or of a site beside it. */
const OF_THE_PAGE = ["qr", "open", "site"] as const;

/**
 * Refuses flags about the page when the door that has it is not opened. Like settings about files, those of the environment
 * and of the configuration file may be there for another daemon: what was set in vain there is given back.
 * @throws CommandError 64
 */
export function vainPageSettings(opened: readonly string[], origin: (key: string) => Origin): readonly string[] {
  const door = doors.find(({ pages }) => pages !== undefined);
  if (door === undefined || opened.includes(door.name)) return [];
  const given = OF_THE_PAGE.filter((key) => origin(key) !== "default");
  const flag = given.find((key) => origin(key) === "flag");
  if (flag === undefined) return given;
  throw new CommandError(
    Exit.usage,
    `--${flag} is of no use without the ${door.name} door; name it among --doors, too`,
  );
}

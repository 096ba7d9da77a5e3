import { Refused } from "../messages.ts";
import { LeftOut } from "./trouble.ts";

/** Something in a folder has a name that the server does not take, as most do not. */
export class DottedName extends LeftOut {
  constructor(name: string) {
    super(`${name} is left out: the server takes no names that begin with a dot`);
  }
}

/** Whether that is why the server refused; it has no code of its own for it. */
export function isDotted(error: unknown): boolean {
  return error instanceof Refused && error.code === "denied" && error.message.includes(" begins with a dot, ");
}

import type { DoorKind } from "./door-kind.ts";
import { echoDoor } from "./echo/index.ts";
import { framedDoor } from "./framed/index.ts";
import { ftpDoor } from "./ftp/index.ts";
import { httpDoor } from "./http/index.ts";
import { lineDoor } from "./line/index.ts";

/** The doors that the binary has, in the order in which they are announced. */
export const doors: readonly DoorKind[] = [lineDoor, httpDoor, ftpDoor, echoDoor, framedDoor];

import { isTerminal } from "../../libc.ts";
import type { PageAddress } from "../../page-address.ts";
import { qrCode } from "./qr.ts";

const STDOUT = 1;

/** The page's address for the camera of a phone. It was asked for, so it is printed also where no phone gets to. */
export function qrText({ url, forOthers }: PageAddress): string {
  const intro = forOthers
    ? `Scan this to open ${url}`
    : "This code is for this machine alone; with --host 0.0.0.0 phones get here too";
  return `\n${intro}\n${qrCode(url, isTerminal(STDOUT) && !isColourless())}`;
}

/** no-color.org, and terminals that would print the codes of colours. */
function isColourless(): boolean {
  return (process.env["NO_COLOR"] ?? "") !== "" || process.env["TERM"] === "dumb";
}

import { type HeaderFormat, parseHeaderFormat } from "../../src/bytes/header.ts";
import { StructError } from "../../src/bytes/struct.ts";
import { flag, type Option, OptionError, silence } from "../../src/config/option.ts";

const frameHeader: Option<HeaderFormat> = {
  arg: "FORMAT",
  help: "how a frame's length is packed: one of b B h H i I l L q Q behind one of @ = < > !, as in Python's struct",
  default: parseHeaderFormat("!I"),
  parse(text) {
    try {
      return parseHeaderFormat(text);
    } catch (error) {
      throw error instanceof StructError ? new OptionError(error.message) : error;
    }
  },
  show: ({ format }) => format,
};

export const framedOptions = {
  frameHeader,
  frameAck: flag('echo alone, and whoever sends a header waits for "ok" before the body'),
  frameIdle: silence("how long a framed connection that does not chat may be silent in both directions", 10 * 60_000),
};

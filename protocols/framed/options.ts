import { type HeaderFormat, parseHeaderFormat } from "../../src/bytes/header.ts";
import { StructError } from "../../src/bytes/struct.ts";
import { flag, type Option, OptionError } from "../../src/config/option.ts";

const frameHeader: Option<HeaderFormat> = {
  arg: "FORMAT",
  help: "the integer before a frame, as Python's struct has it: one of b B h H i I l L q Q behind one of @ = < > !",
  default: parseHeaderFormat("!I"),
  parse(text) {
    try {
      return parseHeaderFormat(text);
    } catch (error) {
      if (error instanceof StructError) throw new OptionError(error.message);
      throw error;
    }
  },
  show: ({ format }) => format,
};

export const framedOptions = {
  frameHeader,
  frameAck: flag('echo only: whoever sends a header waits for the two bytes "ok" before the body'),
};

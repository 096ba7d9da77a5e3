import { count, size } from "../../config/option.ts";
import { coreOptions } from "../../config.ts";

const { host, allowUdp, maxConnections, maxPerAddress, trustProxy, maxFrame } = coreOptions;
const { maxOutbox, drainGrace, logFormat, logLevel } = coreOptions;

/** The settings of `tincan run`: those of `serve` that make sense for one protocol, by the same names. */
export const runOptions = {
  port: count("TCP and UDP port; 0: any free one", 9000, { max: 65_535 }),
  host,
  allowUdp,
  maxConnections,
  maxPerAddress,
  trustProxy,
  maxLine: size("longest line", 8192),
  maxFrame,
  maxOutbox,
  drainGrace,
  logFormat,
  logLevel,
};

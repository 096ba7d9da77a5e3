import { count, size } from "../../config/option.ts";

/** A server lets at most 10,000 in, and this machine's own ports and descriptors end not far beyond. */
const MOST_CONNECTIONS = 10_000;

/** The measures of a load, with their limits. */
export const loadOptions = {
  connections: count("connections at the same time; in the chat those who listen, over UDP sockets", 10, {
    min: 1,
    max: MOST_CONNECTIONS,
  }),
  size: size("size of a message", 64),
  pipeline: count("messages under way at once, on each connection", 1, { min: 1, max: 1_024 }),
  publishers: count("in the chat: those who talk", 1, { min: 1, max: 1_000 }),
  seconds: count("how long to measure", 5, { min: 1, max: 3_600 }),
} as const;

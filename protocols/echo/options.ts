import { silence, text } from "../../src/config/option.ts";

export const echoOptions = {
  echoGreeting: text("what the echo door sends on connect, as it is, without a newline", null),
  echoReply: text("what the echo door answers, instead of upper case, to whatever comes", null),
  echoIdle: silence("how long an echo connection may be silent in both directions", 10 * 60_000),
};

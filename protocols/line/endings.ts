import { farewellsWith } from "../farewell.ts";

/** The last words to a member whose connection ends so; null when there is nothing to say. */
export const farewellFor = farewellsWith({
  idle: "you were silent for too long; come again",
  stall: "the line that you began did not end in time; come again",
  busy: "the server is full, try again later",
});

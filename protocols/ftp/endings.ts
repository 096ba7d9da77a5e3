import { farewellsWith } from "../farewell.ts";

/** The last words to a client whose connection ends so; null when there is nothing to say. */
export const farewellFor = farewellsWith({
  idle: "you were silent for too long; good-bye",
  stall: "what you began did not end in time; good-bye",
  busy: "the server is full; try again later",
});

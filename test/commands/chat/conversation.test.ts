import { expect, test } from "bun:test";
import type { Absence } from "../../../src/client/chat/homecoming.ts";
import { Conversation } from "../../../src/commands/chat/conversation.ts";

const lobby = ["#lobby"];
const both = ["#lobby", "#dev"];

test.each([
  [0, 0, 0, [], "you missed no messages"],
  [1, 0, 0, [], "you missed 1 message:"],
  [2, 0, 0, [], "you missed 2 messages:"],
  [200, 0, 5, [], "the server no longer has 5 messages of the meantime; 200 messages since then:"],
  [0, 0, 0, lobby, "the server has forgotten what was said in #lobby before"],
  [2, 0, 0, both, "the server has forgotten what was said in #lobby and #dev before; 2 messages since then:"],
  [0, 1, 0, [], "the server has lost the last message from before"],
  [3, 2, 0, [], "the server has lost the last 2 messages from before; 3 messages since then:"],
  [
    1,
    0,
    1,
    lobby,
    "the server has forgotten what was said in #lobby before; the server no longer has 1 message of the meantime; 1 message since then:",
  ],
] satisfies [number, number, number, string[], string][])(
  "what was missed is told in one sentence: %d, %d lost, %d forgotten, anew %j",
  (messages, lost, forgotten, anew, words) => {
    const told: string[] = [];
    const absence: Absence = { messages, lost, forgotten, anew };
    new Conversation((text) => void told.push(text)).back(absence);
    expect(told).toEqual([`-- connected again; ${words}`]);
  },
);

test("attempts to come back are told until they all wait equally long", () => {
  const told: string[] = [];
  const chat = new Conversation((text) => void told.push(text));
  for (const [at, ms] of [1_100, 2_100, 4_100, 8_100, 16_100, 30_100, 30_100, 30_100].entries()) chat.lost(ms, at + 1);
  expect(told).toEqual([
    "-- the connection is lost; trying again in 1 s",
    ...[2, 4, 8, 16].map((seconds) => `-- still no connection; trying again in ${seconds} s`),
    "-- still no connection; from now on trying every half minute",
  ]);
});

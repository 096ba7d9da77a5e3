import { expect, test } from "bun:test";
import { applyEvent } from "../../../../../protocols/http/page/app/chat/apply.ts";
import { initialChat, withRoom } from "../../../../../protocols/http/page/app/chat/state.ts";

test.each([
  ["ann: come", true],
  ["@ANN?", true],
  ["Hannah and ann", true],
  ["安ann你好", true],
  ["Hannah has a planner", false],
  ["ann_2 is here", false],
])("whether %j calls ann: %p", (text, called) => {
  const time = "2026-01-02T03:04:05.678Z";
  const state = { ...withRoom({ ...initialChat, name: "ann" }, "#lobby"), active: "#dev" };
  const event = { event: "message", room: "#lobby", from: "bob", text, time, epoch: "k", seq: 1 } as const;
  const now = { attentive: true, isMine: () => false, key: "k1" };
  expect(applyEvent(state, event, now).rooms.get("#lobby")).toMatchObject({ unread: 1, called });
});

test("who has taken another name is seen to go once from a talk with them", () => {
  const time = "2026-01-02T03:04:05.678Z";
  const now = { attentive: true, isMine: () => false, key: "k1" };
  const state = { ...withRoom(initialChat, "@bob"), name: "ann" };
  const renamed = applyEvent(state, { event: "name", from: "bob", to: "rob", time }, now);
  const gone = applyEvent(renamed, { event: "quit", name: "rob", reason: "", time }, { ...now, key: "k2" });
  expect(gone.rooms.get("@rob")?.timeline.items).toMatchObject([
    { event: { event: "name" } },
    { event: { event: "quit" } },
  ]);
});

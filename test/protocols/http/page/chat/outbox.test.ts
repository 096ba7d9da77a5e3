import { expect, test } from "bun:test";
import { applyEvent } from "../../../../../protocols/http/page/app/chat/apply.ts";
import { Link } from "../../../../../protocols/http/page/app/chat/link.ts";
import { Outbox } from "../../../../../protocols/http/page/app/chat/outbox.ts";
import { type ChatState, initialChat, withRoom } from "../../../../../protocols/http/page/app/chat/state.ts";
import { Store } from "../../../../../protocols/http/page/app/lib/store.ts";

const TIME = "2026-01-02T03:04:05.678Z";

/** A conversation with bob, and what the page asks of the server, whose answers the test gives. */
function open() {
  const asked: { readonly id: number; readonly to: string }[] = [];
  const link = new Link(
    (text) => asked.push(JSON.parse(text)),
    () => {},
  );
  const state = new Store<ChatState>(withRoom({ ...initialChat, name: "ann" }, "@bob"));
  const outbox = new Outbox({ state, link, newKey: () => "k1", unsure: () => "unsure" });
  const answer = (fields: object) => {
    link.receive(JSON.stringify({ id: asked.at(-1)?.id, ...fields }));
    // What waits for it has it a moment later.
    return new Promise<void>((done) => setImmediate(done));
  };
  const renameBob = () =>
    state.update((now) =>
      applyEvent(
        now,
        { event: "name", from: "bob", to: "rob", time: TIME },
        { attentive: true, isMine: () => false, key: "k2" },
      ),
    );
  const rob = () => state.value.rooms.get("@rob");
  return { asked, outbox, answer, renameBob, rob };
}

test("what somebody was told who has taken another name is refused there, and can be said again", async () => {
  const { asked, outbox, answer, renameBob, rob } = open();
  outbox.say("@bob", "tell", "psst");
  renameBob();
  await answer({ ok: false, error: { code: "no-such-member", message: "nobody here is called bob" } });
  expect(rob()?.outgoing).toMatchObject([{ text: "psst", state: "failed", problem: { code: "no-such-member" } }]);
  outbox.again("@rob", "k1");
  expect(asked.at(-1)).toMatchObject({ op: "tell", to: "rob", text: "psst" });
  await answer({ ok: true, time: TIME });
  expect(rob()?.outgoing).toEqual([]);
});

test("what had arrived before stands in the same conversation", async () => {
  const { outbox, answer, renameBob, rob } = open();
  outbox.say("@bob", "tell", "psst");
  renameBob();
  await answer({ ok: true, time: TIME });
  expect(rob()?.outgoing).toEqual([]);
  expect(rob()?.timeline.items.at(-1)).toMatchObject({ kind: "passing", event: { text: "psst" }, mine: true });
});

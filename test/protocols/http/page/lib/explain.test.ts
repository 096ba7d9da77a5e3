import { expect, test } from "bun:test";
import { SocketTrouble } from "../../../../../protocols/http/page/app/lib/explain.ts";

/** What is found each time, by one answer after the other. */
async function whyFrom(...answers: readonly (() => Response)[]): Promise<readonly (string | null)[]> {
  let at = 0;
  await using server = Bun.serve({ port: 0, fetch: () => answers[at]?.() ?? new Response() });
  const trouble = new SocketTrouble(`http://127.0.0.1:${server.port}/ws`);
  const found: (string | null)[] = [];
  for (; at < answers.length; at++) found.push((await trouble.why())?.code ?? null);
  return found;
}

const refusal = (status: number, code: string) => () => Response.json({ error: { code, message: "no" } }, { status });
const welcome = refusal(405, "bad-method");
const proxy = () => new Response("<h1>502</h1>", { status: 502 });

test("a refusal that keeps everybody out is the reason, others are none", async () => {
  expect(await whyFrom(refusal(403, "foreign-origin"))).toEqual(["foreign-origin"]);
  expect(await whyFrom(refusal(421, "wrong-host"))).toEqual(["wrong-host"]);
  expect(await whyFrom(refusal(404, "not-found"))).toEqual([null]);
  expect(await whyFrom(proxy)).toEqual([null]);
  expect(await new SocketTrouble("http://127.0.0.1:1/ws").why()).toBeNull();
});

test("WebSockets do not get through where the server answers, and has nothing against them, twice in a row", async () => {
  expect(await whyFrom(welcome, welcome, welcome)).toEqual([null, "no-websocket", "no-websocket"]);
  expect(await whyFrom(welcome, proxy, welcome)).toEqual([null, null, null]);
});

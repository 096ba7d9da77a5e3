import { expect, test } from "bun:test";
import { whyNoSocket } from "../../../../../protocols/http/page/app/lib/explain.ts";

async function whyFrom(answer: () => Response): Promise<string | null> {
  await using server = Bun.serve({ port: 0, fetch: answer });
  return (await whyNoSocket(`http://127.0.0.1:${server.port}/ws`))?.code ?? null;
}

const refusal = (status: number, code: string) => () => Response.json({ error: { code, message: "no" } }, { status });

test("a refusal that keeps everybody out is the reason, others are none", async () => {
  expect(await whyFrom(refusal(403, "foreign-origin"))).toBe("foreign-origin");
  expect(await whyFrom(refusal(421, "wrong-host"))).toBe("wrong-host");
  expect(await whyFrom(refusal(405, "bad-method"))).toBeNull();
  expect(await whyFrom(() => new Response("<h1>502</h1>", { status: 502 }))).toBeNull();
  expect(await whyNoSocket("http://127.0.0.1:1/ws")).toBeNull();
});

import { expect, test } from "bun:test";
import { OtherProcess, PASSWORD } from "../../accounts/accounts.ts";
import { TempFolder } from "../../support/temp.ts";
import { startTincan, type Tincan } from "../../support/tincan.ts";

const address = (tincan: Tincan, path: string) => `http://127.0.0.1:${tincan.port("http")}${path}`;

test("a restart of the server logs no browser out", async () => {
  using state = new TempFolder();
  new OtherProcess(state.path).add("ann");
  const flags = ["--doors", "http", "--state-dir", state.path];
  let secret: string | undefined;
  {
    await using tincan = await startTincan(flags);
    const body = JSON.stringify({ user: "ann", password: PASSWORD });
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(address(tincan, "/api/login"), { method: "POST", headers, body });
    [, secret] = /=([\w-]{22});/.exec(answer.headers.getSetCookie().join()) ?? [];
  }
  await using tincan = await startTincan(flags);
  const Cookie = `tincan-session-${tincan.port("http")}=${secret}`;
  const me = await fetch(address(tincan, "/api/me"), { headers: { Cookie } });
  expect(await me.json()).toMatchObject({ account: "ann" });
});

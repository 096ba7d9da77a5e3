import { expect, test } from "bun:test";
import { OtherProcess } from "../../accounts/accounts.ts";
import { until } from "../../support/deadline.ts";
import { startTincan } from "../../support/tincan.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

test("a drain does not wait for requests that only wait for a delay", async () => {
  await using tincan = await startTincan(["--doors", "http", "--chat-rate", "1"]);
  new OtherProcess(tincan.folder.file("state")).add("ann");
  const post = async (path: string, body: object) => {
    const address = `http://127.0.0.1:${tincan.port("http")}${path}`;
    return (await fetch(address, { method: "POST", headers: JSON_TYPE, body: JSON.stringify(body) })).status;
  };
  // The limit lets two pass at once and then one a second; failed logins of one address wait for each other, too.
  const posts = Array.from({ length: 12 }, (_, n) => post("/api/rooms/lobby/messages", { text: `${n}`, name: "bot" }));
  const logins = Array.from({ length: 4 }, () => post("/api/login", { user: "ann", password: "wrong" }));
  await until(() => tincan.events.some(({ event }) => event === "login-failed"), "a login that failed");
  const began = performance.now();
  expect(await tincan.stop()).toBe(0);
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(await Promise.all(posts)).toEqual(posts.map(() => 201));
  expect(await Promise.all(logins)).toEqual(logins.map(() => 401));
}, 20_000);

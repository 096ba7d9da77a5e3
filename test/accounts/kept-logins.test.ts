import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { Sessions } from "../../protocols/http/auth/sessions.ts";
import { AccountGate } from "../../src/accounts/account-gate.ts";
import { LOGIN_MS } from "../../src/accounts/gate.ts";
import { Registry } from "../../src/accounts/registry.ts";
import { silentLog } from "../../src/log.ts";
import { HandClock } from "../support/hand-clock.ts";
import { TempFolder } from "../support/temp.ts";
import { OtherProcess, PASSWORD, peer } from "./accounts.ts";

/** One run of a daemon on a state folder. */
class Run implements AsyncDisposable {
  readonly sessions: Sessions;
  private readonly gate: AccountGate;

  private constructor(
    private readonly registry: Registry,
    clock: HandClock,
  ) {
    const rights = { anonymous: new Set<never>(), denied: new Set<never>(), plainPasswords: false };
    const bans = { isBanned: () => false, mayBan: () => false };
    this.gate = new AccountGate({ registry, clock, log: silentLog, ...rights, ...bans });
    this.sessions = new Sessions(clock, this.gate.logins);
  }

  static async begin({ path }: TempFolder, clock: HandClock): Promise<Run> {
    const onFault = (error: unknown) => {
      throw error;
    };
    const registry = new Registry({ folder: path, clock, onBans() {}, onFault });
    await registry.open();
    return new Run(registry, clock);
  }

  /** The secret of a new login. */
  async login(user: string): Promise<string> {
    const login = await this.gate.login({ user, password: PASSWORD }, peer(), "http");
    if (!login.ok) throw new Error(login.message);
    return this.sessions.open(login.visitor);
  }

  /** Where who shows it is taken to be. */
  hostOf(secret: string, host: string): string | null {
    return this.sessions.find(secret, peer(host))?.host ?? null;
  }

  accountOf(secret: string): string | null {
    return this.sessions.find(secret, peer("10.0.0.6"))?.account ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.registry.close();
  }
}

/** What an earlier run of a daemon knew of two accounts. */
async function before(folder: TempFolder, clock: HandClock) {
  const other = new OtherProcess(folder.path);
  for (const name of ["ann", "bob"]) other.add(name);
  await using run = await Run.begin(folder, clock);
  return { other, ann: await run.login("ann"), bob: await run.login("bob") };
}

test("a login outlives the daemon, and its secret is nowhere on the disk", async () => {
  using folder = new TempFolder();
  const clock = new HandClock();
  const { ann, bob } = await before(folder, clock);
  for (const name of readdirSync(folder.path)) expect(readFileSync(folder.file(name)).includes(ann)).toBe(false);
  await using run = await Run.begin(folder, clock);
  expect([run.accountOf(ann), run.accountOf(bob), run.accountOf("guessed")]).toEqual(["ann", "bob", null]);
});

test("a logout ends it for all daemons to come", async () => {
  using folder = new TempFolder();
  const clock = new HandClock();
  const { ann, bob } = await before(folder, clock);
  {
    await using run = await Run.begin(folder, clock);
    run.sessions.close(ann);
  }
  await using run = await Run.begin(folder, clock);
  expect([run.accountOf(ann), run.accountOf(bob)]).toEqual([null, "bob"]);
});

test("another password and the end of the account end it, also where no daemon runs", async () => {
  using folder = new TempFolder();
  const clock = new HandClock();
  const { other, ann, bob } = await before(folder, clock);
  other.change("ann", { permissions: new Set(["admin"]) });
  {
    await using run = await Run.begin(folder, clock);
    expect(run.accountOf(ann)).toBe("ann");
  }
  other.change("ann", { hash: await Bun.password.hash("x", { algorithm: "argon2id", memoryCost: 64, timeCost: 1 }) });
  other.remove("bob");
  other.add("bob");
  await using run = await Run.begin(folder, clock);
  expect([run.accountOf(ann), run.accountOf(bob)]).toEqual([null, null]);
});

test("another home ends it, once for all", async () => {
  using folder = new TempFolder();
  const clock = new HandClock();
  const { other, ann, bob } = await before(folder, clock);
  other.change("ann", { home: "/ann" });
  other.change("bob", { home: "/" });
  {
    await using run = await Run.begin(folder, clock);
    expect([run.accountOf(ann), run.accountOf(bob)]).toEqual([null, "bob"]);
    other.change("bob", { home: "/bob" });
    expect([run.accountOf(bob), run.accountOf(bob)]).toEqual([null, null]);
  }
  other.change("bob", { home: "/" });
  await using run = await Run.begin(folder, clock);
  expect(run.accountOf(bob)).toBe(null);
});

test("it ends twelve hours after its last use, whichever daemon that was told of", async () => {
  using folder = new TempFolder();
  const clock = new HandClock();
  const { ann, bob } = await before(folder, clock);
  clock.move(LOGIN_MS - 1_000);
  {
    await using run = await Run.begin(folder, clock);
    expect(run.accountOf(ann)).toBe("ann");
  }
  clock.move(2_000);
  await using run = await Run.begin(folder, clock);
  expect([run.accountOf(ann), run.accountOf(bob)]).toEqual(["ann", null]);
});

test("a login that is used again and again is kept for later daemons, too", async () => {
  using folder = new TempFolder();
  const clock = new HandClock();
  const { ann } = await before(folder, clock);
  {
    await using run = await Run.begin(folder, clock);
    for (let hours = 0; hours < 24; hours += 8) {
      expect(run.accountOf(ann)).toBe("ann");
      clock.move(8 * 3_600_000);
    }
  }
  await using run = await Run.begin(folder, clock);
  expect(run.accountOf(ann)).toBe("ann");
});

test("who has gone to another network is told of by the address that it has there", async () => {
  using folder = new TempFolder();
  const clock = new HandClock();
  new OtherProcess(folder.path).add("ann");
  await using run = await Run.begin(folder, clock);
  const secret = await run.login("ann");
  expect(["10.0.0.5", "192.0.2.7", "10.0.0.5"].map((host) => run.hostOf(secret, host))).toEqual([
    "10.0.0.5",
    "192.0.2.7",
    "10.0.0.5",
  ]);
});

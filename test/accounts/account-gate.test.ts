import { describe, expect, test } from "bun:test";
import { AccountGate } from "../../src/accounts/account-gate.ts";
import type { Login, PeerAddress } from "../../src/accounts/gate.ts";
import { hashPassword } from "../../src/accounts/password.ts";
import type { Permission } from "../../src/accounts/permission.ts";
import { Registry } from "../../src/accounts/registry.ts";
import { Blocklist } from "../../src/net/blocklist.ts";
import { until } from "../support/deadline.ts";
import { HandClock } from "../support/hand-clock.ts";
import { TempFolder } from "../support/temp.ts";
import { OtherProcess, PASSWORD, peer } from "./accounts.ts";

interface Rights {
  readonly anonymous?: readonly Permission[];
  readonly denied?: readonly Permission[];
  readonly plainPasswords?: boolean;
}

class Door implements AsyncDisposable {
  readonly folder = new TempFolder();
  readonly other = new OtherProcess(this.folder.path);
  readonly clock = new HandClock();
  readonly logged: [string, unknown][] = [];
  readonly blocklist = new Blocklist(this.clock);
  readonly registry = new Registry({
    folder: this.folder.path,
    clock: this.clock,
    onBans: (bans) => this.blocklist.replace(bans),
    onFault: (error) => {
      throw error;
    },
  });
  readonly gate: AccountGate;

  private constructor({ anonymous = ["read"], denied = [], plainPasswords = false }: Rights) {
    const { registry, clock, blocklist } = this;
    const note = (event: string, fields?: unknown) => void this.logged.push([event, fields]);
    this.gate = new AccountGate({
      registry,
      clock,
      log: { debug: note, info: note, warn: note, error: note },
      anonymous: new Set(anonymous),
      denied: new Set(denied),
      plainPasswords,
      isBanned: (host) => blocklist.refuses(host),
      mayBan: (host) => host !== "127.0.0.1",
    });
  }

  static async open(rights: Rights = {}): Promise<Door> {
    const door = new Door(rights);
    door.other.add("ann", { permissions: new Set(["upload"]), home: "/ann" });
    await door.registry.open();
    return door;
  }

  login(user: string, password: string, from: PeerAddress = peer()): Promise<Login> {
    return this.gate.login({ user, password }, from, "ftp");
  }

  /** Fails to log in; the time that the answer took, on the clock of the hand. */
  async fails(user: string, password: string, from?: PeerAddress): Promise<{ login: Login; ms: number }> {
    const { clock } = this;
    const began = clock.mono();
    let login: Login | undefined;
    void this.login(user, password, from).then((answer) => {
      login = answer;
    });
    await this.passes(() => login !== undefined);
    return { login: login as Login, ms: clock.mono() - began };
  }

  /** Moves the clock until something is so, but only while an answer is being delayed: hashing takes no time on it. */
  async passes(condition: () => boolean): Promise<void> {
    await until(() => {
      if (this.clock.waiting > REGISTRY_TIMERS) this.clock.move(10);
      return condition();
    }, "what comes with time");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.registry.close();
    this.folder[Symbol.dispose]();
  }
}

/** The registry always waits for its next look. */
const REGISTRY_TIMERS = 1;

const WRONG: Login = { ok: false, code: "bad-login", message: "the name or the password is wrong" };

describe("who logs in", () => {
  test("is the account, in any case, with its home", async () => {
    await using door = await Door.open();
    const login = await door.login("ANN", PASSWORD);
    expect(login).toMatchObject({
      ok: true,
      visitor: { account: "ann", owner: "account:ann:0", host: "10.0.0.5", home: "/ann" },
    });
  });

  test("may do what everybody may and what was added, and write means upload", async () => {
    await using door = await Door.open();
    const login = await door.login("ann", PASSWORD);
    const may = () => {
      if (!login.ok) throw new Error(login.message);
      return (["read", "upload", "write", "admin"] as const).filter((each) => login.visitor.may(each));
    };
    expect(may()).toEqual(["read", "upload"]);
    door.other.change("ann", { permissions: new Set(["write"]) });
    expect(may()).toEqual(["read", "upload", "write"]);
    door.other.change("ann", { permissions: new Set(["admin"]) });
    expect(may()).toEqual(["read", "admin"]);
    door.other.remove("ann");
    expect(may()).toEqual([]);
    door.other.add("ann", { permissions: new Set(["write"]) });
    expect(may()).toEqual([]);
  });

  test("may do nothing any more when its account has another home or password, until it logs in anew", async () => {
    await using door = await Door.open();
    const login = await door.login("ann", PASSWORD);
    if (!login.ok) throw new Error(login.message);
    const { visitor } = login;
    expect([visitor.ended, visitor.may("read"), visitor.may("upload")]).toEqual([false, true, true]);
    door.other.change("ann", { home: "/other" });
    expect([visitor.ended, visitor.may("read"), visitor.may("upload")]).toEqual([true, false, false]);
    const hash = await Bun.password.hash(PASSWORD, { algorithm: "argon2id", memoryCost: 64, timeCost: 1 });
    door.other.change("ann", { home: "/ann", hash });
    expect([visitor.ended, visitor.may("read"), visitor.may("upload")]).toEqual([true, false, false]);
    door.other.change("ann", { home: "/other" });
    const again = await door.login("ann", PASSWORD);
    if (!again.ok) throw new Error(again.message);
    expect([again.visitor.home, again.visitor.ended, again.visitor.may("upload")]).toEqual(["/other", false, true]);
  });

  test("is in the home that it was given while its password was compared", async () => {
    await using door = await Door.open();
    const { registry } = door;
    registry.find = (name) => {
      const found = Registry.prototype.find.call(registry, name);
      door.other.change("ann", { home: "/other" });
      return found;
    };
    const login = await door.login("ann", PASSWORD);
    expect(login).toMatchObject({ ok: true, visitor: { home: "/other", ended: false } });
  });

  test("finds its own unfinished uploads with another password, and nobody who gets its name later does", async () => {
    await using door = await Door.open();
    const owner = async () => {
      const login = await door.login("ann", PASSWORD);
      if (!login.ok) throw new Error(login.message);
      return login.visitor.owner;
    };
    const first = await owner();
    const hash = await Bun.password.hash(PASSWORD, { algorithm: "argon2id", memoryCost: 64, timeCost: 1 });
    door.other.change("ann", { hash, home: "/other" });
    expect(await owner()).toBe(first);
    door.other.remove("ann");
    door.other.add("Ann", { created: 1 });
    expect(await owner()).not.toBe(first);
  });

  test("has no right that is denied to all, and keeps read where only strangers lost it", async () => {
    await using door = await Door.open({ anonymous: [], denied: ["upload", "write"] });
    door.other.change("ann", { permissions: new Set(["read", "upload", "write"]) });
    const login = await door.login("ann", PASSWORD);
    const may = (permission: Permission) => login.ok && login.visitor.may(permission);
    expect([may("read"), may("upload"), may("write")]).toEqual([true, false, false]);
    expect(door.gate.anonymous(peer()).may("read")).toBe(false);
  });

  test("uses a password that was changed a moment ago, and no longer the old one", async () => {
    await using door = await Door.open();
    door.other.change("ann", { hash: await hashPassword("battery staple") });
    expect((await door.login("ann", "battery staple")).ok).toBe(true);
    expect((await door.fails("ann", PASSWORD)).login).toEqual(WRONG);
  });
});

describe("a password in the clear", () => {
  const clear = peer("10.0.0.5", { encrypted: false });

  test("is refused off the loopback, before and after it was sent, and counts as no failure", async () => {
    await using door = await Door.open();
    expect(door.gate.refusesPlain(clear)).toContain("over TLS alone");
    for (let i = 0; i < 20; i++)
      expect(await door.login("ann", PASSWORD, clear)).toMatchObject({ ok: false, code: "plain-password" });
    expect((await door.login("ann", PASSWORD)).ok).toBe(true);
  });

  test("is taken on the loopback, and elsewhere when that was allowed", async () => {
    await using door = await Door.open();
    const here = peer("127.0.0.1", { encrypted: false, loopback: true });
    expect(door.gate.refusesPlain(here)).toBeNull();
    expect((await door.login("ann", PASSWORD, here)).ok).toBe(true);
    await using open = await Door.open({ plainPasswords: true });
    expect((await open.login("ann", PASSWORD, clear)).ok).toBe(true);
  });
});

describe("a login as a denial of service (CWE-770)", () => {
  test("at most two passwords are hashed at a time, and the loop goes on meanwhile", async () => {
    await using door = await Door.open();
    door.other.change("ann", { hash: await hashPassword(PASSWORD) });
    const began = performance.now();
    const logins = Array.from({ length: 10 }, (_, i) => door.login("ann", PASSWORD, peer(`10.0.1.${i}`)));
    let turns = 0;
    let longest = 0;
    let last = performance.now();
    let running = true;
    void Promise.all(logins).then(() => {
      running = false;
    });
    while (running) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
      turns++;
    }
    expect((await Promise.all(logins)).every(({ ok }) => ok)).toBe(true);
    // A hash takes 20 ms or more: on the loop, all of them would be a few turns.
    expect(turns).toBeGreaterThan(50);
    expect(longest).toBeLessThan((performance.now() - began) / 2);
  }, 30_000);

  test("a flood of logins is refused at once instead of being kept", async () => {
    await using door = await Door.open();
    const all = Array.from({ length: 1_000 }, (_, i) => door.login("ann", PASSWORD, peer(`10.1.${i >> 8}.${i & 255}`)));
    const answers = await Promise.all(all);
    const busy = answers.filter((login) => !login.ok && login.message.startsWith("too many people log in"));
    expect(answers.filter(({ ok }) => ok).length).toBe(2 + 64);
    expect(busy.length).toBe(1_000 - 2 - 64);
  }, 30_000);

  test("a flood of one address waits for itself, and is bounded", async () => {
    await using door = await Door.open();
    const flood = Array.from({ length: 300 }, () => door.login("ann", "a wrong password"));
    expect((await door.login("ann", PASSWORD, peer("10.0.0.6"))).ok).toBe(true);
    const refusedAtOnce = await Promise.all(flood.slice(257));
    expect(refusedAtOnce.every((login) => !login.ok && login.message.startsWith("too many people"))).toBe(true);
    await door.passes(() => door.blocklist.refuses("10.0.0.5"));
    expect(await flood[256]).toMatchObject({ ok: false, code: "banned" });
  });
});

describe("guessing passwords (CWE-307)", () => {
  test("an unknown name and a wrong password get the same words after the same time and work", async () => {
    await using door = await Door.open();
    door.other.change("ann", { hash: await hashPassword(PASSWORD) });
    const unknown = await door.fails("nobody", PASSWORD, peer("10.0.0.7"));
    const wrong = await door.fails("ann", "a wrong password", peer("10.0.0.8"));
    expect(unknown.login).toEqual(WRONG);
    expect(wrong.login).toEqual(WRONG);
    const hashing = async (user: string, at: number) => {
      const began = performance.now();
      const before = door.logged.length;
      const login = door.login(user, "a wrong password", peer(`10.0.2.${at}`));
      await until(() => door.logged.length > before, "the comparison");
      const took = performance.now() - began;
      door.clock.move(60_000);
      await login;
      return took;
    };
    let [unknownMs, wrongMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 0; i < 7; i++) {
      unknownMs = Math.min(unknownMs, await hashing("nobody", i));
      wrongMs = Math.min(wrongMs, await hashing("ann", 10 + i));
    }
    // Without the work it is a hundredth; a machine that does other things beside makes some difference.
    expect(unknownMs / wrongMs).toBeGreaterThan(0.25);
    expect(unknownMs / wrongMs).toBeLessThan(4);
  }, 30_000);

  test("the answers of one address come later each time, and parallel tries gain nothing", async () => {
    await using door = await Door.open();
    const { clock } = door;
    const began = clock.mono();
    const answered: number[] = [];
    const tries = Array.from({ length: 5 }, () =>
      door.login("ann", "a wrong password").then(() => answered.push(clock.mono() - began)),
    );
    await door.passes(() => answered.length === tries.length);
    const gaps = answered.map((at, i) => at - (answered[i - 1] ?? 0));
    for (const [i, least] of [500, 1000, 2000, 4000, 8000].entries()) expect(gaps[i]).toBeGreaterThanOrEqual(least);
  });

  test("the right password behind wrong ones waits for its turn", async () => {
    await using door = await Door.open();
    const wrong = door.login("ann", "a wrong password");
    let ok = false;
    const right = door.login("ann", PASSWORD).then((login) => {
      ok = login.ok;
    });
    await until(() => door.logged.length === 1, "the first try");
    expect(ok).toBe(false);
    await door.passes(() => ok);
    await Promise.all([wrong, right]);
  });

  test("ten failures ban the address for an hour, whatever names were tried and whatever door it was", async () => {
    await using door = await Door.open();
    const { clock } = door;
    const from = peer("2001:db8::5", { key: "2001:db8::/64" });
    for (let i = 0; i < 9; i++) expect((await door.fails(`name${i}`, "a wrong password", from)).login).toEqual(WRONG);
    const { login, ms } = await door.fails("ann", "a wrong password", from);
    expect(login).toMatchObject({ ok: false, code: "banned" });
    expect(ms).toBeLessThan(1_000);
    expect(door.blocklist.refuses("2001:db8::1:2")).toBe(true);
    expect(await door.login("ann", PASSWORD, from)).toMatchObject({ ok: false, code: "banned" });
    expect(door.registry.bans()).toMatchObject([{ network: "2001:db8::/64", reason: "10 failed logins" }]);
    clock.move(3_600_000);
    expect((await door.login("ann", PASSWORD, from)).ok).toBe(true);
  });

  test("an account of one's own does not buy tries of another", async () => {
    await using door = await Door.open();
    door.other.add("mallory");
    for (let i = 0; i < 9; i++) {
      await door.fails("ann", "a wrong password");
      expect((await door.login("mallory", PASSWORD)).ok).toBe(true);
    }
    expect((await door.fails("ann", "a wrong password")).login).toMatchObject({ code: "banned" });
  });

  test("the loopback is slowed down and never banned", async () => {
    await using door = await Door.open();
    const here = peer("127.0.0.1", { loopback: true });
    for (let i = 0; i < 12; i++) expect((await door.fails("ann", "a wrong password", here)).login).toEqual(WRONG);
    expect((await door.fails("ann", "a wrong password", here)).ms).toBeGreaterThanOrEqual(10_000);
    expect((await door.login("ann", PASSWORD, here)).ok).toBe(true);
    expect(door.registry.bans()).toEqual([]);
  });

  test("an address that may not be banned is not, although it is no loopback: a proxy's own, or one it tells of", async () => {
    await using door = await Door.open();
    const there = peer("127.0.0.1", { key: "proxied 127.0.0.1" });
    for (let i = 0; i < 12; i++) expect((await door.fails("ann", "a wrong password", there)).login).toEqual(WRONG);
    expect((await door.fails("ann", "a wrong password", there)).ms).toBeGreaterThanOrEqual(10_000);
    expect(door.registry.bans()).toEqual([]);
  });

  test("neither passwords nor what could be one are logged", async () => {
    await using door = await Door.open();
    await door.login("ann", PASSWORD);
    await door.fails("ann", "my secret 1");
    await door.fails("my secret 2", "my secret 3");
    expect(door.logged.map(([event]) => event)).toEqual(["login", "login-failed", "login-failed"]);
    for (const [, fields] of door.logged) expect(fields).toMatchObject({ door: "ftp", peer: "10.0.0.5" });
    expect(JSON.stringify(door.logged)).not.toMatch(/secret|horse/);
  });
});

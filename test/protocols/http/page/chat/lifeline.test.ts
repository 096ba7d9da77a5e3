import { describe, expect, test } from "bun:test";
import { Lifeline, type SocketEvents } from "../../../../../protocols/http/page/app/chat/lifeline.ts";
import { Refused } from "../../../../../protocols/http/page/app/chat/link.ts";
import type { Status } from "../../../../../protocols/http/page/app/chat/state.ts";

/** A lifeline whose clock and network are the test's. */
class Lab {
  now = 0;
  /** By how much the clock on the wall was put forward. */
  skew = 0;
  readonly sockets: (SocketEvents & { sent: string[]; hungUp: boolean })[] = [];
  readonly statuses: Status["kind"][] = [];
  last: Status = { kind: "connecting" };
  enter: () => Promise<void> = async () => {};
  reason = "";
  private timers: { at: number; run: () => void }[] = [];

  readonly lifeline = new Lifeline({
    dial: (events) => {
      const socket = { ...events, sent: [] as string[], hungUp: false };
      this.sockets.push(socket);
      return {
        send: (text) => void socket.sent.push(text),
        close: () => {
          socket.hungUp = true;
        },
      };
    },
    after: (ms, run) => {
      const timer = { at: this.now + ms, run };
      this.timers.push(timer);
      return () => {
        this.timers = this.timers.filter((other) => other !== timer);
      };
    },
    now: () => this.now + this.skew,
    enter: () => this.enter(),
    explain: async () => this.reason,
    tell: () => {},
    status: (status) => {
      this.last = status;
      this.statuses.push(status.kind);
    },
  });

  get socket() {
    return this.sockets.at(-1)!;
  }

  async open(): Promise<void> {
    this.socket.opened();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  advance(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }
}

describe("the lifeline", () => {
  test("dials again by itself, later each time", () => {
    const lab = new Lab();
    lab.lifeline.dial();
    const waits: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      lab.socket.closed();
      if (lab.last.kind !== "offline") throw new Error(lab.last.kind);
      waits.push(lab.last.retryAt - lab.now);
      lab.advance(waits.at(-1) ?? 0);
    }
    expect(lab.sockets).toHaveLength(7);
    for (const [tries, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(Math.min(15_000, 500 * 2 ** tries) / 2);
      expect(wait).toBeLessThanOrEqual(Math.min(15_000, 500 * 2 ** tries));
    }
  });

  test("asks a silent server whether it is there, and gives it up when it is not", async () => {
    const lab = new Lab();
    lab.lifeline.dial();
    await lab.open();
    lab.advance(19_000);
    lab.socket.message('{"event":"notice","text":"","time":""}');
    lab.advance(19_000);
    expect(lab.socket.sent).toEqual([]);
    lab.advance(2_000);
    expect(lab.socket.sent).toEqual(['{"op":"ping","id":1}']);
    lab.socket.message('{"id":1,"ok":true}');
    lab.advance(20_000);
    expect(lab.socket.sent).toHaveLength(2);
    expect(lab.sockets).toHaveLength(1);
    lab.advance(10_000);
    expect(lab.sockets[0]?.hungUp).toBe(true);
    expect(lab.statuses).toEqual(["connecting", "online", "offline"]);
  });

  test("asks a silent server 20 s after its last word, whatever the clock says", async () => {
    const lab = new Lab();
    lab.lifeline.dial();
    await lab.open();
    lab.advance(15_000);
    lab.socket.message("{}");
    lab.advance(19_000);
    expect(lab.socket.sent).toEqual([]);
    lab.advance(1_000);
    expect(lab.socket.sent).toHaveLength(1);
    lab.socket.message("{}");
    lab.skew = -3_600_000;
    lab.advance(40_000);
    expect(lab.socket.sent).toHaveLength(2);
  });

  test("says why it cannot even be opened, and asks nobody when one that was there is lost", async () => {
    const lab = new Lab();
    lab.reason = "wrong address";
    lab.lifeline.dial();
    lab.socket.closed();
    await Promise.resolve();
    expect(lab.last).toMatchObject({ kind: "offline", text: "wrong address" });
    lab.advance(500);
    await lab.open();
    lab.socket.closed();
    await Promise.resolve();
    expect(lab.last).toMatchObject({ kind: "offline", text: "" });
  });

  test("does not say so any more when it dials again meanwhile", async () => {
    const lab = new Lab();
    lab.reason = "wrong address";
    lab.lifeline.dial();
    lab.socket.closed();
    lab.lifeline.dial();
    await Promise.resolve();
    expect(lab.last.kind).toBe("connecting");
  });

  test("keeps the old connection until the new one is in", async () => {
    const lab = new Lab();
    lab.lifeline.dial();
    await lab.open();
    lab.lifeline.dial();
    expect(lab.sockets.map(({ hungUp }) => hungUp)).toEqual([false, false]);
    // What the old one is told when its place is taken is no end.
    lab.sockets[0]?.message('{"event":"bye","reason":"replaced","text":""}');
    await lab.open();
    expect(lab.sockets.map(({ hungUp }) => hungUp)).toEqual([true, false]);
    expect(lab.last.kind).toBe("online");
    lab.lifeline.dial();
    lab.lifeline.dial();
    lab.lifeline.hangUp();
    expect(lab.sockets.every(({ hungUp }) => hungUp)).toBe(true);
  });

  test("gives up a connection that does not come", () => {
    const lab = new Lab();
    lab.lifeline.dial();
    lab.advance(10_000);
    expect(lab.last.kind).toBe("offline");
    expect(lab.socket.hungUp).toBe(true);
  });

  test("dials at once when the network is back", () => {
    const lab = new Lab();
    lab.lifeline.dial();
    lab.socket.closed();
    lab.lifeline.nudge();
    expect(lab.sockets).toHaveLength(2);
  });

  test("hears nothing of connections that it has given up", async () => {
    const lab = new Lab();
    lab.lifeline.dial();
    const first = lab.socket;
    lab.lifeline.dial();
    first.opened();
    first.closed();
    await lab.open();
    expect(lab.statuses).toEqual(["connecting", "connecting", "online"]);
  });

  test.each(["kicked", "banned", "replaced", "denied", "login-ended"])("stays away when it was %s", async (reason) => {
    const lab = new Lab();
    lab.lifeline.dial();
    await lab.open();
    lab.socket.message(JSON.stringify({ event: "bye", reason, text: "because" }));
    lab.socket.closed();
    lab.lifeline.nudge();
    lab.advance(3_600_000);
    expect(lab.last).toEqual({ kind: "ended", reason, text: "because" });
    expect(lab.sockets).toHaveLength(1);
  });

  test("comes back after a shutdown, and says that it was one", async () => {
    const lab = new Lab();
    lab.lifeline.dial();
    await lab.open();
    lab.socket.message('{"event":"bye","reason":"shutdown","text":"the server is shutting down"}');
    lab.socket.closed();
    expect(lab.last).toMatchObject({ kind: "offline", text: "the server is shutting down" });
    // It stays true while nobody answers.
    lab.lifeline.dial();
    lab.socket.closed();
    expect(lab.last).toMatchObject({ kind: "offline", text: "the server is shutting down" });
    lab.lifeline.dial();
    await lab.open();
    lab.socket.closed();
    expect(lab.last).toMatchObject({ kind: "offline", text: "" });
  });

  test("stays away when it is not let in", async () => {
    const lab = new Lab();
    lab.enter = () => Promise.reject(new Refused("denied", "chat is not allowed here"));
    lab.lifeline.dial();
    await lab.open();
    expect(lab.last).toEqual({ kind: "ended", reason: "denied", text: "chat is not allowed here" });
  });
});

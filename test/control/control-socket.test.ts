import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { askDaemon, ControlClient, Refused } from "../../src/control/client.ts";
import { ControlSocket } from "../../src/control/control-socket.ts";
import { ControlError, type ControlOps } from "../../src/control/op.ts";
import { type Fields, type Log, silentLog } from "../../src/log.ts";
import { TempFolder } from "../support/temp.ts";

const ops: ControlOps = {
  double: ({ n }) => ({ n: Number(n) * 2 }),
  late: async () => await Promise.resolve({ late: true }),
  refuse: () => {
    throw new ControlError("not today");
  },
  fail: () => {
    throw new Error("secret");
  },
  status: () => ({ pid: process.pid }),
};

interface Told {
  readonly level: string;
  readonly event: string;
  readonly fields: Fields;
}

function hearing(): { readonly log: Log; readonly told: Told[] } {
  const told: Told[] = [];
  const at =
    (level: string) =>
    (event: string, fields: Fields = {}) =>
      void told.push({ level, event, fields });
  return { log: { debug() {}, info: at("info"), warn: at("warn"), error: at("error") }, told };
}

async function open(folder: string, log: Log = silentLog) {
  const socket = await ControlSocket.open(folder, ops, log);
  if (socket === null) throw new Error("no control socket");
  return { [Symbol.asyncDispose]: () => socket.close() };
}

/** Sends raw bytes and gives the first line of the answer. */
async function raw(folder: string, bytes: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let heard = "";
  const data = (_: unknown, chunk: Buffer) => {
    heard += chunk.toString();
    if (heard.includes("\n")) resolve(heard);
  };
  const socket = await Bun.connect({ unix: `${folder}/control.sock`, socket: { data } });
  socket.write(bytes);
  const answer = await promise;
  socket.end();
  return answer;
}

describe("the control socket", () => {
  test("answers one question after the other, and is there for its own user alone", async () => {
    using temp = new TempFolder();
    const folder = temp.file("deep/state");
    {
      await using _ = await open(folder);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(`${folder}/control.sock`).mode & 0o777).toBe(0o600);
      using client = await ControlClient.open(folder);
      expect(await client.ask("double", { n: 21 })).toEqual({ ok: true, n: 42 });
      expect(await client.ask("late")).toEqual({ ok: true, late: true });
    }
    expect(existsSync(`${folder}/control.sock`)).toBe(false);
  });

  test("says so when too many ask at the same time", async () => {
    using temp = new TempFolder();
    await using _ = await open(temp.path);
    using others = new DisposableStack();
    for (let n = 0; n < 32; n++) {
      const other = others.use(await ControlClient.open(temp.path));
      await other.ask("late");
    }
    await expect(askDaemon(temp.path, "late")).rejects.toThrow("too many programs ask the daemon at this moment");
  });

  test("refuses in a sentence, and tells only the log what failed", async () => {
    using temp = new TempFolder();
    const { log, told } = hearing();
    await using _ = await open(temp.path, log);
    using client = await ControlClient.open(temp.path);
    const refused = async (op: string) => await client.ask(op).catch((error: unknown) => error);
    expect(await refused("refuse")).toEqual(new Refused("not today"));
    expect(await refused("statsu")).toEqual(new Refused('there is no op "statsu"; did you mean status?'));
    expect(await refused("__proto__")).toBeInstanceOf(Refused);
    expect(await refused("fail")).toEqual(new Refused("the daemon could not do this; its log tells why"));
    expect(told).toEqual([{ level: "error", event: "control-failed", fields: { error: "Error: secret" } }]);
    expect(await client.ask("double", { n: 1 })).toMatchObject({ n: 2 });
  });

  test.each([
    ["what is no JSON", "nonsense\n", "a request is one line of JSON, an object with an op"],
    ["what is no object", "[1]\n", "a request is one line of JSON, an object with an op"],
    ["a line without end", `{"op":"${"x".repeat(70_000)}"}\n`, "the request is longer than 65536 bytes"],
  ])("bears %s", async (_name, bytes, error) => {
    using temp = new TempFolder();
    await using _ = await open(temp.path);
    expect(JSON.parse(await raw(temp.path, bytes))).toEqual({ ok: false, error });
  });

  test("is reached in a folder whose path is too long for a socket", async () => {
    using temp = new TempFolder();
    const folder = temp.file(`${"long".repeat(30)}/${"state".repeat(20)}`);
    {
      await using _ = await open(folder);
      expect(await askDaemon(folder, "double", { n: 2 })).toMatchObject({ n: 4 });
      expect(statSync(`${folder}/control.sock`).isSocket()).toBe(true);
    }
    expect(existsSync(`${folder}/control.sock`)).toBe(false);
  });

  test("takes the place of one that a killed daemon left", async () => {
    using temp = new TempFolder();
    const script = `Bun.listen({ unix: "control.sock", socket: { data() {} } }); process.kill(process.pid, "SIGKILL")`;
    await Bun.spawn([process.execPath, "-e", script], { cwd: temp.path }).exited;
    expect(existsSync(temp.file("control.sock"))).toBe(true);
    await using _ = await open(temp.path);
    expect(await askDaemon(temp.path, "double", { n: 3 })).toMatchObject({ n: 6 });
  });

  test("leaves another daemon's alone, and names its pid", async () => {
    using temp = new TempFolder();
    await using _ = await open(temp.path);
    const { log, told } = hearing();
    expect(await ControlSocket.open(temp.path, ops, log)).toBeNull();
    const path = temp.file("control.sock");
    const fields = {
      path,
      error: "another daemon has this state folder; give each a --state-dir of its own",
      pid: process.pid,
    };
    expect(told).toEqual([{ level: "warn", event: "no-control-socket", fields }]);
    expect(await askDaemon(temp.path, "double", { n: 3 })).toMatchObject({ n: 6 });
  });

  test("is done without where its folder cannot be, or something else has its name", async () => {
    using temp = new TempFolder();
    writeFileSync(temp.file("file"), "");
    mkdirSync(temp.file("state"));
    writeFileSync(temp.file("state/control.sock"), "precious");
    for (const folder of ["file/state", "state"]) {
      const { log, told } = hearing();
      expect(await ControlSocket.open(temp.file(folder), ops, log)).toBeNull();
      expect(told).toMatchObject([
        { level: "warn", event: "no-control-socket", fields: { error: expect.any(String) } },
      ]);
    }
    expect(await Bun.file(temp.file("state/control.sock")).text()).toBe("precious");
  });
});

describe("a control socket that was deleted", () => {
  /** With a path that is too long, so that its folder is open as long as it is. */
  async function lose(folder: string, log: Log) {
    const socket = await ControlSocket.open(folder, ops, log);
    if (socket === null) throw new Error("no control socket");
    renameSync(folder, `${folder}.moved`);
    return socket;
  }

  test("is made anew as soon as that works, and the log is told once why it does not", async () => {
    using temp = new TempFolder();
    const folder = temp.file("state");
    const { log, told } = hearing();
    const socket = await lose(folder, log);
    writeFileSync(folder, "");
    for (let n = 0; n < 3; n++) expect(await socket.isHealthy()).toBe(false);
    expect(told.map(({ event }) => event)).toEqual(["control-socket-deleted", "no-control-socket"]);
    rmSync(folder);
    expect(await socket.isHealthy()).toBe(true);
    expect(await askDaemon(folder, "double", { n: 2 })).toMatchObject({ n: 4 });
    await socket.close();
    expect(existsSync(`${folder}/control.sock`)).toBe(false);
  });

  test("is closed once, and not made anew, when the end comes meanwhile", async () => {
    using temp = new TempFolder();
    const folder = temp.file(`${"long".repeat(30)}/${"state".repeat(20)}`);
    let closed: Promise<void> | null = null;
    const warn = () => {
      closed = socket.close();
    };
    const socket = await lose(folder, { ...silentLog, warn });
    expect(await socket.isHealthy()).toBe(true);
    expect(closed).not.toBeNull();
    await closed;
    expect(existsSync(folder)).toBe(false);
  });
});

test("where no daemon is, asking says so", async () => {
  using temp = new TempFolder();
  for (const folder of [temp.path, temp.file("nowhere")]) {
    expect(await askDaemon(folder, "status").catch((error: unknown) => error)).toMatchObject({
      name: "NoDaemon",
      kind: "absent",
    });
  }
});

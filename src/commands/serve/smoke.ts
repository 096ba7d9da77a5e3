import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { doors } from "../../../protocols/index.ts";
import { quote } from "../../bytes/text.ts";
import { loadCertificate } from "../../certificate/load.ts";
import type { PortChoice } from "../../config/port.ts";
import { portKey } from "../../config.ts";
import { type Config, Daemon } from "../../daemon.ts";
import { CommandError, Exit } from "../../exit.ts";
import { LineLog } from "../../log.ts";
import type { Listener } from "../../net/door.ts";
import type { OpenDoor } from "../../open-door.ts";
import { messageOf } from "../../thrown.ts";
import { exchange } from "./exchange.ts";
import type { Settings } from "./settings.ts";

/** What is said to a door and what must come back; a door without an entry fails the test, so that none is forgotten. */
const TALKS: Readonly<Record<string, { readonly say: string; readonly expect: string }>> = {
  line: { say: "", expect: "/help" },
  http: { say: "GET /api/echo?text=tincan HTTP/1.0\r\n\r\n", expect: "TINCAN" },
  ftp: { say: "USER anonymous\r\nPASS\r\nPWD\r\n", expect: '257 "/"' },
  echo: { say: "tincan\n", expect: "TINCAN\n" },
  framed: { say: "\0\0\0\x06tincan", expect: "\0\0\0\x06TINCAN" },
};

/**
 * `tincan serve --smoke`: opens every door on a free port, over TLS too, talks to each listener, drains, and says what was
 * checked. Without a certificate among the settings it makes one, which goes with the temporary state folder; so does the
 * empty folder that is shared.
 */
export async function run({ config }: Settings): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), "tincan-smoke-"));
  try {
    const log = new LineLog({ format: config.logFormat ?? "text", level: "warn" });
    const tlsSelfSigned = config.tlsCert === null && config.tlsKey === null;
    const certificate = await loadCertificate({ ...config, tlsSelfSigned }, stateDir, Date.now());
    const share = join(stateDir, "share");
    mkdirSync(share);
    const parts = { log, share, site: null, stateFolder: stateDir, tls: certificate?.context ?? null };
    const daemon = new Daemon(onFreePorts({ ...config, stateDir }), doors, parts);
    await daemon.start();
    try {
      for (const open of daemon.doors) await talkTo(open);
    } finally {
      const { killed } = await daemon.drain(config.drainGrace);
      await log.flush();
      tell(`drained, ${killed} killed`);
    }
  } finally {
    rmSync(stateDir, { recursive: true });
  }
}

/**
 * The limits and addresses that were asked for, but free ports, nothing denied, and every door's own settings as they
 * are by default.
 */
function onFreePorts(config: Config): Config {
  const free: PortChoice = { kind: "port", port: 0 };
  const own = doors.flatMap((kind) => Object.entries(kind.options).map(([key, option]) => [key, option.default]));
  const ports = doors.flatMap(({ name, tls }) => [name, tls?.name ?? name].map((port) => [portKey(port), free]));
  return { ...config, ...Object.fromEntries([...own, ...ports]), denyChat: false, denyEcho: false };
}

async function talkTo({ kind, door }: OpenDoor): Promise<void> {
  const talk = TALKS[kind.name];
  if (talk === undefined)
    throw new CommandError(Exit.failed, `the smoke test knows nothing to say to the ${kind.name} door`);
  for (const listener of door.listeners) {
    const where = `${kind.name} ${listener.transport} ${listener.host} ${listener.port}`;
    const answer = await ask(where, listener, talk.say, talk.expect);
    if (!answer.includes(talk.expect)) throw new CommandError(Exit.failed, `${where} answered ${quote(answer)}`);
    tell(`${where}: ok`);
  }
}

async function ask(where: string, listener: Listener, say: string, expect: string): Promise<string> {
  try {
    return await exchange(listener, say, expect);
  } catch (error) {
    throw new CommandError(Exit.failed, `${where}: ${messageOf(error)}`);
  }
}

function tell(text: string): void {
  process.stdout.write(`smoke: ${text}\n`);
}

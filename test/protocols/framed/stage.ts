import { mkdirSync, utimesSync } from "node:fs";
import { dirname } from "node:path";
import type { Gate, LoginRefusalCode } from "../../../src/accounts/gate.ts";
import { VaultError } from "../../../src/files/error.ts";
import type { Vault } from "../../../src/files/vault.ts";
import { Share } from "../../files/share.ts";
import { Kept } from "../../history/kept.ts";
import { OpenGate } from "../../support/open-gate.ts";
import { chunk, MemoryDoor, type MemoryDoorOptions, type Peer } from "./door.ts";
import type { Exchange } from "./vectors.ts";

/** When every file of an exchange was changed last. */
const CHANGED_AT = new Date("2026-01-02T03:04:05.678Z");

/** A door as an exchange finds it, with those who are present. */
export class Stage implements AsyncDisposable {
  readonly peers = new Map<string, Peer>();
  private readonly share: Share | null;
  private readonly door: MemoryDoor;

  private constructor(
    { deny = [], files, may = [], disk, quota, login }: Omit<Exchange, "steps">,
    private readonly kept: Kept | null,
  ) {
    const limits = { ...(disk === "full" && { minFree: 2 ** 60 }), ...(quota !== undefined && { quota }) };
    this.share = files === undefined ? null : new Share(limits);
    for (const [path, text] of Object.entries(files ?? {})) this.fill(path, text);
    const options: MemoryDoorOptions = {
      allow: { chat: !deny.includes("chat"), echo: !deny.includes("echo") },
      rights: ["read", ...may],
      ...(login !== undefined && { gate: new ClosedGate(login) }),
      ...(kept !== null && { log: kept.log }),
    };
    const vault = disk === "broken" ? broken : this.share?.vault;
    this.door = new MemoryDoor(vault === undefined ? options : { ...options, vault });
  }

  static async open(exchange: Omit<Exchange, "steps">): Promise<Stage> {
    const stage = new Stage(exchange, exchange.kept ? await Kept.open() : null);
    const { present = [], rooms = 0, running = 0, unfinished = 0 } = exchange;
    for (let i = 0; i < unfinished; i++) await stage.leavePart(i);
    for (const name of present) stage.peers.set(name, await stage.door.chat(name));
    const ann = stage.peers.get("ann");
    for (let i = 0; i < rooms; i++) await ann?.say({ op: "join", room: `#room${i}` });
    for (let i = 0; i < running; i++) await ann?.request({ op: "put", path: `/running${i}`, size: 1, id: 100 + i });
    for (const peer of stage.peers.values()) peer.bodies();
    return stage;
  }

  /** Somebody who is present, or connects now. */
  peer(name: string): Peer {
    const peer = this.peers.get(name) ?? this.door.connect();
    this.peers.set(name, peer);
    return peer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { conn } of this.peers.values()) conn.close();
    await this.share?.[Symbol.asyncDispose]();
    await this.kept?.[Symbol.asyncDispose]();
  }

  private fill(path: string, text: string): void {
    const file = this.share?.file(path) ?? "";
    mkdirSync(path.endsWith("/") ? file : dirname(file), { recursive: true });
    if (!path.endsWith("/")) this.share?.put(path, text);
    utimesSync(file, CHANGED_AT, CHANGED_AT);
  }

  private async leavePart(i: number): Promise<void> {
    const peer = await this.door.chat(`ann${i}`);
    await peer.request({ op: "put", path: `/part${i}`, size: 2, id: 1 });
    await peer.say(chunk(1, 0, "x"));
    peer.conn.close();
  }
}

class ClosedGate extends OpenGate implements Gate {
  constructor(private readonly code: LoginRefusalCode) {
    super(new Set());
  }

  override login() {
    const { code } = this;
    return Promise.resolve({ ok: false, code, message: "too many logins from your address have failed" } as const);
  }

  override refusesPlain(): string | null {
    return this.code === "plain-password" ? "a password would cross the network in the clear; use TLS" : null;
  }
}

/** Files whose disk has died. */
const broken = {
  enter: () => ({
    stat: () => Promise.reject(new VaultError("failed", "the disk failed; the server's log tells more")),
    leave() {},
  }),
} as unknown as Vault;

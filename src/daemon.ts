import type { DoorContext, DoorKind } from "../protocols/door-kind.ts";
import { AccessControl } from "./access-control.ts";
import { Announcer } from "./announcer.ts";
import type { RoomLog } from "./chat/history.ts";
import { Hub } from "./chat/hub.ts";
import { MemoryLog } from "./chat/memory-log.ts";
import { LOBBY } from "./chat/rooms.ts";
import { systemClock } from "./clock.ts";
import { descriptorLimit } from "./config/limits.ts";
import type { CoreConfig } from "./config.ts";
import { ControlSocket } from "./control/control-socket.ts";
import { kick } from "./control/kick.ts";
import type { ControlOps } from "./control/op.ts";
import { Operations } from "./control/operations.ts";
import { CommandError, Exit } from "./exit.ts";
import { DiskVault } from "./files/disk-vault.ts";
import { logTransfer } from "./files/transfer-log.ts";
import { Transfers } from "./files/transfers.ts";
import { waysTo } from "./files/ways.ts";
import { Health } from "./health.ts";
import { KeptLog } from "./history/kept-log.ts";
import type { Log } from "./log.ts";
import { ListenError } from "./net/listen.ts";
import { createRuntime, type Runtime } from "./net/runtime.ts";
import type { TlsContext } from "./net/tls.ts";
import { TrustedProxies } from "./net/trusted-proxies.ts";
import type { OpenDoor } from "./open-door.ts";
import { addressFor, rootsForOthers } from "./page-address.ts";
import { cannotListen } from "./process/life.ts";
import { portOf, reachFor, reachForOthers } from "./reach.ts";
import { anonymousRights } from "./rights.ts";
import { SERVER, VERSION } from "./version.ts";
import { type WhereSettings, whereOf } from "./where.ts";

/** All settings by key: the daemon's own, and those of every door. */
export type Config = CoreConfig & WhereSettings;

/** What the settings cannot say: it was checked, read or made before. */
export interface DaemonParts {
  readonly log: Log;
  /** The real path of the folder that is shared; null: none is. */
  readonly share: string | null;
  /** The real path of the operator's own site; null: there is none. */
  readonly site: string | null;
  /** Where what outlives the daemon is kept, and its control socket is. */
  readonly stateFolder: string;
  /** The server's certificate. */
  readonly tls: TlsContext | null;
}

/** The composition root: one runtime, one hub, and the doors that the configuration asks for. */
export class Daemon {
  readonly runtime: Runtime;
  readonly hub: Hub;
  readonly transfers: Transfers;
  private readonly accessControl: AccessControl;
  readonly vault: DiskVault | null;
  private readonly site: DiskVault | null;
  readonly doors: readonly OpenDoor[];
  readonly operations: Operations;
  /** When it was made, on the clock's `now` and `mono`. */
  readonly began: { readonly now: number; readonly mono: number };
  /** What reads again, when a command has changed it, what lies in the state folder. Whoever keeps such a thing adds to it. */
  readonly refreshers: (() => void | Promise<void>)[] = [];
  private control: ControlSocket | null = null;
  private readonly health: Health;
  /** What is said, where it is kept. */
  private history: KeptLog | null = null;

  /** Builds everything and opens nothing. Throws {@link CommandError} for settings that cannot work together. */
  constructor(
    private readonly config: Config,
    kinds: readonly DoorKind[],
    private readonly parts: DaemonParts,
  ) {
    const { log } = parts;
    const { maxConnections, maxPerAddress, maxOutbox, trustProxy, chatRate } = config;
    const clock = systemClock;
    const limits = { maxConnections, maxPerAddress, maxOutbox };
    this.runtime = createRuntime({ clock, log, limits, proxies: new TrustedProxies(trustProxy) });
    this.health = new Health(clock, log);
    const fault = (error: unknown) => log.error("chat-failed", { error: String(error) });
    this.began = { now: clock.now(), mono: clock.mono() };
    this.hub = new Hub({ log: this.openHistory(), clock, rate: chatRate, burst: 2 * chatRate, fault });
    this.transfers = new Transfers(clock);
    this.transfers.onEnd((transfer) => logTransfer(log, transfer));
    this.accessControl = new AccessControl({
      config,
      runtime: this.runtime,
      transfers: this.transfers,
      log,
      folder: parts.stateFolder,
    });
    this.refreshers.push(() => this.accessControl.registry.refresh());
    this.vault = parts.share === null ? null : this.openVault(parts.share);
    this.site = parts.site === null ? null : this.openSite(parts.site);
    this.doors = kinds.flatMap((kind) => this.build(kind) ?? []);
    this.operations = this.operate();
    if (this.vault !== null && this.announces) this.announce(this.vault);
    if (this.doors.length === 0)
      throw new CommandError(Exit.usage, "no door is left to open; every one is off or not named");
  }

  private openHistory(): RoomLog {
    const { history: keepMs, maxHistory: maxBytes } = this.config;
    if (keepMs === 0) return new MemoryLog();
    const { stateFolder: folder, log } = this.parts;
    this.history = new KeptLog({ folder, clock: this.runtime.clock, log, keepMs, maxBytes });
    return this.history;
  }

  private openVault(root: string): DiskVault {
    const { minFree, quota, dotfiles } = this.config;
    const { clock, admission } = this.runtime;
    const { log } = this.parts;
    const held = { transfers: this.transfers, descriptors: admission };
    return new DiskVault({ root, clock, log, ...held, minFree, quota, dotfiles });
  }

  /** A site is read and nothing else, and its files are pages and no transfers: nobody is told of each. */
  private openSite(root: string): DiskVault {
    const { clock, admission } = this.runtime;
    const held = { transfers: new Transfers(clock), descriptors: admission };
    return new DiskVault({ root, clock, log: this.parts.log, ...held, minFree: 0, quota: null, dotfiles: false });
  }

  /** What everybody may read is told to the lobby when it is added. */
  private get announces(): boolean {
    return this.vault !== null && !this.config.noAnnounce && anonymousRights(this.config).has("read");
  }

  /** Tells the lobby of files that were added, and how others, or at least this machine, can get them. */
  private announce(vault: DiskVault): void {
    const { clock } = this.runtime;
    const titles = new Map(this.doors.map(({ kind }) => [kind.name, kind.title]));
    const titleOf = (door: string) => titles.get(door) ?? door;
    const say = (text: string) => this.hub.announce(LOBBY, text);
    const ways = (path: string) => waysTo(path, reachForOthers(this.doors));
    vault.watch(new Announcer({ clock, titleOf, say, ways }).hear);
  }

  private build(kind: DoorKind): OpenDoor | null {
    const { config, runtime, hub, vault } = this;
    const { gate } = this.accessControl;
    const { tls } = this.parts;
    const where = whereOf(kind, config, tls !== null);
    if (where === null || (kind.needsFiles && vault === null)) return null;
    const allow = {
      chat: !config.denyChat,
      echo: !config.denyEcho,
      udp: (config.allowUdp || config.allowAll) && !config.denyUdp,
    };
    const context: DoorContext<Readonly<Record<string, unknown>>> = {
      runtime,
      hub,
      gate,
      vault,
      site: this.site,
      config,
      listen: where.plain,
      listenTls: where.tls,
      tls,
      allow,
      maxFrame: config.maxFrame,
      basePort: config.basePort,
      server: SERVER,
      announces: this.announces,
      operations: {
        status: () => this.operations.status(),
        transfers: () => this.operations.transfers(),
        metrics: () => this.operations.metrics(),
        notReady: () => this.operations.notReady(),
      },
      pageFor: (host) => addressFor(this.doors, host)?.url ?? null,
      reachFor: (host) => reachFor(this.doors, host),
      rootsForOthers: () => rootsForOthers(this.doors),
      doorNames: () => this.doors.map(({ kind }) => kind.name),
      portOf: (name, transport) => portOf(this.doors, ({ kind }) => kind.name === name, transport),
    };
    const pages = kind.pages?.(config) ?? null;
    const ownClients = kind.ownClients?.(config) ?? false;
    const closed = kind.needs !== undefined && !allow[kind.needs];
    return {
      kind,
      pages,
      closed,
      ownClients,
      door: kind.open(context),
      paste: (host, port) => kind.paste(host, port, config),
      pasteTls: (host, port) => kind.tls?.paste?.(host, port, config) ?? null,
    };
  }

  /** Opens every door or none. Throws {@link CommandError} that names the port and what to do about it. */
  async start(): Promise<void> {
    await this.accessControl.registry.open();
    await this.history?.open();
    for (const { kind, door } of this.doors) {
      try {
        await door.start();
      } catch (error) {
        await this.drain(0);
        if (!(error instanceof ListenError)) throw error;
        const { code, message } = cannotListen(error, `try --${kind.name}-port 0 for any free port, or --base-port`);
        throw new CommandError(code, `the ${kind.name} door: ${message}`);
      }
    }
    this.control = await ControlSocket.open(this.parts.stateFolder, this.ops(), this.parts.log);
    this.watchHealth();
  }

  private watchHealth(): void {
    const { health } = this;
    const { share, site, stateFolder } = this.parts;
    health.add("the folder that is shared", share, this.vault);
    health.add("the folder of the site", site, this.site);
    health.add("the database of what was said", stateFolder, this.history);
    health.add("the control socket", stateFolder, this.control, false);
    health.begin();
  }

  private operate(): Operations {
    const { runtime, hub, transfers, began } = this;
    const doors = this.doors.map(({ door }) => door);
    const watched = { version: VERSION, began, share: this.parts.share, runtime, hub, transfers, doors };
    return new Operations(watched, descriptorLimit(), this.health);
  }

  /** What `tincan status` and its like can ask and tell. */
  private ops(): ControlOps {
    const { runtime } = this;
    return {
      status: () => this.operations.status(),
      kick: (fields) => kick(runtime, fields),
      refresh: async () => {
        for (const refresh of this.refreshers) await refresh();
        return {};
      },
    };
  }

  /**
   * Ends in peace: first no door takes new peers, then every connection hears last words and has two seconds; running
   * transfers have `graceMs`. What is left then is killed and counted. Safe to call before or during `start`.
   */
  async drain(graceMs: number): Promise<{ killed: number }> {
    const deadline = this.runtime.clock.mono() + graceMs;
    this.operations.draining = true;
    this.health.stop();
    for (const { door } of this.doors) door.suspend();
    // What only waits for a delay would be waited for as for a transfer.
    this.accessControl.gate.stop();
    this.hub.outside.stop();
    const drained = await Promise.all(this.doors.map(({ door }) => door.drain(deadline)));
    await this.control?.close();
    this.control = null;
    await this.vault?.close();
    await this.site?.close();
    await this.history?.close();
    this.accessControl.registry.close();
    return { killed: drained.reduce((sum, { killed }) => sum + killed, 0) };
  }
}

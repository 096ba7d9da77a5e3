import { quote } from "./bytes/text.ts";
import { bareHost } from "./bytes/url.ts";
import { keep } from "./config/keep.ts";
import {
  choice,
  count,
  duration,
  flag,
  list,
  type Option,
  OptionError,
  type OptionTable,
  optional,
  size,
  text,
  under,
  type Values,
} from "./config/option.ts";
import { port } from "./config/port.ts";
import { LEVELS } from "./log.ts";
import { nearest } from "./nearest.ts";
import { proxyNetworks } from "./net/trusted-proxies.ts";

/** Every setting of the daemon that belongs to no single door; limits and defaults stand here and nowhere else. */
export const coreOptions = {
  ...under("Where to listen", {
    host: list(
      "address to listen on; 0.0.0.0 and :: are all of this machine's",
      ["127.0.0.1", "::1"],
      "ADDR",
      bareHost,
    ),
    basePort: count("every door's port is this plus its own number; 0: any free port for every door", 8400, {
      max: 65_535,
    }),
    wellKnownPorts: flag("take the ports that clients try by themselves"),
    doors: list("open only these doors", []),
    trustProxy: proxyNetworks("proxy that is believed about whom it speaks for: PROXY protocol, X-Forwarded-For"),
  }),
  ...under("What everybody may do", {
    allowUpload: flag("everybody may add files and folders, but never overwrite"),
    allowWrite: flag("everybody may also overwrite, rename and delete"),
    allowUdp: flag("answer UDP off the loopback too"),
    allowPlainPasswords: flag("take passwords without TLS off the loopback too"),
    allowAll: flag("allow everything that is not denied by name, but plain passwords"),
    denyChat: flag("nobody may take part in the chat"),
    denyEcho: flag("nobody is echoed"),
    denyRead: flag("nobody lists or fetches files without an account that was given read"),
    denyUpload: flag("nobody adds files, whatever else is allowed"),
    denyWrite: flag("nobody overwrites, renames or deletes files, whatever else is allowed"),
    denyUdp: flag("answer UDP on the loopback only, whatever else is allowed"),
    denyPlainPasswords: flag("take no password without TLS off the loopback, whatever else is allowed"),
  }),
  ...under("Files", {
    dotfiles: flag("list and serve files whose names begin with a dot"),
    serveAnyway: flag("share DIR although it is /, the home folder or holds the state folder"),
    quota: optional(size("bytes that all files of the share may have together; uploads stop there", 0), "none"),
    minFree: size("free space on the disk that uploads leave", 1024 * 1024 * 1024),
    noAnnounce: flag("do not tell the lobby of files that were uploaded"),
    xferlog: optional(text("file to which finished transfers are added, in the classic format", "", "FILE"), "none"),
  }),
  ...under("Chat", {
    chatRate: count("chat messages a second of one peer, after a burst of twice as many; 0: no limit", 10),
    history: keep("keep what is said in the rooms, over restarts too, and make it searchable"),
    maxHistory: size("bytes on the disk that kept history takes; the oldest goes first", 1024 * 1024 * 1024),
  }),
  ...under("The page", {
    qr: flag("print the page's address as a QR code, too"),
    open: flag("open the page in the default browser"),
  }),
  ...under("TLS", {
    tlsCert: optional(text("certificate chain in PEM, for the TLS ports and FTP's AUTH TLS", "", "FILE"), "none"),
    tlsKey: optional(text("its private key in PEM", "", "FILE"), "none"),
    tlsSelfSigned: flag("make a certificate that signs itself, once, and keep it in the state folder"),
  }),
  ...under("Limits", {
    maxConnections: count("connections of the whole daemon", 10_000, { min: 1 }),
    maxPerAddress: optional(
      count("connections of one address (IPv6: of one /64)", 256, { min: 1 }),
      "256, none on the loopback",
    ),
    maxFrame: size("largest frame body", 1024 * 1024),
    maxOutbox: size("bytes that may wait for one peer who does not read", 4 * 1024 * 1024),
    drainGrace: duration("how long a shutdown waits for work that is not done", 10_000),
  }),
  ...under("The daemon", {
    stateDir: optional(text("folder for what outlives the daemon", "", "DIR"), "$XDG_STATE_HOME/tincan"),
    config: optional(text("TOML file with any of these settings, without the dashes", "", "FILE"), "none"),
    logFormat: optional(
      choice("how events are written to stderr", ["text", "json"], "text"),
      "text on a terminal, else json",
    ),
    logLevel: choice("the least event that is written", LEVELS, "info"),
  }),
} satisfies OptionTable;

export type CoreConfig = Values<typeof coreOptions>;

/** What the table needs to know of a door. */
export interface DoorSettings {
  readonly name: string;
  readonly offset: number;
  /** Its port with `--well-known-ports`; null: the usual one. */
  readonly wellKnown: number | null;
  readonly summary: string;
  readonly options: OptionTable;
  /** The same protocol over TLS from the first byte; absent where there is none. */
  readonly tls?: Pick<DoorSettings, "name" | "offset" | "wellKnown">;
}

/** The settings of `tincan serve` by key; the ports and the doors' own are not known by name here. */
export type ServeOptions = typeof coreOptions & OptionTable;

/** The settings of `tincan serve`: the daemon's, which doors, each door's port and each door's own. */
export function serveOptions(doors: readonly DoorSettings[]): ServeOptions {
  const table: Record<string, Option<unknown>> = {
    ...coreOptions,
    wellKnownPorts: wellKnownPorts(doors),
    doors: doorNames(doors.map((door) => door.name)),
  };
  for (const door of doors) {
    const ports = {
      [portKey(door.name)]: port("where it listens", door.offset),
      ...(door.tls && { [portKey(door.tls.name)]: port("where it listens for TLS", door.tls.offset) }),
    };
    Object.assign(table, under(`The ${door.name} door`, { ...ports, ...door.options }));
  }
  return table as ServeOptions;
}

/** The key of a door's port: `linePort`; of `framed-tls` it is `framedTlsPort`. */
export function portKey(door: string): string {
  return `${door.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Port`;
}

function wellKnownPorts(doors: readonly DoorSettings[]): Option<boolean> {
  const sorted = (ports: readonly (number | null | undefined)[]) =>
    ports.flatMap((port) => port ?? []).sort((a, b) => a - b);
  const plain = sorted(doors.map(({ wellKnown }) => wellKnown));
  const tls = sorted(doors.map((door) => door.tls?.wellKnown));
  const { help, ...option } = coreOptions.wellKnownPorts;
  return { ...option, help: `${help} (${plain.join(", ")}; for TLS ${tls.join(", ")})` };
}

function doorNames(known: readonly string[]): Option<readonly string[]> {
  const { doors } = coreOptions;
  return {
    ...doors,
    default: known,
    parse(text) {
      const chosen = doors.parse(text);
      for (const name of chosen) {
        if (known.includes(name)) continue;
        const meant = nearest(name, known);
        throw new OptionError(
          `${quote(name)} is not a door; ${meant === null ? `there are ${known.join(", ")}` : `did you mean ${meant}`}`,
        );
      }
      return chosen;
    },
  };
}

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { BINARY } from "../build.ts";
import { buildC } from "./c.ts";
import { type FileService, nginxFiles, pyftpdlibFiles, tincan, tincanFiles, vsftpdFiles } from "./file-servers.ts";
import type { ChatForm } from "./loads/forms.ts";
import { irc, line, nats, silentLine } from "./loads/forms.ts";
import type { Launch, Site } from "./server.ts";

/** What a peer can be asked to serve. */
export type Service = "echo" | "frames" | "udp" | "chat" | "kept-chat" | "ws-chat" | FileService;

export type PeerName =
  | "tincan"
  | "unkept"
  | "line-door"
  | "c"
  | "node"
  | "gevent"
  | "ngircd"
  | "nats"
  | "ncat"
  | "vsftpd"
  | "nginx"
  | "pyftpdlib"
  | "hashed";

/** The command line of a program. */
export type Start = (program: string, site: Site, flags: readonly string[]) => Launch;

/** A server that is measured. */
export interface Peer {
  readonly title: string;
  /** What is to be installed where it is missing. */
  readonly from: string;
  /** The program's path, or null where it is missing. */
  find(): string | null;
  /** How it is started for each service it has. */
  readonly serves: Readonly<Partial<Record<Service, Start>>>;
  /** How one chats there. */
  readonly form?: ChatForm;
}

const PEERS = join(import.meta.dir, "peers");

const NGIRCD = `[Global]
Name = irc.bench.local
Listen = 127.0.0.1
Ports = PORT
ServerUID = nobody
ServerGID = nogroup
MotdPhrase = bench
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 16
MaxPenaltyTime = 0
MaxListSize = 0
PingTimeout = 600
PongTimeout = 600
[Options]
DNS = no
Ident = no
PAM = no
`;

/** All peers, in the order of the tables. Limits that would slow a load down are off for every one. */
export const peers: Readonly<Record<PeerName, Peer>> = {
  tincan: {
    title: "tincan",
    from: "npm run build",
    find: () => BINARY,
    serves: {
      echo: (program, site, flags) => tincan(program, site, "echo", flags),
      udp: (program, site, flags) => tincan(program, site, "echo", flags),
      frames: (program, site, flags) => tincan(program, site, "framed", flags),
      chat: (program, site, flags) => tincan(program, site, "line", flags),
      "ws-chat": (program, site, flags) => tincan(program, site, "http", flags),
      "kept-chat": (program, site, flags) => tincan(program, site, "line", ["--history", "7d", ...flags]),
      ...tincanFiles,
    },
    form: line,
  },
  unkept: {
    title: "tincan, nothing kept",
    from: "npm run build",
    find: () => BINARY,
    serves: {
      chat: (program, site, flags) => tincan(program, site, "line", flags),
    },
    form: line,
  },
  "line-door": {
    title: "tincan's line door",
    from: "npm run build",
    find: () => BINARY,
    serves: {
      chat: (program, site, flags) => tincan(program, site, "line", flags),
    },
    form: line,
  },
  c: {
    title: "C epoll",
    from: "gcc",
    find: buildC,
    serves: {
      echo: (program, { port }) => ({ command: [program, `${port}`, "echo"] }),
      udp: (program, { port }) => ({ command: [program, `${port}`, "udp"] }),
      chat: (program, { port }) => ({ command: [program, `${port}`, "chat"] }),
    },
    form: silentLine,
  },
  node: {
    title: "Node net",
    from: "nodejs",
    find: () => Bun.which("node"),
    serves: { echo: (program, { port }) => ({ command: [program, join(PEERS, "echo-node.mjs"), `${port}`] }) },
  },
  gevent: {
    title: "gevent",
    from: "python3-gevent",
    find: () => pythonWith("gevent"),
    serves: { echo: (program, { port }) => ({ command: [program, join(PEERS, "echo-gevent.py"), `${port}`] }) },
  },
  ngircd: {
    title: "ngircd",
    from: "ngircd",
    find: () => system("ngircd"),
    serves: {
      chat: (program, { port, folder }) => ({
        command: [program, "--nodaemon", "--config", join(folder, "ngircd.conf")],
        files: { "ngircd.conf": NGIRCD.replace("PORT", `${port}`) },
      }),
    },
    form: irc,
  },
  nats: {
    title: "nats-server",
    from: "nats-server",
    find: () => system("nats-server"),
    serves: { chat: (program, { port }) => ({ command: [program, "-a", "127.0.0.1", "-p", `${port}`] }) },
    form: nats,
  },
  ncat: {
    title: "ncat --chat",
    from: "ncat",
    find: () => Bun.which("ncat"),
    serves: {
      chat: (program, { port }) => ({ command: [program, "--chat", "-l", "127.0.0.1", `${port}`, "-m", "2000"] }),
    },
    form: silentLine,
  },
  vsftpd: {
    title: "vsftpd",
    from: "vsftpd, and it must be started by root",
    find: () => (process.getuid?.() === 0 ? system("vsftpd") : null),
    serves: vsftpdFiles,
  },
  nginx: {
    title: "nginx",
    from: "nginx-light",
    find: () => system("nginx"),
    serves: nginxFiles,
  },
  pyftpdlib: {
    title: "pyftpdlib",
    from: "python3-pyftpdlib",
    find: () => pythonWith("pyftpdlib"),
    serves: pyftpdlibFiles,
  },
  hashed: {
    title: "read+write+SHA-256",
    from: "npm install",
    find: () => process.execPath,
    serves: {
      raw: (program, site) => ({
        command: [program, join(PEERS, "hashed.ts"), `${site.port}`, join(site.share.root, site.share.file)],
      }),
    },
  },
};

/** Daemons are in `/usr/sbin`, which the search path of users often leaves out. */
function system(name: string): string | null {
  return Bun.which(name, { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin` });
}

/** The first Python on the path may be another than the one that Debian's packages are for. */
function pythonWith(module: string): string | null {
  const candidates = [Bun.which("python3"), "/usr/bin/python3"];
  const has = (python: string) => spawnSync(python, ["-c", `import ${module}`]).status === 0;
  return candidates.find((python) => python !== null && has(python)) ?? null;
}

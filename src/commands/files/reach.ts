import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { quote } from "../../bytes/text.ts";
import type { Authority, TlsFlags } from "../../client/authority.ts";
import type { Endpoint } from "../../client/endpoint.ts";
import { type Address, formatAddress } from "../../client/files/address.ts";
import { Server } from "../../client/files/server.ts";
import { passwordFor } from "../../client/password.ts";
import { formatTarget } from "../../client/target.ts";
import { isFingerprint, type Trust } from "../../client/trust.ts";
import { CommandError, Exit } from "../../exit.ts";
import { isLoopback } from "../../net/address.ts";
import { whyUnread } from "../../unread.ts";

/** How servers are reached, as the flags have it. */
export interface ReachFlags extends TlsFlags {
  readonly passwordFile?: string;
  readonly allowPlainPasswords?: true;
}

/** The flags of every command that speaks frames with a server. */
export function addReachFlags(command: Command): Command {
  return command
    .option("--tls", "speak TLS, on port 8401 unless another is given")
    .option("--ca <FILE>", "with TLS: certificates in PEM to trust beside the system's")
    .option("--fingerprint <SHA256>", "with TLS: trust the certificate that has this, as the server prints it")
    .option("--insecure", "with TLS: trust whoever answers")
    .option("--password-file <FILE>", "where the password of USER@HOST is, in the first line")
    .addOption(new Option("--allow-plain-passwords", "send a password without TLS off this machine, too"));
}

/** The servers that a command talks to, each reached once however many arguments name it. */
export class Servers {
  private readonly servers = new Map<string, Promise<Server>>();

  constructor(
    private readonly flags: ReachFlags,
    private readonly signal: AbortSignal,
  ) {}

  /** Asks for the password, where there is a user. @throws CommandError (usage) */
  of(address: Address): Promise<Server> {
    const key = formatAddress({ ...address, path: address.tls ? " tls" : "" });
    const known = this.servers.get(key) ?? this.open(address);
    this.servers.set(key, known);
    return known;
  }

  async close(): Promise<void> {
    for (const server of await Promise.allSettled(this.servers.values())) {
      if (server.status === "fulfilled") server.value.close();
    }
  }

  private async open(address: Address): Promise<Server> {
    return new Server(await endpointOf(address, this.flags), this.signal);
  }
}

/** Whom to trust there and as whom to come; asks for the password, where there is a user. @throws CommandError (usage) */
export async function endpointOf({ target, tls, user }: Authority, flags: ReachFlags): Promise<Endpoint> {
  const trust = tls ? readTrust(flags) : null;
  return { target, trust, login: await loginFor(user, { target, trust }, flags) };
}

async function loginFor(user: string | null, { target, trust }: Pick<Endpoint, "target" | "trust">, flags: ReachFlags) {
  if (user === null) return null;
  const isNear = isLoopback(target.host) || target.host === "localhost";
  if (trust === null && !isNear && flags.allowPlainPasswords === undefined) {
    const how = "add --tls, or --allow-plain-passwords where you trust the network";
    throw new CommandError(Exit.usage, `the password would go over the network for everybody to read; ${how}`);
  }
  const sources = { file: flags.passwordFile ?? null, environment: process.env["TINCAN_PASSWORD"] };
  return { user, password: await passwordFor(`${quote(user)} at ${formatTarget(target)}`, sources) };
}

function readTrust({ ca, fingerprint, insecure = false }: ReachFlags): Trust {
  if (fingerprint !== undefined && !isFingerprint(fingerprint)) {
    throw new CommandError(
      Exit.usage,
      `--fingerprint ${quote(fingerprint)} is not the SHA-256 of a certificate in hex`,
    );
  }
  return { ca: ca === undefined ? null : readPem(ca), fingerprint: fingerprint ?? null, insecure };
}

/** A file of certificates. @throws CommandError (usage) */
export function readPem(path: string): string {
  const pem = readCa(path);
  if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  throw new CommandError(Exit.usage, `--ca ${quote(path)} has no certificate in PEM, -----BEGIN CERTIFICATE-----`);
}

function readCa(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CommandError(Exit.usage, `--ca ${quote(path)} cannot be read: ${whyUnread(cause)}`, { cause });
  }
}

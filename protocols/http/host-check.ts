import { quote } from "../../src/bytes/text.ts";
import { plainHost } from "../../src/net/address.ts";
import type { Connection } from "../../src/net/protocol.ts";
import { mayChange } from "./wire/change.ts";
import { HttpError } from "./wire/http-error.ts";
import type { RequestHead } from "./wire/request-head.ts";

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]*)(?::(\d{0,5}))?$/i;

/** Who a request may be meant for, and which page it may come from. */
export class HostCheck {
  private readonly names: ReadonlySet<string>;
  /** The last `Host` that was one of the names: most requests bring the same, and reading it was a tenth of their time. */
  private familiar: string | null = null;

  /** @param names under which the server is known, beside its addresses */
  constructor(names: readonly string[]) {
    this.names = new Set(["localhost", ...names].map(normal));
  }

  /**
   * A browser can be brought to send requests here under a foreign name that leads to this address (DNS rebinding), and
   * then takes the answers for that site's own. So the name must be ours.
   * @throws HttpError 421
   */
  checkHost({ fields, minor }: RequestHead, conn: Pick<Connection, "local">): void {
    const host = fields.get("host");
    if (host === this.familiar) return;
    if (host === undefined) {
      if (minor === 0) return;
      throw new HttpError(400, "bad-request", "HTTP/1.1 needs a Host field");
    }
    const plain = hostIn(host);
    if (plain === null) throw new HttpError(400, "bad-request", `${quote(host)} is no host`);
    if (this.names.has(plain)) {
      this.familiar = host;
      return;
    }
    const { local } = conn;
    if (local.family === "unix" || plain === normal(local.host)) return;
    throw new HttpError(
      421,
      "wrong-host",
      `this server is not ${quote(plain)}; if it is, start it with --http-name ${quote(plain)}`,
    );
  }

  /**
   * What changes something must come from our own page, or from a program (CSRF, cross-site WebSockets).
   * @throws HttpError 403
   */
  checkOrigin(head: RequestHead): void {
    if (!mayChange(head)) return;
    const { fields } = head;
    const origin = fields.get("origin");
    const site = fields.get("sec-fetch-site");
    const near = site === undefined || site === "same-origin" || site === "none";
    if (near && (origin === undefined || isSameHost(origin, fields.get("host") ?? ""))) return;
    const at =
      origin === undefined
        ? "here"
        : `at ${quote(fields.get("host") ?? "")}; a proxy in between must leave the Host as it is`;
    throw new HttpError(403, "foreign-origin", `pages of ${quote(origin ?? "another site")} may not do this ${at}`);
  }
}

/** The name or address in a `Host`, in one spelling and without the port; null: there is none. */
export function hostIn(field: string): string | null {
  const [, name] = AUTHORITY.exec(field) ?? [];
  return name === undefined ? null : normal(name);
}

/** Without brackets, the dot at the end, and differences of spelling: browsers write `[::ffff:7f00:1]` for 127.0.0.1. */
function normal(name: string): string {
  const bare = name.startsWith("[") ? name.slice(1, -1) : name.endsWith(".") ? name.slice(0, -1) : name;
  return plainHost(bare.toLowerCase());
}

/**
 * Whether a page's origin (`https://chat.example:8443`) is the host that it asks, whatever a proxy did to the scheme. Programs
 * such as ws4py name their own address, `ws://chat.example`, which no page can have.
 */
function isSameHost(origin: string, host: string): boolean {
  const [, scheme = "", authority = ""] = /^(https?|wss?):\/\/(.+)$/i.exec(origin) ?? [];
  const usual = /s$/i.test(scheme) ? /:443$/ : /:80$/;
  return scheme !== "" && authority.toLowerCase().replace(usual, "") === host.toLowerCase().replace(usual, "");
}

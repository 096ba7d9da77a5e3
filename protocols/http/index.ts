import { quote } from "../../src/bytes/text.ts";
import { hostInUrl } from "../../src/bytes/url.ts";
import type { Values } from "../../src/config/option.ts";
import { CommandError, Exit } from "../../src/exit.ts";
import type { Connection, Protocol, Session } from "../../src/net/protocol.ts";
import type { RefusalKind } from "../../src/net/refusals.ts";
import type { DoorContext, DoorKind } from "../door-kind.ts";
import { streamDoors } from "../stream-doors.ts";
import { routesOf } from "./all-routes.ts";
import { Application } from "./application.ts";
import { Authenticator } from "./auth/authenticator.ts";
import { errorReply } from "./error-reply.ts";
import type { HttpHost } from "./host.ts";
import { HostCheck } from "./host-check.ts";
import { httpOptions } from "./options.ts";
import type { Responder } from "./responder.ts";
import { Routes } from "./routes.ts";
import { HttpSession } from "./session.ts";
import { asksForPage } from "./wire/accept.ts";
import { BANNED, BUSY, type HttpError } from "./wire/http-error.ts";
import { wholeReply } from "./wire/reply-head.ts";

/** HTTP: the page, files and data. The contract is in README.md. */
class HttpProtocol implements Protocol {
  readonly name = "http";
  readonly busy = refused("busy", false);
  readonly banned = refused("banned", false);

  constructor(private readonly responder: Responder) {}

  refusal(kind: RefusalKind, first: Uint8Array): Uint8Array {
    return refused(kind, asksForPage(first));
  }

  open(conn: Connection): Session {
    return new HttpSession(this.responder, conn);
  }
}

const REFUSALS: Readonly<Record<RefusalKind, HttpError>> = { busy: BUSY, banned: BANNED };

/** For a peer whose request nobody reads. */
function refused(kind: RefusalKind, wantsPage: boolean): Uint8Array {
  return wholeReply(errorReply(REFUSALS[kind], wantsPage), "");
}

/** Below the prefix. */
function pagePathOf({ site }: Pick<Values<typeof httpOptions>, "site">): HttpHost["pagePath"] {
  return site === null ? "/" : "/tincan/";
}

/**
 * Refuses a prefix that the door's own addresses begin with: they are found without it, too, where a proxy takes it off, and
 * nobody could tell which of both is meant. @throws CommandError 64
 */
function checkPrefix(prefix: string, routes: Routes): void {
  if (prefix === "" || !routes.begins(prefix)) return;
  throw new CommandError(
    Exit.usage,
    `--path-prefix ${quote(prefix)} begins as addresses of tincan's own do; take another, such as /chat`,
  );
}

/** @throws CommandError */
function responderOf(context: DoorContext<Values<typeof httpOptions>>): Responder {
  const { runtime, hub, gate, vault, site, allow, maxFrame, server, config, listen, listenTls } = context;
  const { clock, log, limits } = runtime;
  const { pathPrefix: prefix, httpName, httpIdle: idleMs } = config;
  const authenticator = new Authenticator(gate, clock);
  const { operations, doorNames, portOf, reachFor, rootsForOthers, announces } = context;
  const { messageMs, stallMs } = limits;
  const host: HttpHost = {
    ...{ hub, gate, vault, site, clock, authenticator, server, prefix, allow, operations, doorNames, portOf },
    ...{ reachFor, rootsForOthers, pagePath: pagePathOf(config), announces, maxFrame, messageMs, stallMs },
  };
  const routes = new Routes(routesOf(host));
  checkPrefix(prefix, routes);
  const addresses = [...listen, ...listenTls].flatMap((spec) => ("host" in spec ? [spec.host] : []));
  return new Application({
    routes,
    check: new HostCheck([...httpName, ...addresses]),
    ...{ authenticator, prefix, clock, log, idleMs, messageMs, portOf },
  });
}

export const httpDoor: DoorKind<typeof httpOptions> = {
  name: "http",
  title: "the web",
  offset: 80,
  wellKnown: 80,
  tls: {
    name: "https",
    offset: 443,
    wellKnown: 443,
    paste: (host, port, { pathPrefix }) => `curl -k https://${hostInUrl(host)}:${port}${pathPrefix}/`,
  },
  summary: "a page, files and data",
  options: httpOptions,
  paste: (host, port, { pathPrefix }) => `http://${hostInUrl(host)}:${port}${pathPrefix}/`,
  pages(config) {
    const { pathPrefix, site } = config;
    const files = `${pathPrefix}/files`;
    return { page: `${pathPrefix}${pagePathOf(config)}`, files, site: site === null ? null : `${pathPrefix}/` };
  },
  open(context) {
    const protocol = new HttpProtocol(responderOf(context));
    const { httpIdle: idleMs } = context.config;
    return streamDoors(context, { name: "http", protocol, idleMs, keepAlive: true, byRequest: true });
  },
};

import { PERMISSIONS } from "../../../src/accounts/permission.ts";
import type { Visitor } from "../../../src/accounts/visitor.ts";
import { chatLimits } from "../../../src/chat/limits.ts";
import { jsonLimits } from "../../services/json.ts";
import type { Exchange } from "../exchange.ts";
import type { HttpHost } from "../host.ts";
import { mayBePassedOn } from "../proxy-fields.ts";
import type { Route } from "../routes.ts";
import { json } from "../wire/reply.ts";

/** What a page must know before it shows anything. */
export function meRoutes(host: HttpHost): readonly Route[] {
  return [{ path: "/api/me", methods: { GET: (x) => json(meOf(host, x.visitor, x)) } }];
}

/** By whom it is asked. */
type Asking = Pick<Exchange, "peer" | "head">;

/** Who somebody is, what it may do, and what this server offers. */
export function meOf(host: HttpHost, visitor: Visitor, { peer, head }: Asking): object {
  const { allow, gate, hub, server, vault, maxFrame, announces: announce } = host;
  const { message, topic, name, nameCharacters, room } = chatLimits;
  return {
    account: visitor.account,
    may: [
      ...(["chat", "echo"] as const).filter((what) => allow[what]),
      ...PERMISSIONS.filter((permission) => visitor.may(permission)),
    ],
    /** Whether a password may be sent from here. */
    login: gate.refusesPlain(peer) === null,
    server,
    files: vault !== null,
    /** The folder of the share that its `/` is, and whether who has not logged in may read what others share with it. */
    home: visitor.home,
    open: gate.anonymous(peer).may("read"),
    announce,
    history: hub.outside.searchable,
    limits: { frame: maxFrame, json: jsonLimits.bytes, message, topic, name, nameCharacters, room },
    doors: doorsOf(host),
    /** The port that tincan's own commands can use; null: none is as they need it. */
    commands: host.reachFor("").framed,
    /** For who is here and knows no other address than its own; what others know is not for strangers. */
    addresses: peer.loopback && !mayBePassedOn(head) ? host.rootsForOthers() : null,
  };
}

/** The ports of those that are open; null where one is open over TLS alone, or in the clear alone. */
function doorsOf({ doorNames, portOf }: HttpHost): object {
  const ports = doorNames().map((door) => [door, { port: portOf(door), tls: portOf(door, "tls") }] as const);
  return Object.fromEntries(ports.filter(([, { port, tls }]) => port !== null || tls !== null));
}

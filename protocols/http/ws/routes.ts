import type { HttpHost } from "../host.ts";
import type { Route } from "../routes.ts";
import { Heartbeat } from "./heartbeat.ts";
import { type WebSocketHost, WebSocketSession } from "./session.ts";
import { accept } from "./upgrade.ts";

/** The address where a request becomes a WebSocket. */
export function webSocketRoutes(host: HttpHost): readonly Route[] {
  const shared: WebSocketHost = { ...host, heartbeat: new Heartbeat(host.clock) };
  return [
    {
      path: "/ws",
      methods: {
        GET: (x) => {
          const { peer, visitor } = x;
          return { ...accept(x), upgrade: (conn) => new WebSocketSession(shared, conn, { peer, visitor }) };
        },
      },
    },
  ];
}

import { echoRoutes } from "./api/echo.ts";
import { folderRoutes } from "./api/files.ts";
import { loginRoutes } from "./api/login.ts";
import { meRoutes } from "./api/me.ts";
import { roomRoutes } from "./api/rooms.ts";
import { fileRoutes } from "./files/index.ts";
import type { HttpHost } from "./host.ts";
import { openApiRoutes } from "./openapi/routes.ts";
import { operationRoutes } from "./operations/routes.ts";
import { siteRoutes } from "./own-site/routes.ts";
import { pageRoutes } from "./page/routes.ts";
import type { Route } from "./routes.ts";
import { webSocketRoutes } from "./ws/routes.ts";

/** What there is at this door: each feature brings its own addresses. */
const FEATURES: readonly ((host: HttpHost) => readonly Route[])[] = [
  echoRoutes,
  fileRoutes,
  folderRoutes,
  loginRoutes,
  meRoutes,
  openApiRoutes,
  ({ pagePath }) => pageRoutes(pagePath),
  roomRoutes,
  operationRoutes,
  siteRoutes,
  webSocketRoutes,
];

export function routesOf(host: HttpHost): readonly Route[] {
  return FEATURES.flatMap((routes) => routes(host));
}

import { quote } from "../../../src/bytes/text.ts";
import type { Exchange } from "../exchange.ts";
import type { Route } from "../routes.ts";
import { checkConditions } from "../wire/conditions.ts";
import { HttpError } from "../wire/http-error.ts";
import { empty, type Reply } from "../wire/reply.ts";
import { withSlash } from "../with-slash.ts";
import type { PageAsset, PageVariant } from "./assets.ts";

type Base = "/" | "/tincan/";

/** The page and what it is made of. @param base where it lies, below the door's prefix */
export function pageRoutes(base: Base): readonly Route[] {
  let loaded: Promise<(x: Exchange, path: string) => Reply> | null = null;
  const answer = async (x: Exchange): Promise<Reply> => {
    loaded ??= load(base);
    return (await loaded)(x, x.path.slice(base.length));
  };
  const document = (x: Exchange): Reply | Promise<Reply> => {
    // Addresses in the document are relative, so it needs the slash at its end.
    const [path = ""] = x.head.target.split("?", 1);
    return path.endsWith("/") ? answer(x) : withSlash(x);
  };
  return [
    { path: base, methods: { GET: document } },
    { path: `${base}favicon.svg`, methods: { GET: answer } },
    { path: `${base}assets/:name`, methods: { GET: answer } },
  ];
}

/** Imported when somebody asks for the page: who has no browsers pays nothing for it. */
async function load(base: Base): Promise<(x: Exchange, path: string) => Reply> {
  const { pageAssets, variantFor } = await import("./assets.ts");
  const assets = pageAssets(base === "/" ? "at-root" : "one-below");
  return (x, path) => {
    const asset: PageAsset | undefined = assets.get(path);
    if (asset === undefined) throw new HttpError(404, "not-found", `the page has no ${quote(path)}; load it again`);
    return send(x, variantFor(asset, x.field("accept-encoding") ?? null));
  };
}

function send(x: Exchange, { bytes, headers }: PageVariant): Reply {
  const known = { etag: headers["ETag"] ?? null, mtime: 0 };
  const field = (name: string) => (name === "if-none-match" || name === "if-match" ? x.field(name) : undefined);
  if (checkConditions(field, known, true) === "send") return { status: 200, fields: headers, body: bytes };
  const { "Content-Type": _, "Content-Encoding": __, ...rest } = headers;
  return empty(304, rest);
}

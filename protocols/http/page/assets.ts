import { packedPage } from "./packed.ts" with { type: "macro" };
import type { PackedAsset } from "./packed.ts";

/** A file of the page as it is sent: whoever sends it adds the length, and answers 304 where the ETag is known. */
export interface PageVariant {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** A file of the page in each encoding that it is kept in. */
export interface PageAsset {
  readonly plain: PageVariant;
  readonly gzip: PageVariant;
  readonly br: PageVariant;
}

/** Nothing from elsewhere, nothing inline, nothing framed: a name or a file of somebody else's cannot become a script. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * A thread has the policy of its own script's answer. The one that hashes files may compile WebAssembly, which the page
 * may not; it can ask for nothing and touches no document.
 */
const HASH_WORKER = "assets/hash-worker";
const WORKER_POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'";

/** Names of bundled files change with their content. */
const FOREVER = "public, max-age=31536000, immutable";

const PACKED = packedPage();

/**
 * The page's files by their path below the page, which is "" for the document itself. The document knows where `files/`,
 * `api/` and `ws` are: beside it, or one folder up.
 */
export function pageAssets(place: "at-root" | "one-below"): ReadonlyMap<string, PageAsset> {
  const assets = new Map<string, PageAsset>();
  for (const packed of PACKED) {
    const path = packed.path === place ? "" : packed.path;
    if (path === "" || path.includes(".")) assets.set(path, unpack(packed));
  }
  return assets;
}

/** The smallest variant that an `Accept-Encoding` (RFC 9110, section 12.5.3) takes; without the field the plain one. */
export function variantFor(asset: PageAsset, acceptEncoding: string | null): PageVariant {
  const taken = new Set<string>();
  for (const part of (acceptEncoding ?? "").toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((word) => word.trim());
    if (!parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) taken.add(coding);
  }
  if (taken.has("br")) return asset.br;
  return taken.has("gzip") ? asset.gzip : asset.plain;
}

function unpack({ path, type, hash, plain, gzip, br }: PackedAsset): PageAsset {
  const variant = (base64: string, encoding: string): PageVariant => ({
    bytes: Uint8Array.fromBase64(base64),
    headers: {
      "Content-Type": type,
      ...(encoding !== "" && { "Content-Encoding": encoding }),
      Vary: "Accept-Encoding",
      // Strong, so it tells the encodings apart (RFC 9110, section 8.8.3).
      ETag: `"${hash.slice(0, 32)}${encoding === "" ? "" : `-${encoding}`}"`,
      "Cache-Control": path.startsWith("assets/") ? FOREVER : "no-cache",
      "Content-Security-Policy": path.startsWith(HASH_WORKER) ? WORKER_POLICY : POLICY,
      "Cross-Origin-Resource-Policy": "same-origin",
    },
  });
  return { plain: variant(plain, ""), gzip: variant(gzip, "gzip"), br: variant(br, "br") };
}

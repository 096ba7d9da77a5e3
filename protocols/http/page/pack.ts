import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { PackedAsset } from "./packed.ts";

/*
 * Bundles the page and writes it to stdout as JSON, for packed.ts. A program of its own, because Bun refuses to bundle
 * within a bundling.
 */

const APP = join(import.meta.dir, "app");
const FAVICON = "favicon.svg";

interface Source {
  readonly path: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** One bundled entry under a name that changes with its content. */
async function bundle(entry: string): Promise<Source> {
  const { outputs } = await Bun.build({
    entrypoints: [join(APP, entry)],
    target: "browser",
    minify: true,
    naming: "[name]-[hash].[ext]",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const made = outputs[0];
  if (made === undefined || outputs.length > 1) throw new Error(`${entry} was bundled into ${outputs.length} files`);
  const type = made.path.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
  return { path: `assets/${made.path.replace("./", "")}`, type, bytes: new Uint8Array(await made.arrayBuffer()) };
}

/** The document, with the names of what it loads; `root` is the way from the page to where `files/` and `api/` are. */
async function documentAt(root: string, names: Readonly<Record<string, string>>): Promise<Uint8Array> {
  let text = await Bun.file(join(APP, "index.html")).text();
  for (const [word, value] of Object.entries({ ...names, root })) text = text.replaceAll(`{{${word}}}`, value);
  return new TextEncoder().encode(text.replace(/>\s+</g, "><"));
}

/** Compressed as far as it goes, since it is done once; not at all where that saves nothing. */
function pack({ path, type, bytes }: Source): PackedAsset {
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gzip = gzipSync(bytes, { level: 9 });
  return {
    path,
    type,
    hash: new Bun.CryptoHasher("sha256").update(bytes).digest("hex"),
    plain: Buffer.from(bytes).toString("base64"),
    gzip: gzip.toString("base64"),
    br: brotli.toString("base64"),
  };
}

const [script, styles, worker] = await Promise.all(["main.tsx", "styles/index.css", "hash-worker.ts"].map(bundle));
const names = { script: script?.path ?? "", styles: styles?.path ?? "", worker: worker?.path ?? "", favicon: FAVICON };
const html = (path: string, bytes: Uint8Array) => ({ path, type: "text/html; charset=utf-8", bytes });
const sources = [
  html("at-root", await documentAt("./", names)),
  html("one-below", await documentAt("../", names)),
  { path: FAVICON, type: "image/svg+xml", bytes: await Bun.file(join(APP, FAVICON)).bytes() },
  ...[script, styles, worker].filter((source) => source !== undefined),
];
process.stdout.write(JSON.stringify(sources.map(pack)));

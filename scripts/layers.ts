import { dirname, join } from "node:path";

/** Small files that most may import; they import nothing but `bytes` and each other. */
const LEAVES = [
  "src/clock.ts",
  "src/config/option.ts",
  "src/disk-lacks.ts",
  "src/exit.ts",
  "src/libc.ts",
  "src/log.ts",
  "src/nearest.ts",
  "src/next-turn.ts",
  "src/slash-commands.ts",
  "src/state.ts",
  "src/thrown.ts",
  "src/unread.ts",
  "src/version.ts",
];
/** What doors and their operators work with. */
const CORE = ["src/bytes", "src/net", "src/chat", "src/files", "src/accounts", ...LEAVES];
/** What a door may import, any other folder of `protocols`: doors meet in the hub and in the vault, and nowhere else. */
const DOOR = [...CORE, "protocols", "protocols/services"];
const DAEMON = [...CORE, "src/certificate", "src/config", "src/config.ts", "src/control", "src/history", "src/process"];

/**
 * What may be imported, by who imports it: a file, or all in a folder that has no row of its own below. They may import
 * themselves, and nothing that does not stand here.
 */
export const layers: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(LEAVES.map((leaf) => [leaf, ["src/bytes", "package.json", ...LEAVES]])),
  "src/bytes": [],
  "src/net": [
    "src/bytes",
    "src/clock.ts",
    "src/thrown.ts",
    "src/log.ts",
    "src/libc.ts",
    "src/next-turn.ts",
    "src/config/option.ts",
  ],
  "src/chat": ["src/bytes", "src/clock.ts", "src/nearest.ts"],
  "src/accounts": ["src/bytes", ...LEAVES],
  "src/files": ["src/bytes", "src/accounts", ...LEAVES],
  "src/history": ["src/bytes", "src/chat", ...LEAVES],
  "src/process": ["src/bytes", "src/net", ...LEAVES],
  "src/certificate": ["src/bytes", "src/net", ...LEAVES],
  "src/console": ["src/bytes", "src/files", ...LEAVES],
  "src/control": CORE,
  "src/config": ["src/bytes", "src/config.ts", ...LEAVES],
  "src/config.ts": ["src/bytes", "src/config", "src/net/trusted-proxies.ts", ...LEAVES],
  "src/client": ["src/bytes", "src/net", "protocols/services/messages.ts", ...LEAVES],
  // What doors share: no door, and not the list of them.
  protocols: CORE,
  "protocols/services": [...CORE, "protocols"],
  // It runs in browsers: pure code, and the types of messages.
  "protocols/http/page/app": [
    "src/bytes",
    "src/nearest.ts",
    "src/chat/command.ts",
    "src/chat/event.ts",
    "protocols/services/messages.ts",
  ],
  "protocols/index.ts": ["protocols", "protocols/*"],
  // The daemon, and what it is put together with.
  src: [...DAEMON, "protocols"],
  "src/commands": [...DAEMON, "src", "src/client", "src/console", "protocols/index.ts"],
  "src/main.ts": ["src", "src/bytes", "src/commands", ...LEAVES],
};

const IMPORT = /\b(?:from|import|require)\s*\(?\s*"(\.[^"]+)"/g;

/** A sentence for each import of a file that its layer does not allow. `file` is a path from the root of the project. */
export function strays(file: string, source: string): string[] {
  const layer = layerOf(file);
  const may = layers[layer] ?? (isDoor(layer) ? DOOR : null);
  if (may === null) return [`${file} is in a folder without a row in scripts/layers.ts`];
  return Array.from(source.matchAll(IMPORT), ([, path = ""]) => join(dirname(file), path)).flatMap((target) => {
    const of = layerOf(target);
    if (of === layer || may.includes(of) || may.includes(target) || may.includes(`${dirname(of)}/*`)) return [];
    return [`${file} imports ${target}, but ${layer} may import ${may.join(", ") || "nothing"}`];
  });
}

/** The longest row that is a file's path or above it; of a folder that has none, the folder. */
function layerOf(file: string): string {
  const [top = "", name = ""] = file.split("/");
  const folder = dirname(file) === top ? top : `${top}/${name}`;
  const rows = Object.keys(layers).filter((row) => file === row || file.startsWith(`${row}/`));
  return [folder, ...rows].reduce((longest, row) => (row.length > longest.length ? row : longest));
}

function isDoor(layer: string): boolean {
  return dirname(layer) === "protocols" && !layer.endsWith(".ts");
}

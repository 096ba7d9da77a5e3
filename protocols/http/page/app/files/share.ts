import { shellWord } from "../../../../../src/bytes/shell.ts";
import { encodePart, encodePath } from "../../../../../src/bytes/url.ts";
import { fileUrl } from "../lib/urls.ts";
import { nameOf } from "./paths.ts";

/** What the server has open beside this page; a port is absent where there is no such door. */
export interface Ports {
  readonly ftp?: number;
  /** Of the door that tincan's own commands use. */
  readonly commands?: number;
}

/** One way to get a file, ready to be pasted. */
export interface Way {
  readonly key: "link" | "curl" | "ftp" | "tincan";
  readonly text: string;
}

/** How else a file or folder can be had from this server, from wherever this page was opened. */
export function waysTo(root: string, path: string, isFolder: boolean, ports: Ports): readonly Way[] {
  const url = fileUrl(root, isFolder ? `${path === "/" ? "" : path}/` : path);
  const { hostname } = new URL(root);
  const ways: Way[] = [{ key: "link", text: url }];
  if (isFolder) ways.push({ key: "curl", text: `curl -fsS ${shellWord(`${url}?archive=tar`)} | tar x` });
  else ways.push({ key: "curl", text: `curl -f${outputOf(nameOf(path))} ${shellWord(url)}` });
  const encoded = encodePath(path);
  const slash = isFolder && path !== "/" ? "/" : "";
  if (ports.ftp !== undefined)
    ways.push({ key: "ftp", text: `ftp://${at(hostname, ports.ftp, 21)}${encoded}${slash}` });
  if (ports.commands !== undefined) {
    const from = `tincan://${at(hostname, ports.commands, 0)}${encoded}`;
    ways.push({ key: "tincan", text: `tincan get ${isFolder ? "-r " : ""}${shellWord(from)}` });
  }
  return ways;
}

/** Curl's own name for a file is the end of the address as it stands there, percents and all. */
function outputOf(name: string): string {
  return encodePart(name) === name ? "O" : `o ${shellWord(name)}`;
}

function at(host: string, port: number, usual: number): string {
  return port === usual ? host : `${host}:${port}`;
}

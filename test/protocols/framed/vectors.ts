import { readFileSync } from "node:fs";
import type { Message } from "../../support/frames.ts";

/** Bytes of a file, in hex. */
export interface ChunkStep {
  readonly chunk: { readonly id: number; readonly offset: number; readonly bytes: string };
}

/** One message of an exchange, and the frame that it is in. A text is sent as it is, where it is no JSON. */
export type Step = { readonly peer: string; readonly frame: string } & (
  | { readonly sends: Message | ChunkStep | string }
  | { readonly gets: Message | ChunkStep }
);

export interface Exchange {
  readonly op?: string;
  readonly code?: string;
  readonly what?: string;
  /** Who said hello before, and is in #lobby. */
  readonly present?: readonly string[];
  /** Services that the door does not allow. */
  readonly deny?: readonly ("chat" | "echo")[];
  /** What is said is kept, and can be searched. */
  readonly kept?: true;
  /** How many other rooms ann has joined before. */
  readonly rooms?: number;
  /** What is shared: texts by their path, and folders, which end in a slash. Without it nothing is. */
  readonly files?: Readonly<Record<string, string>>;
  /** What may be done with it beside reading. */
  readonly may?: readonly ("upload" | "write")[];
  /** What is the matter with the disk. */
  readonly disk?: "full" | "broken";
  /** Bytes that all files may have together. */
  readonly quota?: number;
  /** What is said to every password. */
  readonly login?: "plain-password" | "banned";
  /** How many puts ann has begun before, with ids from 100. */
  readonly running?: number;
  /** How many puts ann has left unfinished before. */
  readonly unfinished?: number;
  readonly steps: readonly Step[];
}

export interface Format {
  readonly format: string;
  readonly size: number;
  /** The largest length, in decimal. */
  readonly most: string;
  /** Frames of an empty body and of `abc`. */
  readonly empty: string;
  readonly abc: string;
  /** Headers alone. */
  readonly longest: string;
  readonly negative?: string;
}

export interface Violation {
  readonly what: string;
  readonly header?: string;
  readonly sends: string;
  /** `http`, `text`, or the header in front of the bye. */
  readonly answer: string;
}

/** A chunk frame: `struct.pack("!BIQ", 1, id, offset)` and bytes behind a header. */
export interface ChunkVector {
  readonly id: number;
  readonly offset: number;
  readonly bytes: string;
  readonly frame: string;
}

export interface Vectors {
  readonly formats: readonly Format[];
  readonly echo: readonly { readonly sends: string; readonly gets: string }[];
  readonly ack: readonly { readonly peer: "client" | "server"; readonly bytes: string }[];
  readonly violations: readonly Violation[];
  readonly chunks: readonly ChunkVector[];
  readonly exchanges: readonly Exchange[];
  readonly errors: readonly Exchange[];
}

/** Where the published vectors are. */
export const VECTORS = new URL("../../../protocols/framed/vectors.json", import.meta.url).pathname;

export const vectors: Vectors = JSON.parse(readFileSync(VECTORS, "utf8"));

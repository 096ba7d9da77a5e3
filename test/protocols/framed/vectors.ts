import { readFileSync } from "node:fs";
import type { Message } from "../../support/frames.ts";

/** One message of an exchange, and the frame that it is in. A text is sent as it is, where it is no JSON. */
export type Step = { readonly peer: string; readonly frame: string } & (
  | { readonly sends: Message | string }
  | { readonly gets: Message }
);

export interface Exchange {
  readonly op?: string;
  readonly code?: string;
  readonly what?: string;
  /** Who said hello before, and is in #lobby. */
  readonly present?: readonly string[];
  /** Services that the door does not allow. */
  readonly deny?: readonly ("chat" | "echo")[];
  /** How many other rooms ann has joined before. */
  readonly rooms?: number;
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

export interface Vectors {
  readonly formats: readonly Format[];
  readonly echo: readonly { readonly sends: string; readonly gets: string }[];
  readonly ack: readonly { readonly peer: "client" | "server"; readonly bytes: string }[];
  readonly violations: readonly Violation[];
  readonly exchanges: readonly Exchange[];
  readonly errors: readonly Exchange[];
}

/** Where the published vectors are. */
export const VECTORS = new URL("../../../protocols/framed/vectors.json", import.meta.url).pathname;

export const vectors: Vectors = JSON.parse(readFileSync(VECTORS, "utf8"));

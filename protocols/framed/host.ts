import type { HeaderFormat } from "../../src/bytes/header.ts";
import type { Codec } from "../../src/chat/event.ts";
import type { Hub } from "../../src/chat/hub.ts";

/** What all sessions of a framed door share. */
export interface FramedHost {
  readonly hub: Hub;
  readonly header: HeaderFormat;
  /** The largest body: the smaller of `--max-frame` and what the header can say. */
  readonly maxFrame: number;
  /** A frame begun must be complete within so many milliseconds. */
  readonly messageMs: number;
  readonly allow: { readonly chat: boolean; readonly echo: boolean };
  /** "tincan/0.1.0" */
  readonly server: string;
  readonly events: Codec;
  portOf(door: string): number | null;
}

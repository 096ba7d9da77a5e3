import type { ChatEvent, Codec } from "../../../src/chat/event.ts";
import { asChunk } from "../wire/chunk.ts";

/** Where a follower stands in a room: behind the event with this number. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/**
 * One server-sent event (WHATWG HTML, section 9.2). The data is JSON on one line, so nothing that somebody said can end
 * it, and names and ids are the server's own.
 */
export function eventText(event: string, data: object, at: Position | null): string {
  const id = at === null ? "" : `id: ${at.epoch}:${at.seq}\n`;
  return `event: ${event}\n${id}data: ${JSON.stringify(data)}\n\n`;
}

/** A chat event as a server-sent event; those that have a number have it as their id. */
export function chatEventText(event: ChatEvent): string {
  return eventText(event.event, event, "seq" in event ? event : null);
}

/** The form in which events leave: in chunks, or as they are to who speaks HTTP/1.0. */
export class EventCodec implements Codec {
  constructor(private readonly chunked: boolean) {}

  encode(event: ChatEvent): Uint8Array {
    return this.frame(chatEventText(event));
  }

  frame(text: string): Uint8Array {
    const bytes = Buffer.from(text);
    return this.chunked ? asChunk(bytes) : bytes;
  }
}

import type { ChatEvent, Codec, Delivery } from "./event.ts";

/** An event on its way. Most events leave in one form or two, so the first form needs no map. */
export class SharedDelivery implements Delivery {
  readonly event: ChatEvent;
  private codec: Codec | null = null;
  private bytes: Uint8Array = nothing;
  private others: Map<Codec, Uint8Array> | null = null;

  constructor(event: ChatEvent) {
    this.event = event;
  }

  as(codec: Codec): Uint8Array {
    if (codec === this.codec) return this.bytes;
    if (this.codec === null) {
      this.bytes = codec.encode(this.event);
      this.codec = codec;
      return this.bytes;
    }
    this.others ??= new Map();
    let bytes = this.others.get(codec);
    if (bytes === undefined) {
      bytes = codec.encode(this.event);
      this.others.set(codec, bytes);
    }
    return bytes;
  }
}

const nothing = new Uint8Array(0);

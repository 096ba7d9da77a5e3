import type { RoomEvent } from "../messages.ts";

/** A message of which nobody can say whether the room got it. */
export class Unsure extends Error {
  override readonly name = "Unsure";
}

/** Something said, from the moment it was typed until it is known what became of it. */
export class Utterance {
  readonly #settled = Promise.withResolvers<void>();
  /** The name under which it was sent; null while it was not. */
  sentAs: string | null = null;

  constructor(
    readonly op: "say" | "act",
    readonly room: string,
    readonly text: string,
  ) {}

  /** Resolves when the room has it. Rejects with Refused when it never will, with {@link Unsure} when nobody knows. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  arrived(): void {
    this.#settled.resolve();
  }

  failed(why: Error): void {
    this.#settled.reject(why);
  }

  /** Whether a room's event is this. Servers may normalise text, so it is compared in NFC. */
  is(event: RoomEvent): boolean {
    return (
      event.event === (this.op === "say" ? "message" : "action") &&
      event.room === this.room &&
      event.from === this.sentAs &&
      event.text.normalize() === this.text.normalize()
    );
  }
}

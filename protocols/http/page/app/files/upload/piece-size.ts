const LARGEST = 8 * 1024 * 1024;
const SMALLEST = 64 * 1024;

/**
 * How many bytes of a file go in the next piece. A proxy in between may take no more at a time, so pieces get smaller until
 * one gets through; those that were only lost may have met a bad hour of the network, and grow again.
 */
export class PieceSize {
  #bytes = LARGEST;
  /** Larger ones are refused. */
  #most = LARGEST;
  /** Pieces of this size that have got through. */
  #through = 0;
  /** So many must, before one of twice the size is tried. */
  #patience = 16;
  #isTrial = false;

  /** @param fileSize in bytes: half of a larger piece would be the same piece again */
  constructor(private readonly fileSize: number) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** One got through. */
  passed(): void {
    this.#through += 1;
    if (this.#through < this.#patience || this.#bytes === this.#most) return;
    this.#become(Math.min(this.#most, this.#bytes * 2), true);
  }

  /** One was too large, as who refused it said. @returns false where a smaller one makes no sense */
  refused(): boolean {
    const isSmaller = this.#halve();
    this.#most = this.#bytes;
    return isSmaller;
  }

  /** One was lost, perhaps for its size; one that was tried anew is tried more rarely. @returns as `refused` */
  lost(): boolean {
    if (this.#isTrial) this.#patience *= 2;
    return this.#halve();
  }

  #halve(): boolean {
    const piece = Math.min(this.#bytes, this.fileSize);
    if (piece <= SMALLEST) return false;
    this.#become(Math.max(SMALLEST, Math.floor(piece / 2)), false);
    return true;
  }

  #become(bytes: number, isTrial: boolean): void {
    this.#bytes = bytes;
    this.#through = 0;
    this.#isTrial = isTrial;
  }
}

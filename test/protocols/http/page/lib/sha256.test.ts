import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Sha256 } from "../../../../../protocols/http/page/app/lib/sha256.ts";

const MIB = 1024 * 1024;
const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

describe("the page's SHA-256", () => {
  test("is that of others, of every length around its blocks", () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = new Uint8Array(length).map((_, at) => at * 7 + 129);
      const hash = new Sha256();
      hash.update(bytes);
      expect(hash.digest()).toBe(sha256(bytes));
    }
  });

  test("is the same however the bytes come, and can be asked for on the way", () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, (pieces) => {
        const hash = new Sha256();
        const other = new Bun.CryptoHasher("sha256");
        for (const piece of pieces) {
          hash.update(piece);
          other.update(piece);
          expect(hash.digest()).toBe(other.copy().digest("hex"));
        }
      }),
    );
  });

  test("takes bytes from the middle of a buffer", () => {
    const bytes = new Uint8Array(500).map((_, at) => at);
    const hash = new Sha256();
    hash.update(bytes.subarray(3, 400));
    expect(hash.digest()).toBe(sha256(bytes.slice(3, 400)));
  });

  test("counts more bits than one word holds", () => {
    const hash = new Sha256();
    const other = new Bun.CryptoHasher("sha256");
    const bytes = new Uint8Array(65 * MIB).map((_, at) => at);
    for (let count = 0; count < 8; count++) {
      hash.update(bytes);
      other.update(bytes);
    }
    expect(hash.digest()).toBe(other.digest("hex"));
  }, 30_000);
});

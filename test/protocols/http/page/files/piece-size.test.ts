import { expect, test } from "bun:test";
import { PieceSize } from "../../../../../protocols/http/page/app/files/upload/piece-size.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** How many get through before the size is another; null where it never is. */
function passes(piece: PieceSize): number | null {
  const { bytes } = piece;
  for (let count = 1; count <= 1000; count++) {
    piece.passed();
    if (piece.bytes !== bytes) return count;
  }
  return null;
}

test("pieces are halved down to 64 KiB and no further", () => {
  const piece = new PieceSize(100 * MIB);
  expect([piece.bytes, piece.lost(), piece.bytes]).toEqual([8 * MIB, true, 4 * MIB]);
  for (let i = 0; i < 6; i++) expect(piece.lost()).toBe(true);
  expect([piece.lost(), piece.refused(), piece.bytes]).toEqual([false, false, 64 * KIB]);
});

test("the first half is one of the file, where that is smaller than a piece", () => {
  const piece = new PieceSize(100 * KIB);
  expect([piece.refused(), piece.bytes, piece.refused()]).toEqual([true, 64 * KIB, false]);
  expect(new PieceSize(64 * KIB).refused()).toBe(false);
});

test("what was lost grows again, up to the first size", () => {
  const piece = new PieceSize(100 * MIB);
  piece.lost();
  piece.lost();
  expect([passes(piece), piece.bytes]).toEqual([16, 4 * MIB]);
  expect([passes(piece), piece.bytes]).toEqual([16, 8 * MIB]);
  expect(passes(piece)).toBeNull();
});

test("what is lost whenever it is tried anew is tried more and more rarely", () => {
  const piece = new PieceSize(100 * MIB);
  piece.lost();
  for (const patience of [16, 32, 64]) {
    expect([passes(piece), piece.bytes]).toEqual([patience, 8 * MIB]);
    piece.lost();
  }
});

test("what was refused is not tried again", () => {
  const piece = new PieceSize(100 * MIB);
  piece.refused();
  piece.lost();
  expect([passes(piece), piece.bytes]).toEqual([16, 4 * MIB]);
  expect(passes(piece)).toBeNull();
});

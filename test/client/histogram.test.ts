import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Histogram } from "../../src/client/histogram.ts";

describe("a histogram", () => {
  test("of nothing has no quantiles", () => {
    expect(new Histogram().quantile(0.5)).toBeNull();
  });

  test("is exact for small whole numbers", () => {
    const histogram = new Histogram();
    for (let value = 1; value <= 60; value++) histogram.add(value);
    expect([0, 0.5, 0.99, 1].map((q) => histogram.quantile(q))).toEqual([1, 30, 60, 60]);
  });

  test("tells every quantile within a 32nd of the exact one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 39 }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const histogram = new Histogram();
          for (const value of values) histogram.add(value);
          const sorted = values.toSorted((a, b) => a - b);
          const exact = sorted[Math.max(0, Math.ceil(q * values.length) - 1)] ?? 0;
          const told = histogram.quantile(q) ?? -1;
          expect(told).toBeGreaterThanOrEqual(exact);
          expect(told).toBeLessThanOrEqual(exact + exact / 32);
        },
      ),
    );
  });

  test("counts what is beyond its range as the largest", () => {
    const histogram = new Histogram();
    histogram.add(2 ** 50);
    expect(histogram.count).toBe(1);
    expect(histogram.max).toBe(2 ** 50);
    expect(histogram.quantile(1)).toBe(2 ** 40 - 1);
  });
});

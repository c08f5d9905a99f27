import { describe, expect, it } from "vitest";
import { bandPath, classOf, linear, linePath, root, rootTicks, ticks } from "./scale";

describe("axes", () => {
  it("start at nought, are round, and never cut the largest value off", () => {
    expect(ticks(9700)).toEqual([0, 2500, 5000, 7500, 10000]);
    expect(ticks(4)).toEqual([0, 1, 2, 3, 4]);
    expect(ticks(0)).toEqual([0, 1]);
    expect(ticks(Number.NaN)).toEqual([0, 1]);
    expect(ticks(1)).toEqual([0, 1]);
    expect(ticks(1, 4, false)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    for (const most of [1, 3, 7, 9, 12, 99, 101, 5872, 62_736, 1e7]) expect(ticks(most).every(Number.isInteger), String(most)).toBe(true);
    for (const most of [0.03, 1, 7, 12, 99, 101, 5872, 62_736, 1e7]) {
      const marks = ticks(most, 4, most >= 1);
      expect(marks.at(-1), String(most)).toBeGreaterThanOrEqual(most);
      expect(marks.length, String(most)).toBeLessThanOrEqual(6);
    }
  });
  it("a range without width does not divide by nought", () => expect(linear([5, 5], [0, 10])(5)).toBe(0));
});

describe("an axis by square roots", () => {
  it("keeps nought at nought and cuts nothing off", () => {
    const y = root(100, [200, 0]);
    expect([0, 25, 100].map(y)).toEqual([200, 100, 0]);
    expect(rootTicks(57_000)).toEqual([0, 4000, 15000, 30000, 60000]);
    expect(rootTicks(0)).toEqual([0, 1]);
    for (const most of [0.4, 1, 7, 99, 4666, 62_736, 1e7]) {
      const marks = rootTicks(most);
      expect(marks.at(-1)).toBeGreaterThanOrEqual(most);
      expect(marks).toEqual([...marks].sort((a, b) => a - b));
    }
  });
});

describe("paths", () => {
  it("a missing day is a gap", () => expect(linePath([[0, 0], [1, 1], null, [3, 3]])).toBe("M0.0 0.0L1.0 1.0M3.0 3.0"));
  it("a band goes there and back", () => expect(bandPath([[0, 9, 1], [5, 8, 2]])).toBe("M0.0 1.0L5.0 2.0L5.0 8.0L0.0 9.0z"));
  it("nothing is drawn of nothing", () => expect(bandPath([]) + linePath([null])).toBe(""));
});

it("classes are fixed, and zero is its own", () => {
  const limits = [1, 3, 10, 30];
  expect([0, 0.2, 1, 2.99, 3, 10, 30, 400].map((value) => classOf(value, limits))).toEqual([0, 1, 2, 2, 3, 4, 5, 5]);
});

import { describe, expect, it } from "vitest";
import { compare, csv, shownRows } from "./rows";

describe("a long table", () => {
  it("draws what is seen and a little more, at every place", () => {
    for (const count of [0, 1, 40, 100_000])
      for (const top of [-50, 0, 13, 1000, 2_599_990, 1e9]) {
        const { from, to } = shownRows(count, 26, top, 700);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(count);
        expect(to - from).toBeLessThanOrEqual(27 + 24);
        const first = Math.floor(Math.max(0, top) / 26);
        if (first < count) expect(from <= first && first < to, `${count} ${top}`).toBe(true);
      }
  });
});

describe("sorting", () => {
  const collator = new Intl.Collator("zh");
  const sorted = (values: (number | string | null)[], down: boolean) => [...values].sort((a, b) => compare(a, b, down, collator));
  it("leaves the unknown at the end both ways", () => {
    expect(sorted([3, null, 0, 10], false)).toEqual([0, 3, 10, null]);
    expect(sorted([3, null, 0, 10], true)).toEqual([10, 3, 0, null]);
  });
  it("goes by pinyin in Chinese", () => expect(sorted(["渝北", "江北", "巴南"], false)).toEqual(["巴南", "江北", "渝北"]));
});

it("a file for spreadsheets holds no formula and keeps unknown apart from zero", () => {
  expect(csv(["name", "n"], [["=1+1", 0], ['a "b", c', null], ["两江", -2.5]])).toBe('\ufeffname,n\r\n\'=1+1,0\r\n"a ""b"", c",\r\n两江,-2.5\r\n');
});

import { describe, expect, it } from "vitest";
import { hours, span, standing } from "./ages";
import { count, interval, percent, rounded, sumWords, unitWord, withUnit } from "./numbers";

describe("numbers", () => {
  it("have commas in both languages and never 万", () => {
    expect(count(1234567)).toBe("1,234,567");
    expect(count(46.94, 1)).toBe("46.9");
    expect(percent(0.1467, 2)).toBe("14.67%");
    expect(withUnit("zh", 12345, "people")).toBe("12,345人");
    expect(withUnit("en", 1, "people")).toBe("1 person");
    expect(withUnit("en", 2, "beds")).toBe("2 beds");
    expect(unitWord("zh", "tubes")).toBe("管");
  });
  it("a sum over an unknown says at least, and an unknown is not zero", () => {
    expect(sumWords([1000, null, 284])).toBe("≥ 1,284");
    expect(sumWords([1000, 284])).toBe("1,284");
    expect(sumWords([null])).toBe("≥ 0");
    expect(sumWords([])).toBe("0");
  });
  it("an interval stands as each language writes it", () => {
    expect(interval("en", 1.06, 1.31, 2)).toBe("1.06 to 1.31");
    expect(interval("zh", 4001, 67501)).toBe("4,001—67,501");
  });
  it("a forecast claims no more than two digits", () => {
    expect(rounded(5872)).toBe(5900);
    expect(rounded(67)).toBe(67);
    expect(rounded(142)).toBe(140);
    expect(rounded(0)).toBe(0);
  });
});

describe("ages", () => {
  it("are told in the unit that people would say", () => {
    expect([4, 59, 60, 3599, 3600, 86_400, 172_800].map((s) => span("en", s))).toEqual(["4 s", "59 s", "1 min", "59 min", "1 h", "24 h", "2 days"]);
    expect([4, 60, 3600, 172_800].map((s) => span("zh", s))).toEqual(["4秒", "1分钟", "1小时", "2天"]);
    expect(span("en", 39 * 3600 + 600, true)).toBe("39 h 10 min");
    expect(span("zh", 6 * 3600, true)).toBe("6小时00分");
    expect(span("en", -5)).toBe("0 s");
    expect(hours("en", 30)).toBe("30 h");
  });
  it("stand against their limit; never is not old", () => {
    expect(standing(null, 6)).toBe("never");
    expect(standing(7, 6)).toBe("late");
    expect(standing(6, 6)).toBe("in_time");
    expect(standing(600, null)).toBe("in_time");
  });
});

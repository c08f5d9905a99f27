import { describe, expect, it } from "vitest";
import { addDays, civilDays, daysBetween, daysWords, dayWords, isDay, isMoment, momentLong, momentWords } from "./dates";

describe("days", () => {
  it("are told as each language tells them", () => {
    expect(dayWords("zh", "2022-11-08")).toBe("2022年11月8日");
    expect(dayWords("en", "2022-11-08")).toBe("8 Nov 2022");
    expect(momentWords("en", "2022-11-19T00:05:00")).toBe("19 Nov 2022, 00:05");
    expect(momentLong("en", "2022-11-20T18:00")).toBe("Sun 20 Nov 2022, 18:00");
    expect(momentLong("zh", "2022-11-20T18:00")).toBe("2022年11月20日（周日）18:00");
    expect(daysWords("en", "2022-11-30", "2022-12-15")).toBe("30 Nov to 15 Dec");
    expect(daysWords("zh", "2022-11-30", "2022-12-15")).toBe("11月30日—12月15日");
    expect(daysWords("zh", "2022-11-30", "2022-11-30")).toBe("11月30日");
  });
  it("are days of the calendar", () => {
    expect(isDay("2024-02-29")).toBe(true);
    for (const bad of ["2023-02-29", "2022-13-01", "2022-1-1", "today", "", "2022-11-18T00:00"]) expect(isDay(bad), bad).toBe(false);
  });
  it("moments are checked to the minute", () => {
    expect(isMoment("2022-11-18T13:00")).toBe(true);
    for (const bad of ["2022-11-18", "2022-11-18T24:00", "2022-11-18T1:00", "2022-02-30T10:00", "2022-11-18T10:00T"]) expect(isMoment(bad), bad).toBe(false);
  });
  it("are counted over the ends of months and years", () => {
    expect(addDays("2022-12-31", 1)).toBe("2023-01-01");
    expect(addDays("2024-03-01", -1)).toBe("2024-02-29");
    expect(daysBetween("2022-11-01", "2022-12-01")).toBe(30);
    expect(civilDays("2022-11-01", "2022-11-02T12:00")).toBe(1.5);
  });
});

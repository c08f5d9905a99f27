import { describe, expect, it } from "vitest";
import { dayWords, isDay, momentWords } from "./dates";

describe("days", () => {
  it("are told as each language tells them", () => {
    expect(dayWords("zh", "2022-11-08")).toBe("2022年11月8日");
    expect(dayWords("en", "2022-11-08")).toBe("8 Nov 2022");
    expect(momentWords("en", "2022-11-19T00:05:00")).toBe("19 Nov 2022, 00:05");
  });
  it("are days of the calendar", () => {
    expect(isDay("2024-02-29")).toBe(true);
    for (const bad of ["2023-02-29", "2022-13-01", "2022-1-1", "today", "", "2022-11-18T00:00"]) expect(isDay(bad), bad).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { beds, classes, colourOf, metricsOf } from "./metrics";
import { fanOf, leaders, ordered, peakOf, sameHoursBefore, shares, shareTrend, trend } from "./reading";
import type { District, Facility, Outlook, Situation } from "./types";

const known = (value: number) => ({ value, unknown: null, told: null });
const unknown = (why: string) => ({ value: null, unknown: why, told: null });
const district = (code: string, n: number | null, rate: number | null, parts: unknown[] = []) =>
  ({ code, latest: n === null ? unknown("not_reported_for_day") : known(n), per_100k: rate === null ? unknown("population_unknown") : known(rate), incidence_7d: unknown("not_reported_for_day"), community_pct: unknown("not_reported_for_day"), last_report: null, parts }) as unknown as District;
const situation = (counts: (number | null)[], more: Record<string, unknown> = {}) =>
  ({ days: counts.map((_, nth) => `2022-11-${String(nth + 1).padStart(2, "0")}`), city: { code: "c", series: { new: counts }, shares: [] }, districts: [], facilities: [], list: null, ...more }) as unknown as Situation;

describe("the trend", () => {
  it("compares the last day that is known with the day before it", () => {
    expect(trend(situation([100, 150, null]))).toMatchObject({ kind: "rose", n: 150, day: "2022-11-02", by: 0.5 });
    expect(trend(situation([100, 60]))).toMatchObject({ kind: "fell", n: 60 });
    expect(trend(situation([4744, 4710]))).toMatchObject({ kind: "held", about: 4700 });
  });
  it("claims nothing without a day before, and nothing of nothing", () => {
    expect(trend(situation([100, null, 145])).kind).toBe("only");
    expect(trend(situation([0, 145])).kind).toBe("only");
    expect(trend(situation([null, null])).kind).toBe("unknown");
    expect(trend(situation([])).kind).toBe("unknown");
  });
});

describe("the community share", () => {
  const of = (...points: [string, number][]) => shares(situation([], { city: { code: "c", series: { new: [] }, shares: points.map(([day, percent]) => ({ place: "g", day, percent: known(percent) })) } }));
  it("falls, rises or holds", () => {
    expect(shareTrend(of(["2022-11-17", 36.2], ["2022-11-18", 20.1]), "2022-11-18").kind).toBe("falls");
    expect(shareTrend(of(["2022-11-17", 20.1], ["2022-11-18", 36.2]), "2022-11-18").kind).toBe("rises");
    expect(shareTrend(of(["2022-11-17", 20.1], ["2022-11-18", 20.6]), "2022-11-18").kind).toBe("holds");
  });
  it("of long ago says nothing of now", () => expect(shareTrend(of(["2022-11-10", 60], ["2022-11-11", 40]), "2022-11-18")).toEqual({ kind: "old", day: "2022-11-11" }));
  it("of one day has no trend", () => {
    expect(shareTrend(of(["2022-11-18", 40]), "2022-11-18").kind).toBe("unknown");
    expect(shareTrend(null, "2022-11-18").kind).toBe("unknown");
  });
});

describe("districts", () => {
  const all = situation([], { districts: [district("a", 10, 1), district("b", 223, null), district("c", 90, 9), district("d", null, null), district("e", 0, 0)] });
  const metrics = metricsOf(all, null);
  it("lead where a rate is known; most new infections may stand elsewhere", () => {
    const of = leaders(all, metrics.rate.of);
    expect(of.top.map(({ district: one }) => one.code)).toEqual(["c", "a", "e"]);
    expect(of.three.map(({ code }) => code)).toEqual(["b", "c", "a"]);
    expect(of.share).toBe(1);
  });
  it("without a figure stand last, and zero is not unknown", () => {
    expect(ordered(all, metrics.new).map(({ code }) => code)).toEqual(["b", "c", "a", "e", "d"]);
    const [zero, none] = [all.districts[4], all.districts[3]];
    if (zero === undefined || none === undefined) throw new Error("missing");
    expect(colourOf(metrics.rate, metrics.rate.of(zero), "hatch")).toBe("var(--s0)");
    expect(colourOf(metrics.rate, metrics.rate.of(none), "hatch")).toBe("hatch");
    expect(metrics.rate.of(none).why).toBe("population_unknown");
  });
  it("fall into as many classes as the legend has", () => {
    for (const metric of Object.values(metrics)) {
      const legend = classes(metric);
      expect(legend).toHaveLength(metric.limits.length + 2);
      expect(new Set(legend.map(({ colour }) => colour)).size).toBe(legend.length);
      for (const [value, nth] of [[0, 0], [(metric.limits[0] ?? 1) / 2, 1], [(metric.limits.at(-1) ?? 1) * 2, legend.length - 1]] as const)
        expect(colourOf(metric, { value, why: null, synthetic: false }, "hatch"), `${metric.id} ${value}`).toBe(legend[nth]?.colour);
    }
  });
  it("are compared with the same hours of the day before only", () => {
    const list = { from: "2022-11-20T00:00:00", to: "2022-11-20T12:00:00", full_day: false };
    const part = (from: string, to: string) => ({ period: { from, to, full_day: false }, new: 7 });
    expect(sameHoursBefore(district("a", 1, 1, [part("2022-11-19T00:00:00", "2022-11-19T12:00:00")]), list)).toBe(7);
    expect(sameHoursBefore(district("a", 1, 1, [part("2022-11-19T00:00:00", "2022-11-19T18:00:00")]), list)).toBeNull();
  });
});

it("beds that nobody reported are not zero", () => {
  const facility = (usable: number | null) => ({ area: "a", levels: [{ level: "makeshift", unit: usable === null ? null : "beds", usable, occupied: null, free: null, origin: "synthetic" }] }) as unknown as Facility;
  expect(beds([facility(100), facility(null)], "usable")).toEqual({ sum: 100, known: 1, all: 2, synthetic: true });
  expect(beds([], "usable").known).toBe(0);
});

describe("the forecast", () => {
  const outlook = (rows: number[][]) => ({ days: rows.map((_, nth) => `2022-11-${20 + nth}`), levels: [0.025, 0.25, 0.5, 0.75, 0.975], series: [{ place: "c", quantiles: rows }] }) as unknown as Outlook;
  it("peaks, falls or grows", () => {
    const of = (...medians: number[]) => fanOf(outlook(medians.map((m) => [m / 2, m - 1, m, m + 1, m * 2])), "c");
    const kind = (...medians: number[]) => ((fan) => fan && peakOf(fan))(of(...medians));
    expect(kind(1, 5, 3)).toMatchObject({ kind: "peaks", day: "2022-11-21", n: 5, high: 10 });
    expect(kind(5, 4, 3)).toMatchObject({ kind: "falls", n: 3, high: 10 });
    expect(kind(1, 2, 3)).toMatchObject({ kind: "grows", n: 3 });
  });
  it("without its bands is not drawn", () => {
    expect(fanOf({ ...outlook([[1, 2, 3, 4, 5]]), levels: [0.5] } as unknown as Outlook, "c")).toBeNull();
    expect(fanOf(outlook([]), "c")).toBeNull();
    expect(fanOf(null, "c")).toBeNull();
  });
});

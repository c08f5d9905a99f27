// What the map can show. Classes are fixed, round, and the same all day; zero is its own class; what is unknown says why and is never a class.
import { classOf } from "../../lib/scale";
import type { District, Facility, Outlook, Situation, Unknown } from "./types";

export const METRICS = ["rate", "new", "week", "share", "r", "beds", "late"] as const;
export type MetricId = (typeof METRICS)[number];

export type Reason = Unknown | "notForecast" | "noFacility";
export type Value = { value: number; why: null; synthetic: boolean } | { value: null; why: Reason; synthetic: false };

export type Metric = {
  id: MetricId;
  /** The limits between the classes above zero. */
  limits: readonly number[];
  places: number;
  of: (district: District) => Value;
  /** More is better (free beds): the scale is turned, so that dark still asks for a look. */
  turned?: boolean;
};

function known(value: number | null | undefined, why: Reason | null | undefined, synthetic = false): Value {
  return value === null || value === undefined ? { value: null, why: why ?? "never_reported", synthetic: false } : { value, why: null, synthetic };
}

/** The code of the level of care that makeshift hospitals give. */
export const MAKESHIFT = "makeshift";

/** Beds of some facilities: a sum is only known where every facility says its own. */
export function beds(facilities: readonly Facility[], what: "usable" | "occupied" | "free", level?: string): { sum: number; known: number; all: number; synthetic: boolean } {
  let sum = 0;
  let knownOnes = 0;
  let all = 0;
  let synthetic = false;
  for (const facility of facilities)
    for (const one of facility.levels) {
      if (level !== undefined && one.level !== level) continue;
      if (one.unit !== undefined && one.unit !== null && one.unit !== "beds") continue;
      all += 1;
      const value = one[what];
      if (value === null || value === undefined) continue;
      knownOnes += 1;
      sum += value;
      synthetic ||= one.origin === "synthetic";
    }
  return { sum, known: knownOnes, all, synthetic };
}

export function metricsOf(situation: Situation, outlook: Outlook | null): Record<MetricId, Metric> {
  const estimates = new Map((outlook?.series ?? []).map((one) => [one.place, one]));
  const byArea = new Map<string, Facility[]>();
  for (const facility of situation.facilities) byArea.set(facility.area, [...(byArea.get(facility.area) ?? []), facility]);
  const synthetic = (figure: { told?: { origin: string } | null | undefined }) => figure.told?.origin === "synthetic";
  return {
    rate: { id: "rate", limits: [1, 3, 10, 30], places: 1, of: (one) => known(one.per_100k.value, one.per_100k.unknown, synthetic(one.per_100k)) },
    new: { id: "new", limits: [5, 20, 100, 300], places: 0, of: (one) => known(one.latest.value, one.latest.unknown, synthetic(one.latest)) },
    week: { id: "week", limits: [5, 20, 60, 200], places: 1, of: (one) => known(one.incidence_7d.value, one.incidence_7d.unknown, synthetic(one.incidence_7d)) },
    share: { id: "share", limits: [5, 15, 30, 50], places: 1, of: (one) => known(one.community_pct.value, one.community_pct.unknown, synthetic(one.community_pct)) },
    r: { id: "r", limits: [0.8, 1, 1.2, 1.5], places: 2, of: (one) => known(estimates.get(one.code)?.reproduction?.median, "notForecast") },
    beds: {
      id: "beds",
      limits: [25, 50, 100, 300],
      places: 0,
      turned: true,
      of: (one) => {
        const free = beds(byArea.get(one.code) ?? [], "free");
        return free.known === 0 ? { value: null, why: "noFacility", synthetic: false } : known(free.sum, null, free.synthetic);
      },
    },
    late: { id: "late", limits: [6, 12, 24, 48], places: 0, of: (one) => known(one.last_report?.age_hours, "never_reported") },
  };
}

/** The colour of a value: a token of the sequential scale, or the hatch. */
export function colourOf(metric: Metric, value: Value, hatch: string): string {
  if (value.value === null) return hatch;
  const nth = metric.turned === true ? metric.limits.length + 1 - classOf(value.value, metric.limits) : classOf(value.value, metric.limits);
  return `var(--s${nth})`;
}

/** The keys of the legend, smallest class first, as figures. */
export function classes(metric: Metric): { colour: string; from: number | null; to: number | null }[] {
  const { limits } = metric;
  const keys: { from: number | null; to: number | null }[] = [{ from: 0, to: 0 }, { from: null, to: limits[0] ?? null }];
  for (let nth = 0; nth < limits.length; nth++) keys.push({ from: limits[nth] ?? null, to: limits[nth + 1] ?? null });
  const most = limits.length + 1;
  return keys.map((key, nth) => ({ ...key, colour: `var(--s${metric.turned === true ? most - nth : nth})` }));
}

// What a commander reads out of the figures: trends, leaders, what is missing. Each claim has a figure behind it, or is not made.
import { civilDays } from "../../lib/dates";
import type { Metric, Value } from "./metrics";
import type { District, Outlook, Situation } from "./types";

/** Counts that differ by less than this share hold. */
const HOLDS = 0.1;
/** Shares of the community that differ by less than this, in percentage points, hold. */
const SHARE_HOLDS = 1;

export type Trend = { kind: "rose" | "fell" | "held"; n: number; day: string; by: number; about: number } | { kind: "only"; n: number; day: string } | { kind: "unknown" };

/** The last full day that is known against the day before it. */
export function trend(situation: Situation): Trend {
  const { new: counts } = situation.city.series;
  const last = counts.findLastIndex((one) => one !== null && one !== undefined);
  const n = counts[last];
  const day = situation.days[last];
  if (n === null || n === undefined || day === undefined) return { kind: "unknown" };
  const before = counts[last - 1];
  if (before === null || before === undefined || before === 0) return { kind: "only", n, day };
  const by = n / before - 1;
  const about = round2((n + before) / 2);
  return { kind: Math.abs(by) < HOLDS ? "held" : by > 0 ? "rose" : "fell", n, day, by: Math.abs(by), about };
}

function round2(n: number): number {
  if (n < 100) return Math.round(n);
  const step = 10 ** (Math.floor(Math.log10(n)) - 1);
  return Math.round(n / step) * step;
}

export type Shares = { place: string; points: { day: string; percent: number; synthetic: boolean }[] };

/** The shares found in the community of the place that has most of them: the city, or the group that is stated together. */
export function shares(situation: Situation): Shares | null {
  const byPlace = new Map<string, Shares>();
  for (const { place, day, percent } of situation.city.shares) {
    if (percent.value === null || percent.value === undefined) continue;
    const own = byPlace.get(place) ?? { place, points: [] };
    own.points.push({ day, percent: percent.value, synthetic: percent.told?.origin === "synthetic" });
    byPlace.set(place, own);
  }
  let best: Shares | null = null;
  for (const one of byPlace.values()) if (best === null || one.points.length > best.points.length) best = one;
  best?.points.sort((a, b) => a.day.localeCompare(b.day));
  return best;
}

export type ShareTrend = { kind: "falls" | "rises" | "holds" } | { kind: "old"; day: string } | { kind: "unknown" };

/** Where the share goes. One that is more than three days older than the last count says nothing of now. */
export function shareTrend(of: Shares | null, lastDay: string | null): ShareTrend {
  const last = of?.points.at(-1);
  if (of === null || last === undefined) return { kind: "unknown" };
  if (lastDay !== null && civilDays(last.day, lastDay) > 3) return { kind: "old", day: last.day };
  const before = of.points.at(-2);
  if (before === undefined) return { kind: "unknown" };
  const by = last.percent - before.percent;
  return { kind: Math.abs(by) < SHARE_HOLDS ? "holds" : by < 0 ? "falls" : "rises" };
}

/** New infections of the same hours of the day before, by district: only where the same period was reported a day earlier. */
export function sameHoursBefore(district: District, list: Situation["list"]): number | null {
  if (!list) return null;
  const part = district.parts.find(({ period }) => shifted(period.from) === list.from && shifted(period.to) === list.to);
  return part?.new ?? null;
}

function shifted(civil: string): string {
  return new Date(Date.parse(`${civil.slice(0, 19)}Z`) + 86_400_000).toISOString().slice(0, 19);
}

export type Leaders = {
  /** Highest known values, highest first. */
  top: readonly { district: District; value: number }[];
  /** Districts with most new infections, and their share of all that are known. */
  three: readonly District[];
  share: number | null;
  known: number;
};

export function leaders(situation: Situation, of: (district: District) => Value): Leaders {
  const values = situation.districts.map((district) => ({ district, value: of(district).value }));
  const top = values.filter((one): one is { district: District; value: number } => one.value !== null).sort((a, b) => b.value - a.value);
  const counted = situation.districts.filter((one) => (one.latest.value ?? 0) > 0).sort((a, b) => (b.latest.value ?? 0) - (a.latest.value ?? 0));
  const three = counted.slice(0, 3);
  const all = counted.reduce((sum, one) => sum + (one.latest.value ?? 0), 0);
  return { top, three, share: all > 0 ? three.reduce((sum, one) => sum + (one.latest.value ?? 0), 0) / all : null, known: top.length };
}

/** Districts in the order of the table: by the figure of the map, unknown ones by their new infections among them last. */
export function ordered(situation: Situation, metric: Metric): readonly District[] {
  return [...situation.districts].sort((a, b) => {
    const byNew = (b.latest.value ?? -1) - (a.latest.value ?? -1);
    if (metric.id === "rate" || metric.id === "new") return byNew || a.code.localeCompare(b.code);
    const [x, y] = [metric.of(a).value, metric.of(b).value];
    if (x === null || y === null) return x === y ? byNew : x === null ? 1 : -1;
    return (metric.turned === true ? x - y : y - x) || byNew;
  });
}

export type Fan = { days: readonly string[]; median: number[]; low50: number[]; high50: number[]; low95: number[]; high95: number[] };

/** The city's forecast with its bands; null where the outlook has none. */
export function fanOf(outlook: Outlook | null, city: string): Fan | null {
  const own = outlook?.series.find((one) => one.place === city);
  if (outlook === null || own === undefined || own.quantiles.length === 0) return null;
  const at = (level: number) => {
    const nth = outlook.levels.findIndex((one) => Math.abs(one - level) < 1e-6);
    return own.quantiles.map((row) => row[nth] ?? Number.NaN);
  };
  const fan: Fan = { days: outlook.days.slice(0, own.quantiles.length), median: at(0.5), low50: at(0.25), high50: at(0.75), low95: at(0.025), high95: at(0.975) };
  // A median without its band is a defect: then nothing is drawn.
  return [fan.median, fan.low50, fan.high50, fan.low95, fan.high95].some((row) => row.some(Number.isNaN)) ? null : fan;
}

export type Peak = { kind: "peaks" | "falls" | "grows"; day: string; n: number; high: number };

/** What the median does, and how far its interval reaches over the days shown. */
export function peakOf(fan: Fan): Peak {
  const most = Math.max(...fan.median);
  const at = fan.median.indexOf(most);
  const last = fan.median.length - 1;
  const high = Math.max(...fan.high95);
  if (at === 0) return { kind: "falls", day: fan.days[last] ?? "", n: fan.median[last] ?? 0, high };
  if (at === last) return { kind: "grows", day: fan.days[last] ?? "", n: most, high };
  return { kind: "peaks", day: fan.days[at] ?? "", n: most, high };
}

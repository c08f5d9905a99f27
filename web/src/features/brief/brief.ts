// What the page reads of a brief's document (`levee.brief`): its sentences, its figures, and who made it when.
import type { Words } from "../../i18n/core";
import type { Message } from "../../lib/messages";

export type Sentence = { zh: string; en: string; synthetic: boolean };
/** A figure as the brief has it; one that is unknown carries its reason. */
export type Known<T> = { state: string; value?: T; reason?: Message; origin?: string; qualifier?: string };

export type Decision = { what: Message; why: Message[]; owner: Words; deadline: string | null; life_saving: boolean; origin: string };
export type OwedRow = { kind: Words; life_saving: boolean; open: Known<number>; overdue: Known<number>; oldest_hours: Known<number>; owner: Words | null };
export type DistrictRow = { place: { code: string; name: Words; full: Words }; new: Known<number>; per_100k: Known<number>; community_pct: Known<number> };

export type Brief = {
  lead: Sentence[];
  points: Sentence[];
  titles: Record<string, Sentence>;
  facts: {
    masthead: {
      city: Words;
      headquarters: Words;
      day: string;
      outbreak_started?: string;
      as_known_at: string;
      replay: boolean;
      code: string;
      engine_version: string;
    };
    city?: { days?: { day: string; new: Known<number> }[] };
    districts?: { period: { start: string; end: string } | null; rows: DistrictRow[] };
    outlook?: Known<{ city: Known<{ days: { day: string; quantiles: { level: number; value: number }[] }[] }> }>;
    owed?: Known<OwedRow[]>;
    decisions?: Decision[];
    changes?: Message[];
    contradictions?: { what: Message; touches: Message | null; touches_headline: boolean }[];
    measures?: { observed?: { id: string; starts_on: string; text: Words; place: Words; sources: string[] }[] };
    sources?: { id: string; title: Words; publisher: Words; published: string | null }[];
    synthetic_note?: Words;
  };
};

function isSentence(of: unknown): of is Sentence {
  const one = of as Sentence | null;
  return typeof one === "object" && one !== null && typeof one.zh === "string" && typeof one.en === "string";
}

/** The document as a brief; null when it is none, so that a later form of it is said to be one and not half shown. */
export function asBrief(document: unknown): Brief | null {
  const one = document as Brief | null;
  if (typeof one !== "object" || one === null) return null;
  const whole =
    Array.isArray(one.lead) && one.lead.every(isSentence) && Array.isArray(one.points) && one.points.every(isSentence) &&
    typeof one.titles === "object" && one.titles !== null && Object.values(one.titles).every(isSentence) &&
    typeof one.facts?.masthead?.day === "string";
  return whole ? one : null;
}

/** The sections' findings in the order in which the brief reads. */
const ORDER = [
  "city", "districts", "outlook", "explain", "demand", "load", "care", "orders", "plan", "shortfalls", "owed", "measures", "audit",
  "contradictions", "ages",
];

export function findings(brief: Brief): [string, Sentence][] {
  const rank = (key: string) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  return Object.entries(brief.titles).sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}

/** The districts with most new infections, and the city's sum over those that reported: least where some did not. */
export function where(brief: Brief, most = 6): { rows: DistrictRow[]; sum: number; silent: number; all: number } {
  const rows = brief.facts.districts?.rows ?? [];
  const known = rows.filter((row) => row.new.state === "known" && row.new.value !== undefined);
  const sum = known.reduce((all, row) => all + (row.new.value ?? 0), 0);
  return { rows: [...known].sort((a, b) => (b.new.value ?? 0) - (a.new.value ?? 0)).slice(0, most), sum, silent: rows.length - known.length, all: rows.length };
}

/** Reported days and the city's fan, for the chart; the fan is empty where there is none. */
export function series(brief: Brief): { reported: { day: string; n: number | null }[]; fan: { day: string; low95: number; low50: number; median: number; high50: number; high95: number }[] } {
  const reported = (brief.facts.city?.days ?? []).map(({ day, new: n }) => ({ day, n: n.state === "known" ? (n.value ?? null) : null }));
  const days = brief.facts.outlook?.value?.city.value?.days ?? [];
  const fan = days.slice(0, 14).flatMap(({ day, quantiles }) => {
    const at = (level: number) => quantiles.find((one) => Math.abs(one.level - level) < 1e-6)?.value;
    const [low95, low50, median, high50, high95] = [at(0.025), at(0.25), at(0.5), at(0.75), at(0.975)];
    return low95 === undefined || low50 === undefined || median === undefined || high50 === undefined || high95 === undefined ? [] : [{ day, low95, low50, median, high50, high95 }];
  });
  return { reported, fan };
}

/** The number of the brief: the outbreak's first day has number 1. */
export function numberOf(brief: Brief): number | null {
  const { day, outbreak_started: first } = brief.facts.masthead;
  return first === undefined ? null : Math.round((Date.parse(day) - Date.parse(first)) / 86_400_000) + 1;
}

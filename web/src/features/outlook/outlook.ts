// What the page reads of an outlook as the API tells it, and of the brief that speaks of it.
import type { Words } from "../../i18n/core";
import { addDays } from "../../lib/dates";
import type { Message } from "../../lib/messages";

export type Outlook = {
  day: string; as_known_at: string; origin: string; days: string[]; levels: number[]; engine: string; seed: number;
  series: { place: string; standing: string; quantiles: number[][] }[];
  demand?: { levels: number[]; kinds: Record<string, Record<string, number[][]>> } | null;
};

/** A day of a fan: median, 50 % and 95 %. */
export type FanDay = { day: string; low95: number; low50: number; median: number; high50: number; high95: number };

export function asOutlook(document: unknown): Outlook | null {
  const one = document as Outlook | null;
  if (typeof one !== "object" || one === null) return null;
  return Array.isArray(one.days) && Array.isArray(one.levels) && Array.isArray(one.series) ? one : null;
}

/** Where a level stands among the levels; a level that is not there is not made up. */
function at(levels: readonly number[], level: number): number {
  return levels.findIndex((one) => Math.abs(one - level) < 1e-6);
}

function days(names: readonly string[], levels: readonly number[], rows: readonly (readonly number[])[], wanted: readonly [number, number, number, number, number]): FanDay[] {
  const places = wanted.map((level) => at(levels, level));
  if (places.some((place) => place < 0)) return [];
  return rows.flatMap((row, nth) => {
    const [low95, low50, median, high50, high95] = places.map((place) => row[place]);
    const day = names[nth];
    if (day === undefined || low95 === undefined || low50 === undefined || median === undefined || high50 === undefined || high95 === undefined) return [];
    return [{ day, low95, low50, median, high50, high95 }];
  });
}

export function fan(outlook: Outlook, place: string): FanDay[] {
  const series = outlook.series.find((one) => one.place === place);
  return series === undefined ? [] : days(outlook.days, outlook.levels, series.quantiles, [0.025, 0.25, 0.5, 0.75, 0.975]);
}

/** Demand of one kind: median and the outer interval that the outlook has. Its first day is the day after the meeting. */
export type Need = { day: string; low: number; median: number; high: number };

export function need(outlook: Outlook, kind: string, place: string): Need[] {
  const levels = outlook.demand?.levels ?? [];
  const [low, mid, high] = [0, at(levels, 0.5), levels.length - 1];
  const rows = outlook.demand?.kinds[kind]?.[place] ?? [];
  if (mid < 0 || levels.length < 3) return [];
  return rows.flatMap((row, nth) => {
    const [a, b, c] = [row[low], row[mid], row[high]];
    return a === undefined || b === undefined || c === undefined ? [] : [{ day: addDays(outlook.day, nth + 1), low: a, median: b, high: c }];
  });
}

export function needInterval(outlook: Outlook): number {
  const levels = outlook.demand?.levels ?? [];
  return Math.round(((levels.at(-1) ?? 0) - (levels[0] ?? 0)) * 100);
}

export type Figure<T> = { state: string; value?: T; reason?: Message; origin?: string };
type Band = { median: number; low: number; high: number; interval_pct: number };
type Quantiles = { days: { day: string; quantiles: { level: number; value: number }[] }[] };
export type District = { place: { code: string; name: Words; full: Words }; standing: { kind: string; from?: Words }; reproduction: Figure<Band>; reported: [string, Figure<number>][]; next_7_days: Figure<Band> };
export type Spoken = {
  dataUntil: string;
  reproduction: Figure<Band>;
  coverage: Figure<{ held: number; of: number; interval_pct: number }>;
  communityEnd: Figure<Band & { day?: string }>;
  caveats: Message[];
  model: Words;
  districts: District[];
  reported: { day: string; n: number | null }[];
  record: { baseline: Words; verdicts: Message[]; lines: { of: string; ahead_from: number; ahead_to: number; scores: { forecasts: number; held50: number; held80: number; held95: number; bias: number; relative: { log: number; natural: number } | null } }[] } | null;
  past: { issued: string; days: { day: string; median: number }[] }[];
  titles: Record<string, Words & { synthetic?: boolean }>;
};

/** What the day's brief says of its outlook; null where it says nothing. */
export function spoken(brief: unknown): Spoken | null {
  const document = brief as { facts?: { outlook?: Figure<Record<string, unknown>>; city?: { days?: { day: string; new: Figure<number> }[] } }; titles?: Spoken["titles"] } | null;
  const outlook = document?.facts?.outlook;
  if (outlook?.state !== "known" || outlook.value === undefined) return null;
  const of = outlook.value as { data_until: string; reproduction: Figure<Band>; coverage: Spoken["coverage"]; community_end: Spoken["communityEnd"]; caveats?: Message[]; model: Words; districts?: District[]; record?: (NonNullable<Spoken["record"]> & { city?: { issued: string; fan: Quantiles }[] }) | null };
  const median = (fan: Quantiles) => fan.days.flatMap(({ day, quantiles }) => { const mid = quantiles.find(({ level }) => level === 0.5); return mid === undefined ? [] : [{ day, median: mid.value }]; });
  return {
    dataUntil: of.data_until, reproduction: of.reproduction, coverage: of.coverage, communityEnd: of.community_end, caveats: of.caveats ?? [], model: of.model, districts: of.districts ?? [],
    reported: (document?.facts?.city?.days ?? []).map(({ day, new: n }) => ({ day, n: n.state === "known" ? (n.value ?? null) : null })),
    record: of.record ?? null,
    past: (of.record?.city ?? []).map((one) => ({ issued: one.issued, days: median(one.fan) })),
    titles: document?.titles ?? {},
  };
}

/** Kinds of demand by what they are for, in the order in which a meeting asks. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  beds: ["beds.makeshift", "beds.general", "beds.severe", "beds.critical"],
  moves: ["transfers", "contact_transfers", "isolation_rooms", "oxygen_litres_per_minute"],
  tests: ["swabs", "tubes", "found.makeshift", "found.general"],
  staff: ["on_duty.doctors", "on_duty.nurses", "on_duty.samplers", "on_duty.tracers", "on_duty.stewards"],
};

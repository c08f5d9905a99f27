// What the page reads of a plan's document (`levee.plan/1`), and what it makes of it: orders as a commander approves them, loads, shortfalls.
import type { Words } from "../../i18n/core";

export const LEVELS = ["makeshift", "general", "severe", "critical"] as const;
export type Level = (typeof LEVELS)[number];
export const CLASSES = ["mild", "moderate", "severe", "critical"] as const;
export type Class = (typeof CLASSES)[number];

export type Reason = { code: string; people?: number; quantiles?: [number, number]; facility?: string; level?: Level; needed?: Level; given?: Level };
export type Ride = { by: "fleet" | "unconfirmed" | "dispatch"; kind?: string; trips?: number; people: number };
export type Single = {
  day: string; from: string; facility: string; level: Level; class: Class; care: string | null; people: number; minutes: number;
  rides: Ride[]; window: { from: string; until: string }; reasons: Reason[]; origin: string;
};
export type Mend = { remedy: string; facility?: string; level?: Level; care?: string; district?: string; limits?: string[]; saves_person_days?: number[] | null };
export type Short = { day: string; district: string; class: Class; care: string | null; people: number; cause: string; mends: Mend[] };
export type Load = { facility: string; level: Level; day: string; usable: number; binding: string; admitted: number; occupied: number; nearest_demand: number };
export type Tier = { tier: string; value: number; bound: number | null };
export type Pin = { pin: string; facility?: string; from?: string; district?: string; class?: string | null; level?: string; beds?: number; people?: number };
export type Opening = { facility: string; prepare_from: string; opens_on: string; beds: [Level, number][]; run_by: { kind: string; people: number }[]; reasons: { code: string; person_days?: number | number[] }[] };

export type Plan = {
  name: string;
  day: string;
  as_known_at: string;
  made: { engine: string; seed: number; inputs: string };
  gaps: { part: string; why: Words }[];
  places: { code: string; name: Words }[];
  facilities: { id: string; name: Words; district: string }[];
  transfer: {
    plan: {
      start: string; days: number; orders: Single[]; shortfalls: Short[]; loads: Load[]; tiers: Tier[]; origin: string;
      pins: { pin: Pin; refused: string | null }[];
      gaps: { facility?: string; level?: Level; cause?: string }[];
    };
  } | null;
  openings?: { plan: { openings: Opening[] } } | null;
};

/** The document as a plan; null when it has another form, so that it is said to have and not half shown. */
export function asPlan(document: unknown): Plan | null {
  const one = document as Plan | null;
  if (typeof one !== "object" || one === null) return null;
  const transfer = one.transfer?.plan;
  const whole =
    typeof one.name === "string" && typeof one.day === "string" && Array.isArray(one.facilities) && Array.isArray(one.places) &&
    (transfer === undefined || (Array.isArray(transfer.orders) && Array.isArray(transfer.loads) && Array.isArray(transfer.shortfalls)));
  return whole ? one : null;
}

/** Orders of the first day with one destination and one class: what is approved together. `id` is the name that the server knows. */
export type Proposal = { id: string; class: Class; facility: string; level: Level; people: number; orders: Single[]; from: { code: string; people: number }[]; lifeSaving: boolean; synthetic: boolean };

/** Severe and critical people are dispatched at once and wait for no approval (law 7). */
export function isLifeSaving(of: Class): boolean {
  return of === "severe" || of === "critical";
}

/** Numbered as the server numbers them: the most ill first, then by facility. */
export function proposals(plan: Plan): Proposal[] {
  const transfer = plan.transfer?.plan;
  if (transfer === undefined) return [];
  const groups = new Map<string, Single[]>();
  for (const order of transfer.orders) {
    if (order.day !== transfer.start) continue;
    const key = `${CLASSES.length - CLASSES.indexOf(order.class)} ${order.facility}`;
    groups.set(key, [...(groups.get(key) ?? []), order]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, orders], nth) => {
      const first = orders[0];
      if (first === undefined) return [];
      const from = new Map<string, number>();
      for (const order of orders) from.set(order.from, (from.get(order.from) ?? 0) + order.people);
      const places = [...from].map(([code, people]) => ({ code, people })).sort((a, b) => b.people - a.people);
      const people = orders.reduce((sum, order) => sum + order.people, 0);
      const number = `${transfer.start.slice(5, 7)}${transfer.start.slice(8, 10)}-${String(nth + 1).padStart(2, "0")}`;
      return [{ id: number, class: first.class, facility: first.facility, level: first.level, people, orders, from: places, lifeSaving: isLifeSaving(first.class), synthetic: orders.some((order) => order.origin === "synthetic") }];
    });
}

/** Why an order is as it is, each cause once, with how many districts or people it stands for. */
export type Why = { code: string; n: number; upTo?: number; care?: string; given?: Level; needed?: Level; kind?: string; trips?: number };

export function whys(proposal: Proposal): Why[] {
  const said: Why[] = [];
  const sums = new Map<string, number>();
  const places = new Map<string, Set<string>>();
  let upTo = 0;
  for (const order of proposal.orders) {
    for (const reason of order.reasons) {
      if (reason.people !== undefined) sums.set(reason.code, (sums.get(reason.code) ?? 0) + reason.people);
      else places.set(reason.code, (places.get(reason.code) ?? new Set()).add(order.from));
      if (reason.quantiles) upTo = Math.max(upTo, reason.quantiles[1]);
    }
  }
  for (const code of ["need_known", "need_forecast", "waited", "accepted", "as_issued", "pinned"]) {
    const n = sums.get(code) ?? 0;
    if (n > 0) said.push(code === "need_forecast" ? { code, n, upTo } : { code, n });
  }
  for (const code of ["nearest", "nearer_full", "nearer_left_to_others", "nearer_unknown", "nearer_not_accepted", "nearer_not_open", "nearer_forbidden", "nearer_pinned", "lane_estimated"]) {
    const n = places.get(code)?.size ?? 0;
    if (n > 0) said.push({ code, n });
  }
  const upgrade = proposal.orders.flatMap((order) => order.reasons).find((reason) => reason.code === "upgraded");
  if (upgrade?.given && upgrade.needed) said.push({ code: "upgraded", n: 1, given: upgrade.given, needed: upgrade.needed });
  return said;
}

/** One kind of bed in one facility, over the plan's days. `wanted` is what would be in use if everybody came whose nearest it is. */
export type Series = { facility: string; level: Level; binding: string; days: { day: string; usable: number; occupied: number; wanted: number }[] };

export function series(plan: Plan): Series[] {
  const all = new Map<string, Series>();
  for (const load of plan.transfer?.plan.loads ?? []) {
    const key = `${load.facility} ${load.level}`;
    const one = all.get(key) ?? { facility: load.facility, level: load.level, binding: load.binding, days: [] };
    one.days.push({ day: load.day, usable: load.usable, occupied: load.occupied, wanted: load.occupied - load.admitted + load.nearest_demand });
    all.set(key, one);
  }
  const most = (one: Series) => Math.max(0, ...one.days.map((day) => day.usable));
  return [...all.values()].sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || most(b) - most(a));
}

/** Who has no bed at the end of the plan's last day, by class and by the service that they need; the most ill first. */
export type Missing = { class: Class; care: string | null; people: number; first: string; last: string; causes: { cause: string; people: number }[]; places: { code: string; people: number }[]; mends: Mend[] };

export function missing(plan: Plan): Missing[] {
  const shortfalls = plan.transfer?.plan.shortfalls ?? [];
  const last = shortfalls.reduce((day, short) => (short.day > day ? short.day : day), "");
  const groups = new Map<string, Short[]>();
  for (const short of shortfalls) {
    const key = `${short.class} ${short.care ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), short]);
  }
  const found: Missing[] = [];
  for (const group of groups.values()) {
    const one = group[0];
    const newest = group.filter((short) => short.day === last);
    if (one === undefined) continue;
    const first = group.reduce((day, short) => (short.day < day ? short.day : day), one.day);
    const end = group.reduce((day, short) => (short.day > day ? short.day : day), one.day);
    const of = newest.length > 0 ? newest : group.filter((short) => short.day === end);
    const sum = <K extends string>(name: (short: Short) => K) => {
      const by = new Map<K, number>();
      for (const short of of) by.set(name(short), (by.get(name(short)) ?? 0) + short.people);
      return [...by].sort(([, a], [, b]) => b - a);
    };
    const mends = new Map<string, Mend>();
    for (const short of of) for (const mend of short.mends) mends.set([mend.remedy, mend.facility, mend.level, mend.care, mend.district].join(" "), mend);
    found.push({
      class: one.class, care: one.care, first, last: end, people: of.reduce((people, short) => people + short.people, 0),
      causes: sum((short) => short.cause).map(([cause, people]) => ({ cause, people })),
      places: sum((short) => short.district).map(([code, people]) => ({ code, people })),
      mends: [...mends.values()].sort((a, b) => saved(b) - saved(a)).slice(0, 3),
    });
  }
  return found.sort((a, b) => CLASSES.indexOf(b.class) - CLASSES.indexOf(a.class) || b.people - a.people);
}

/** Person-days of waiting that a remedy saves, over its tiers. */
export function saved(mend: Mend): number {
  return mend.saves_person_days?.reduce((sum, days) => sum + days, 0) ?? 0;
}

/** Demand for a kind of bed in the city against what is usable, from the day's brief. */
export type Demand = { name: Words; binding: string | null; days: { day: string; median: number | null; low: number | null; high: number | null; interval: number | null; usable: number | null }[] };

type Figure<T> = { state: string; value?: T };
type BriefLoad = { levels: { name: Words; binding: Figure<string>; days: { day: string; demand: Figure<{ median: number; low: number; high: number; interval_pct: number }>; usable: Figure<number> }[] }[] };

export function demands(brief: unknown): Demand[] {
  const load = (brief as { facts?: { load?: Figure<BriefLoad> } } | null)?.facts?.load;
  if (load?.state !== "known" || !Array.isArray(load.value?.levels)) return [];
  return load.value.levels.map((level) => ({
    name: level.name,
    binding: level.binding.state === "known" ? (level.binding.value ?? null) : null,
    days: level.days.map(({ day, demand, usable }) => ({
      day, median: demand.value?.median ?? null, low: demand.value?.low ?? null, high: demand.value?.high ?? null, interval: demand.value?.interval_pct ?? null, usable: usable.value ?? null,
    })),
  }));
}

/** The first day on which the median passes what is usable, and the most that is missing then or later. */
export function fallsShort(demand: Demand): { from: string; most: number } | null {
  let from: string | null = null;
  let most = 0;
  for (const { day, median, usable } of demand.days) {
    if (median === null || usable === null || median <= usable) continue;
    from ??= day;
    most = Math.max(most, Math.ceil(median - usable));
  }
  return from === null ? null : { from, most };
}

/** What a section lead asks of the next plan, as the API takes it: tables by name. */
export type Draft =
  | { kind: "forbid"; from: string; facility: string; class: Class | "" }
  | { kind: "cap"; facility: string; level: Level; beds: number }
  | { kind: "assign"; day: string; from: string; class: Class; facility: string; people: number }
  | { kind: "priority"; district: string; class: Class };

export function asPins(drafts: readonly Draft[]): Record<string, Record<string, unknown>[]> {
  const tables: Record<string, Record<string, unknown>[]> = {};
  for (const { kind, ...rest } of drafts) {
    const row = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ""));
    tables[kind] = [...(tables[kind] ?? []), row];
  }
  return tables;
}

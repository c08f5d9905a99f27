// What is owed, put in order and counted: pure, so that a test can hold it to the rules.
import type { Schemas } from "../../api/client";

export type Item = Schemas["Owed"];
export type KindSum = { kind: string; units: number; late_units: number };

/** Kinds on which a life hangs within hours. The API does not say it yet; the list is the life-saving kinds of the catalogue. */
const URGENT = new Set(["urgent_care_dispatch", "urgent_care_ack", "crisis_response", "level_upgrade", "exit_unblock", "dialysis_slot", "chemotherapy_slot", "birth_care"]);

export function isUrgent(kind: string): boolean {
  return URGENT.has(kind);
}

/** How long past its time, in seconds; negative: so long is left. */
export function lateBy(item: Item, at: string): number {
  return (Date.parse(at) - Date.parse(item.due)) / 1000;
}

/** Late: life first, then the longest overdue; then what is due, life first. */
export function inOrder(items: readonly Item[], at: string): Item[] {
  const rank = (item: Item) => (lateBy(item, at) > 0 ? 0 : 2) + (isUrgent(item.kind) ? 0 : 1);
  return [...items].sort((a, b) => rank(a) - rank(b) || Date.parse(a.due) - Date.parse(b.due) || (a.obligation < b.obligation ? -1 : 1));
}

/** Sums by place and kind of a list that is whole. `places` are the areas within; what lies in none of them is `self`'s. */
export function tally(items: readonly Item[], self: string, places: readonly string[], at: string): Map<string, KindSum[]> {
  const within = new Set(places);
  const sums = new Map<string, Map<string, KindSum>>();
  for (const item of items) {
    const place = item.path.split("/").find((code) => within.has(code)) ?? self;
    const kinds = sums.get(place) ?? new Map<string, KindSum>();
    sums.set(place, kinds);
    const sum = kinds.get(item.kind) ?? { kind: item.kind, units: 0, late_units: 0 };
    kinds.set(item.kind, sum);
    sum.units += item.units;
    if (lateBy(item, at) > 0) sum.late_units += item.units;
  }
  return new Map([...sums].map(([place, kinds]) => [place, [...kinds.values()]]));
}

/** What the whole owes beyond its parts: what is the city's own. */
export function rest(whole: readonly KindSum[], parts: readonly (readonly KindSum[])[]): KindSum[] {
  return whole
    .map(({ kind, units, late_units }) => {
      const same = parts.flatMap((part) => part.filter((one) => one.kind === kind));
      return { kind, units: units - same.reduce((sum, one) => sum + one.units, 0), late_units: late_units - same.reduce((sum, one) => sum + one.late_units, 0) };
    })
    .filter((one) => one.units > 0);
}

export type Shown = { columns: { id: string; kinds: readonly string[] }[]; rows: { id: string; cells: number[] }[]; without: number };

/** So many kinds have a column of their own; the others share the last one. */
const COLUMNS = 8;

/** The matrix: columns by what is late, life first; rows the same. Places that owe nothing are only counted. */
export function board(places: ReadonlyMap<string, readonly KindSum[]>, all: readonly string[], late: boolean): Shown {
  const of = (sum: KindSum) => (late ? sum.late_units : sum.units);
  const byKind = new Map<string, number>();
  for (const kinds of places.values()) for (const sum of kinds) byKind.set(sum.kind, (byKind.get(sum.kind) ?? 0) + of(sum));
  const ranked = [...byKind].sort(([a, x], [b, y]) => Number(isUrgent(b)) - Number(isUrgent(a)) || y - x || (a < b ? -1 : 1)).map(([kind]) => kind);
  const own = ranked.length > COLUMNS ? ranked.slice(0, COLUMNS - 1) : ranked;
  const columns = own.map((kind) => ({ id: kind, kinds: [kind] as readonly string[] }));
  if (ranked.length > own.length) columns.push({ id: "other", kinds: ranked.slice(own.length) });
  const rows = [...places]
    .filter(([, kinds]) => kinds.some((sum) => sum.units > 0))
    .map(([id, kinds]) => ({ id, cells: columns.map((column) => kinds.filter((sum) => column.kinds.includes(sum.kind)).reduce((sum, one) => sum + of(one), 0)) }));
  const urgent = columns.map((column) => column.kinds.every(isUrgent));
  const weight = (cells: readonly number[], only: boolean) => cells.reduce((sum, n, nth) => sum + (only && !urgent[nth] ? 0 : n), 0);
  rows.sort((a, b) => weight(b.cells, true) - weight(a.cells, true) || weight(b.cells, false) - weight(a.cells, false) || (a.id < b.id ? -1 : 1));
  return { columns, rows, without: all.filter((code) => !rows.some((row) => row.id === code)).length };
}

/** What stands at a post: how much is open and late, and the oldest. */
export function byOwner(items: readonly Item[], at: string): { owner: string | null; items: number; late: number; oldest: Item | null }[] {
  const owners = new Map<string | null, { owner: string | null; items: number; late: number; oldest: Item | null }>();
  for (const item of items) {
    const owner = item.owner ?? null;
    const row = owners.get(owner) ?? { owner, items: 0, late: 0, oldest: null };
    owners.set(owner, row);
    row.items += 1;
    if (lateBy(item, at) > 0) row.late += 1;
    if (row.oldest === null || item.due < row.oldest.due) row.oldest = item;
  }
  // Nobody comes first: that has to be mended.
  return [...owners.values()].sort((a, b) => Number(b.owner === null) - Number(a.owner === null) || b.late - a.late || b.items - a.items);
}

/** The states that units of an obligation are in, in the order of the ledger's document. */
export const STATES = ["opened", "assigned", "in_progress", "met", "waived", "expired", "voided", "transferred", "named"] as const;

export type Obligation = {
  id: string;
  kind: string;
  path: string;
  opened_at: string;
  due: string;
  section: string;
  priority: number;
  synthetic: boolean;
  fields: Record<string, Record<string, unknown>>;
  split: number[];
  owner?: string;
  subject?: string;
  version: number;
  ground?: string;
  posted: string;
};

/** The document of an obligation, or null when it has another form than this page knows. */
export function asObligation(document: unknown): Obligation | null {
  const one = document as Obligation | null;
  const whole = typeof one === "object" && one !== null && typeof one.id === "string" && typeof one.kind === "string" && typeof one.path === "string" && Array.isArray(one.split) && one.split.length === STATES.length;
  return whole ? one : null;
}

/** Units that are still owed. */
export function owedOf(one: Obligation): number {
  return (one.split[0] ?? 0) + (one.split[1] ?? 0) + (one.split[2] ?? 0);
}

/** A field's value as it is written: `{ "text": "x" }` holds x. */
export function fieldText(value: Record<string, unknown>): string {
  const inner = Object.values(value)[0];
  return typeof inner === "string" || typeof inner === "number" || typeof inner === "boolean" ? String(inner).replace("T", " ") : JSON.stringify(inner);
}

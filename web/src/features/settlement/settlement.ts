// The statement of a day: law 2's equation for every account, and what is late. Pure.
export const FLOWS = ["opened", "transferred_in", "corrected", "met", "waived", "expired", "voided", "transferred_out"] as const;
/** So many of the flows come in; the others go out. */
const IN = 3;

export type Line = { path: string; kind: string; carried_in: number; flows: number[]; carried_out: number };
export type Arrear = { obligation: string; kind: string; path: string; section: string; units: number; due: string; reason: string | null; owner: string | null };
export type Statement = {
  schema: string;
  city: string;
  scope: string;
  books: string[];
  day: string;
  ends: string;
  previous_seal: string | null;
  lines: Line[];
  arrears: Arrear[];
};
export type Stands = { sealed: boolean; seal: string | null; statement: Statement };

/** The document as a statement; null when it has another form than this page knows. */
export function asStatement(document: unknown): Stands | null {
  const one = document as Stands | null;
  const whole =
    typeof one === "object" && one !== null && typeof one.sealed === "boolean" && one.statement?.schema === "levee.statement/1" &&
    Array.isArray(one.statement.lines) && one.statement.lines.every((line) => Array.isArray(line.flows) && line.flows.length === FLOWS.length) && Array.isArray(one.statement.arrears);
  return whole ? one : null;
}

export function unexplained(statement: Statement): Arrear[] {
  return statement.arrears.filter((arrear) => arrear.reason === null || arrear.owner === null);
}

export type Sum = { carried_in: number; flows: number[]; carried_out: number };

export function sumOf(lines: readonly Line[]): Sum {
  const sum: Sum = { carried_in: 0, flows: FLOWS.map(() => 0), carried_out: 0 };
  for (const line of lines) {
    sum.carried_in += line.carried_in;
    sum.carried_out += line.carried_out;
    for (const [nth, units] of line.flows.entries()) sum.flows[nth] = (sum.flows[nth] ?? 0) + units;
  }
  return sum;
}

export function came(sum: Sum): number {
  return sum.flows.slice(0, IN).reduce((all, units) => all + units, 0);
}

export function went(sum: Sum): number {
  return sum.flows.slice(IN).reduce((all, units) => all + units, 0);
}

/** carried in + what came − what went − carried out: anything but 0 breaks law 2. */
export function difference(sum: Sum): number {
  return sum.carried_in + came(sum) - went(sum) - sum.carried_out;
}

export type Group = Sum & { key: string; lines: number };

/** Lines together by what a function names, the largest first. */
export function grouped(lines: readonly Line[], by: (line: Line) => string): Group[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = by(line);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups].map(([key, of]) => ({ key, lines: of.length, ...sumOf(of) })).sort((a, b) => b.carried_in + came(b) - a.carried_in - came(a) || (a.key < b.key ? -1 : 1));
}

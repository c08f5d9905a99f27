// Restrictions as the server tells them, and how their life is drawn. Pure.
import type { Words } from "../../i18n/core";

export type Phase = "draft" | "assessed" | "gated" | "live" | "suspended" | "ended" | "lapsed";
export type Way = { way: string; kind: "exit" | "fire_lane"; inspected: { at: string; by: string; open: boolean } | null };
export type Promised = { service: string; provider: string; reserved: number; vehicle: string | null; from: string; to: string };
export type Appeal = { appeal: string; opened: string; due: string; late: boolean; decided: { at: string; by: string; upheld: boolean } | null };
export type Measure = {
  measure: string;
  phase: Phase;
  binds: boolean;
  scope: "area" | "person";
  area: string | null;
  within: string | null;
  place: Words | null;
  what: Words | null;
  why: Words | null;
  rule: string;
  clause: string;
  evidence: { report: string; occurred: string }[];
  decided_by: string;
  start: string;
  review: string;
  end: string;
  over_at: string | null;
  suspended: { why: string; way: string | null } | null;
  override_until: string | null;
  override_used: boolean;
  review_open: boolean;
  persons: number | null;
  households: number | null;
  services: Promised[];
  ways: Way[];
  notice: { at: string; how: string } | null;
  appeal_channel: string | null;
  assessment: { verdict: string; gates_open: boolean; effect: unknown; persons: number; person_days: number; alternative: Words | null } | null;
  judged: { book: string; day: string; rules: string[]; shut: [string, string][]; duties: unknown[] } | null;
  freed_households: number;
  appeals: Appeal[];
  obligations: { owed: number; all: number };
  steps: { at: string; what: string }[];
};

/** The document as a restriction, or null when it has another form than this page knows. */
export function asMeasure(document: unknown): Measure | null {
  const one = document as Measure | null;
  const whole = typeof one === "object" && one !== null && typeof one.measure === "string" && typeof one.phase === "string" && typeof one.start === "string" && typeof one.end === "string" && Array.isArray(one.services) && Array.isArray(one.ways) && Array.isArray(one.steps) && Array.isArray(one.appeals);
  return whole ? one : null;
}

export function asMeasures(documents: unknown): Measure[] | null {
  if (!Array.isArray(documents)) return null;
  const all = documents.map(asMeasure);
  return all.every((one) => one !== null) ? all : null;
}

export function isOver(one: Measure): boolean {
  return one.phase === "ended" || one.phase === "lapsed";
}

/** It binds although its end has passed. */
export function pastEnd(one: Measure, now: number): boolean {
  return one.binds && now > Date.parse(one.end);
}

/** How a stretch of a life is drawn. */
export type Look = "live" | "suspended" | "past_end" | "approved" | "draft";
export type Bar = { look: Look; from: number; to: number };

/**
 * The bars of a restriction: what it was in force, what it was suspended, what it was kept past its end (up to now and no further), and what
 * is planned of it, outlined.
 */
export function bars(one: Measure, now: number): Bar[] {
  const made: Bar[] = [];
  const end = Date.parse(one.end);
  const add = (look: Look, from: number, to: number) => {
    if (to > from) made.push({ look, from, to });
  };
  const inForce = (from: number, to: number) => {
    add("live", from, Math.min(to, end));
    add("past_end", Math.max(from, end), to);
  };
  const steps = one.steps.filter((step) => ["live", "suspended", "ended", "lapsed"].includes(step.what)).map((step) => ({ what: step.what, at: Date.parse(step.at) })).sort((a, b) => a.at - b.at);
  let state: { what: "live" | "suspended"; at: number } | null = null;
  for (const step of steps) {
    if (step.at > now) break;
    if (state !== null) {
      if (state.what === "live") inForce(state.at, step.at);
      else add("suspended", state.at, Math.min(step.at, Math.max(end, state.at)));
    }
    state = step.what === "live" || step.what === "suspended" ? { what: step.what, at: step.at } : null;
  }
  if (state !== null) {
    if (state.what === "live") {
      inForce(state.at, now);
      add("live", Math.max(now, state.at), end);
    } else add("suspended", state.at, Math.max(end, state.at));
  } else if (!isOver(one)) add(one.phase === "gated" ? "approved" : "draft", Date.parse(one.start), end);
  // What goes on from now is drawn in one piece with what was.
  return made.reduce<Bar[]>((joined, bar) => {
    const last = joined.at(-1);
    if (last !== undefined && last.look === bar.look && last.to === bar.from) last.to = bar.to;
    else joined.push({ ...bar });
    return joined;
  }, []);
}

export type Line = { key: "counted" | "weighed" | "food" | "exits" | "notice" | "appeal" | "gate"; ok: boolean | null; n?: number; of?: number };

/** What a gate looks at and the document already shows. Whether each suffices the gate itself says. */
export function lines(one: Measure): Line[] {
  const open = one.ways.filter((way) => way.inspected?.open === true).length;
  return [
    { key: "counted", ok: one.persons === null ? null : true, ...(one.persons === null ? {} : { n: one.persons }) },
    { key: "weighed", ok: one.assessment === null ? false : true },
    { key: "food", ok: one.services.length === 0 ? false : ["gated", "live"].includes(one.phase) ? true : null, n: one.services.length },
    { key: "exits", ok: one.ways.some((way) => way.inspected?.open === false) ? false : one.ways.length > 0 && open === one.ways.length, n: open, of: one.ways.length },
    { key: "notice", ok: one.notice !== null },
    { key: "appeal", ok: one.appeal_channel !== null },
  ];
}

/** What the gate said: each lack with what mends it. The server tells both lists in the same order, parted by semicolons. */
export function lacks(detail: string, hint: string | null | undefined): { lack: string; mend: string | null }[] {
  const list = detail.replace(/^the gate of \S+ is shut: /, "").split("; ");
  // The mend of a missing notice has a semicolon of its own.
  const mends = (hint ?? "").replace("; hand it to the person it holds", ", or hand it to the person it holds").split("; ");
  const paired = mends.length === list.length;
  return list.map((lack, nth) => ({ lack, mend: paired ? (mends[nth] ?? null) : null }));
}

/** A lack as its parts, to be said in either language; null where it is another one. */
export function lackOf(lack: string): { what: "service"; service: string; have: number; need: number } | { what: "way"; kind: "exit" | "fire_lane"; way: string } | { what: "notice" } | null {
  const service = /^(\w+): (\d+) of (\d+) reserved from start to end$/.exec(lack);
  if (service !== null) return { what: "service", service: service[1] ?? "", have: Number(service[2]), need: Number(service[3]) };
  const way = /^(exit|fire lane) `(.+)` was not inspected$/.exec(lack);
  if (way !== null) return { what: "way", kind: way[1] === "exit" ? "exit" : "fire_lane", way: way[2] ?? "" };
  return lack === "no notice was given" ? { what: "notice" } : null;
}

export type Todo = "count" | "assess" | "reserve" | "inspect" | "notice" | "gate" | "override" | "activate" | "complete" | "suspend" | "renew" | "review" | "end" | "report" | "appeal" | "decide";

/** Which steps a phase takes; the others say why not. The state machine itself is the server's. */
const TAKES: Readonly<Record<Phase, readonly Todo[]>> = {
  draft: ["count", "assess", "reserve", "inspect", "notice", "end"],
  assessed: ["count", "assess", "reserve", "inspect", "notice", "gate", "override", "end"],
  gated: ["assess", "reserve", "inspect", "notice", "activate", "end"],
  live: ["reserve", "inspect", "notice", "complete", "review", "renew", "suspend", "report", "appeal", "end"],
  suspended: ["reserve", "inspect", "notice", "activate", "report", "appeal", "end"],
  ended: ["appeal"],
  lapsed: ["appeal"],
};

export function takes(phase: Phase, todo: Todo): boolean {
  return TAKES[phase]?.includes(todo) ?? false;
}

/** The step that comes next in a life. */
export function next(phase: Phase): Todo | null {
  return ({ draft: "assess", assessed: "gate", gated: "activate", live: "review", suspended: "activate", ended: null, lapsed: null } as const)[phase] ?? null;
}

// Sentences about a plan, in the chosen language.
import { f, locale, sayer } from "../../state/locale.svelte";
import { saved, type Draft, type Mend, type Pin, type Plan, type Proposal, type Why } from "./plan";
import { binds, cares, causes, classes, levels, levelsShort, mends, reasons, rides, words } from "./words";

const t = sayer(words);
const why = sayer(reasons);
const remedy = sayer(mends);

function of(names: Readonly<Record<string, { zh: string; en: string }>>, code: string | undefined | null): string {
  return code === undefined || code === null ? "" : locale.pick(names[code]) || code;
}

export const say = {
  level: (code: string | undefined | null) => of(levels, code),
  levelShort: (code: string | undefined | null) => of(levelsShort, code),
  class: (code: string | undefined | null) => of(classes, code),
  bind: (code: string | undefined | null) => of(binds, code),
  care: (code: string | undefined | null) => of(cares, code),
  ride: (code: string | undefined | null) => of(rides, code),
  cause: (code: string | undefined | null) => of(causes, code),
};

/** The heading carries the mark of synthetic rows; the name need not say it again. */
export function plain(name: string): string {
  return name.replace(/\s*[（(](模拟|synthetic)[）)]$/, "").replace(/[，,]\s*(?:模拟|synthetic)([）)])$/, "$1");
}

export type Naming = { place: (code: string) => string; facility: (id: string) => string };

/** Names as the plan itself carries them: a plan of another day is read with the names of its day. */
export function naming(plan: Plan): Naming {
  const places = new Map(plan.places.map((place) => [place.code, place.name]));
  const facilities = new Map(plan.facilities.map((facility) => [facility.id, facility.name]));
  return { place: (code) => locale.pick(places.get(code)) || code, facility: (id) => plain(locale.pick(facilities.get(id))) || id };
}

export function inWords(one: Why): string {
  switch (one.code) {
    case "need_forecast":
      return why("need_forecast", { n: one.n, upTo: Math.round((one.upTo ?? 0) * 100) });
    case "upgraded":
      return why("upgraded", { needed: say.level(one.needed), given: say.level(one.given) });
    default:
      return one.code in reasons ? why(one.code as Exclude<keyof typeof reasons, "need_forecast" | "upgraded">, { n: one.n }) : one.code;
  }
}

export function headline(one: Proposal, names: Naming): string {
  return t("move", { people: f.count(one.people), class: say.class(one.class), to: names.facility(one.facility) });
}

export function origins(one: Proposal, names: Naming, most = 4): string {
  const shown = one.from.slice(0, most).map(({ code, people }) => t("placeN", { place: names.place(code), n: f.count(people) }));
  const rest = one.from.slice(most);
  const others = rest.length === 0 ? [] : [t("otherPlaces", { n: rest.length, people: f.count(rest.reduce((sum, { people }) => sum + people, 0)) })];
  return [...shown, ...others].join(locale.lang === "zh" ? "、" : ", ");
}

export function mended(mend: Mend, names: Naming): string {
  const slots: Record<string, string> = {
    facility: mend.facility === undefined ? "" : names.facility(mend.facility),
    district: mend.district === undefined ? "" : names.place(mend.district),
    level: say.level(mend.level),
    care: say.care(mend.care),
    limits: (mend.limits ?? []).map((limit) => say.bind(limit)).join(locale.lang === "zh" ? "、" : ", "),
  };
  const text = mend.remedy in mends ? (remedy as (key: string, slots: Record<string, string>) => string)(mend.remedy, slots) : mend.remedy;
  const days = saved(mend);
  return days > 0 ? t("saves", { what: text, n: f.count(days) }) : text;
}

export function pinned(pin: Pin, names: Naming): string {
  const to = pin.facility === undefined ? "" : names.facility(pin.facility);
  const from = names.place(pin.from ?? pin.district ?? "");
  const who = pin.class ? say.class(pin.class) : t("anybody");
  switch (pin.pin) {
    case "forbid":
      return t("pinForbid", { from, to, class: who });
    case "cap":
      return t("pinCap", { to, level: say.level(pin.level), n: pin.beds ?? 0 });
    case "assign":
      return t("pinAssign", { day: "", from, to, class: who, n: pin.people ?? 0 });
    case "priority":
      return t("pinPriority", { from, class: who });
    default:
      return pin.pin;
  }
}

export function drafted(draft: Draft, names: Naming): string {
  switch (draft.kind) {
    case "forbid":
      return t("pinForbid", { from: names.place(draft.from), to: names.facility(draft.facility), class: draft.class === "" ? t("anybody") : say.class(draft.class) });
    case "cap":
      return t("pinCap", { to: names.facility(draft.facility), level: say.level(draft.level), n: draft.beds });
    case "assign":
      return t("pinAssign", { day: f.dayShort(draft.day), from: names.place(draft.from), to: names.facility(draft.facility), class: say.class(draft.class), n: draft.people });
    case "priority":
      return t("pinPriority", { from: names.place(draft.district), class: say.class(draft.class) });
  }
}

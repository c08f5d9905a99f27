// The language and the look that this person chose, and everything that is written in it.
import { fill, firstLang, type Catalogue, type Filling, type Lang, type Words } from "../i18n/core";
import * as ages from "../lib/ages";
import * as dates from "../lib/dates";
import * as numbers from "../lib/numbers";

export type Theme = "auto" | "light" | "dark";

const KEPT_LANG = "levee.lang";
const KEPT_THEME = "levee.theme";

/** A browser may refuse to keep anything; then a choice holds until the page is closed. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Not kept, and nothing depends on it.
  }
}

class Locale {
  lang: Lang = $state(firstLang(new URLSearchParams(location.search).get("lang"), kept(KEPT_LANG), navigator.language));
  theme: Theme = $state(((chosen) => (chosen === "light" || chosen === "dark" ? chosen : "auto"))(kept(KEPT_THEME)));
  #system = $state(matchMedia("(prefers-color-scheme: dark)").matches);
  collator = $derived(new Intl.Collator(this.lang === "zh" ? "zh-CN" : "en"));
  /** Pixels of one rem: 13, 14 on a large screen, 16 on a phone, 24 on a wall. What is drawn in pixels is drawn in these. */
  rem = $state(Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 13);
  /** Pixels of the text in charts, as the style sheet has it. */
  axis = $derived(this.rem * (this.lang === "zh" ? 0.923 : 0.846));
  dark = $derived(this.theme === "auto" ? this.#system : this.theme === "dark");

  constructor() {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => (this.#system = event.matches));
    addEventListener("resize", () => (this.rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 13));
  }

  choose(lang: Lang) {
    this.lang = lang;
    keep(KEPT_LANG, lang);
  }

  look(theme: Theme) {
    this.theme = theme;
    keep(KEPT_THEME, theme);
  }

  /** Words that come in both languages, from the server or a catalogue. */
  pick(words: Words | null | undefined): string {
    return words?.[this.lang] ?? "";
  }

  /** A name that comes as two fields, such as `short_zh` and `short_en`. */
  name(zh: string, en: string): string {
    return this.lang === "zh" ? zh : en;
  }
}

export const locale = new Locale();

/** Says the words of a catalogue in the chosen language: `const t = sayer(words)`, `t("rows", { n })`. Changes with the language. */
export function sayer<const C extends Catalogue>(words: C) {
  return <K extends keyof C & string>(key: K, ...filling: Filling<C[K]>): string => {
    const one = words[key] as Words;
    return fill(one[locale.lang], filling[0] as Record<string, string | number> | undefined);
  };
}

/** Dates, figures and ages in the chosen language. */
export const f = {
  day: (day: string) => dates.dayWords(locale.lang, day),
  dayShort: (day: string) => dates.dayShort(locale.lang, day),
  days: (from: string, to: string) => dates.daysWords(locale.lang, from, to),
  moment: (civil: string) => dates.momentWords(locale.lang, civil),
  momentShort: (civil: string) => dates.momentShort(locale.lang, civil),
  momentLong: (civil: string) => dates.momentLong(locale.lang, civil),
  clock: (civil: string) => civil.slice(11, 16),
  count: numbers.count,
  percent: numbers.percent,
  sum: numbers.sumWords,
  interval: (low: number, high: number, places = 0) => numbers.interval(locale.lang, low, high, places),
  unit: (unit: numbers.Unit, n = 2) => numbers.unitWord(locale.lang, unit, n),
  withUnit: (n: number, unit: numbers.Unit) => numbers.withUnit(locale.lang, n, unit),
  hours: (age: number) => ages.hours(locale.lang, age),
  span: (seconds: number, exact = false) => ages.span(locale.lang, seconds, exact),
};

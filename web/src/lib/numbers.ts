// Figures as people read them: thousands by comma in both languages, never 万; what is unknown is never written as a number.
import type { Lang } from "../i18n/core";

/** 4,710; with places, 46.9. */
export function count(n: number, places = 0): string {
  return n.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** 14.67% from 0.1467. Without a space in both languages. */
export function percent(share: number, places = 0): string {
  return `${count(share * 100, places)}%`;
}

/** A sum over parts of which some are unknown: the sum of the known ones, and whether it is only a least. */
export function sumKnown(parts: readonly (number | null | undefined)[]): { sum: number; least: boolean } {
  let sum = 0;
  let least = false;
  for (const part of parts) {
    if (part === null || part === undefined) least = true;
    else sum += part;
  }
  return { sum, least };
}

/** `≥ 1,284` when something in it is unknown. */
export function sumWords(parts: readonly (number | null | undefined)[]): string {
  const { sum, least } = sumKnown(parts);
  return least ? `≥ ${count(sum)}` : count(sum);
}

/** An interval: `1.06 to 1.31`, `1.06—1.31`. */
export function interval(lang: Lang, low: number, high: number, places = 0): string {
  return `${count(low, places)}${lang === "zh" ? "—" : " to "}${count(high, places)}`;
}

/** A forecast's figure, no more exact than it is: two significant digits above 100, whole below. */
export function rounded(n: number): number {
  if (Math.abs(n) < 100) return Math.round(n);
  const step = 10 ** (Math.floor(Math.log10(Math.abs(n))) - 1);
  return Math.round(n / step) * step;
}

/** The unit of what is counted, in Chinese a measure word. English is empty where the noun stands in the label. */
export type Unit = "people" | "infections" | "obligations" | "tubes" | "beds" | "rooms" | "orders" | "households" | "reports";
const UNITS: Record<Unit, { zh: string; en: [one: string, many: string] }> = {
  people: { zh: "人", en: ["person", "people"] },
  infections: { zh: "例", en: ["infection", "infections"] },
  obligations: { zh: "项", en: ["obligation", "obligations"] },
  tubes: { zh: "管", en: ["tube", "tubes"] },
  beds: { zh: "张", en: ["bed", "beds"] },
  rooms: { zh: "间", en: ["room", "rooms"] },
  orders: { zh: "条", en: ["order", "orders"] },
  households: { zh: "户", en: ["household", "households"] },
  reports: { zh: "份", en: ["report", "reports"] },
};

export function unitWord(lang: Lang, unit: Unit, n = 2): string {
  return lang === "zh" ? UNITS[unit].zh : UNITS[unit].en[n === 1 ? 0 : 1];
}

/** 18 people; 18人. */
export function withUnit(lang: Lang, n: number, unit: Unit): string {
  return lang === "zh" ? `${count(n)}${unitWord(lang, unit)}` : `${count(n)} ${unitWord(lang, unit, n)}`;
}

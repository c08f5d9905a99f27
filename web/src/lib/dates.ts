// Civil days and times as people read them. Days stay text: a day is no moment, and a browser's clock has no say in it.
import type { Lang } from "./words";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A civil day such as 2022-11-18, or none. */
export function isDay(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return false;
  const made = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(made.getTime()) && made.toISOString().startsWith(text);
}

export function dayWords(lang: Lang, day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  if (lang === "zh") return `${year}年${month}月${date}日`;
  return `${date} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

/** A civil moment such as 2022-11-19T00:00:00. */
export function momentWords(lang: Lang, civil: string): string {
  const [day = "", time = ""] = civil.split("T");
  return `${dayWords(lang, day)}${lang === "zh" ? " " : ", "}${time.slice(0, 5)}`;
}

// How old something is, and how long until something: 4 s, 12 min, 6 h 05 min, 3 days; 4秒, 12分钟, 6小时05分, 3天.
import type { Lang } from "../i18n/core";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function two(n: number): string {
  return String(n).padStart(2, "0");
}

/** A span in words, rounded down to what somebody would say. Negative spans count as none. */
export function span(lang: Lang, seconds: number, exact = false): string {
  const s = Math.max(0, Math.floor(seconds));
  const zh = lang === "zh";
  if (s < MINUTE) return zh ? `${s}秒` : `${s} s`;
  if (s < HOUR) return zh ? `${Math.floor(s / MINUTE)}分钟` : `${Math.floor(s / MINUTE)} min`;
  const hours = Math.floor(s / HOUR);
  const minutes = Math.floor((s % HOUR) / MINUTE);
  if (s < 2 * DAY || (exact && s < 4 * DAY)) {
    if (!exact) return zh ? `${hours}小时` : `${hours} h`;
    return zh ? `${hours}小时${two(minutes)}分` : `${hours} h ${two(minutes)} min`;
  }
  const days = Math.floor(s / DAY);
  return zh ? `${days}天` : `${days} days`;
}

/** An age in hours, as sources give it. */
export function hours(lang: Lang, age: number): string {
  return span(lang, age * HOUR);
}

/** Where an age stands against its limit. */
export function standing(age: number | null, limit: number | null): "never" | "late" | "in_time" {
  if (age === null) return "never";
  return limit !== null && age > limit ? "late" : "in_time";
}

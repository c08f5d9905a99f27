// Civil days and moments as people read them. Days stay text: a day is no moment, and a browser's clock has no say in it.
import type { Lang } from "../i18n/core";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = { en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"], zh: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"] };
const DAY_MS = 86_400_000;

function parts(civil: string): { year: number; month: number; date: number; time: string } {
  const [day = "", time = ""] = civil.split("T");
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return { year, month, date, time: time.slice(0, 5) };
}

/** A civil day such as 2022-11-18, or none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const made = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(made.getTime()) && made.toISOString().startsWith(text);
}

/** A civil moment to the minute such as 2022-11-18T13:00, or none. */
export function isMoment(text: string): boolean {
  const [day = "", time = "", ...rest] = text.split("T");
  return rest.length === 0 && isDay(day) && /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(time);
}

/** 18 Nov 2022, 2022年11月18日. */
export function dayWords(lang: Lang, day: string): string {
  const { year, month, date } = parts(day);
  return lang === "zh" ? `${year}年${month}月${date}日` : `${date} ${MONTHS[month - 1]} ${year}`;
}

/** 18 Nov, 11月18日: where the year is plain. */
export function dayShort(lang: Lang, day: string): string {
  const { month, date } = parts(day);
  return lang === "zh" ? `${month}月${date}日` : `${date} ${MONTHS[month - 1]}`;
}

/** A civil moment such as 2022-11-19T00:00:00: 19 Nov 2022, 00:00. */
export function momentWords(lang: Lang, civil: string): string {
  return `${dayWords(lang, civil)}${lang === "zh" ? " " : ", "}${parts(civil).time}`;
}

/** 19 Nov, 13:00; 11月19日 13:00. */
export function momentShort(lang: Lang, civil: string): string {
  return `${dayShort(lang, civil)}${lang === "zh" ? " " : ", "}${parts(civil).time}`;
}

/** Sun 20 Nov 2022, 18:00; 2022年11月20日（周日）18:00. */
export function momentLong(lang: Lang, civil: string): string {
  const { year, month, date, time } = parts(civil);
  const weekday = WEEKDAYS[lang][new Date(Date.UTC(year, month - 1, date)).getUTCDay()] ?? "";
  return lang === "zh" ? `${dayWords(lang, civil)}（${weekday}）${time}` : `${weekday} ${momentWords(lang, civil)}`;
}

/** A range of days: 30 Nov to 15 Dec; 11月30日—12月15日. */
export function daysWords(lang: Lang, from: string, to: string): string {
  return from === to ? dayShort(lang, from) : `${dayShort(lang, from)}${lang === "zh" ? "—" : " to "}${dayShort(lang, to)}`;
}

/** The day `n` days after (before, if negative). */
export function addDays(day: string, n: number): string {
  return new Date(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) + n * DAY_MS).toISOString().slice(0, 10);
}

/** Days from one to another; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to.slice(0, 10)}T00:00:00Z`) - Date.parse(`${from.slice(0, 10)}T00:00:00Z`)) / DAY_MS);
}

/** Days since `from` with their fraction, on a scale of civil time: for axes only. */
export function civilDays(from: string, civil: string): number {
  const moment = civil.length > 10 ? civil.slice(0, 19) : `${civil}T00:00:00`;
  return (Date.parse(`${moment.length === 16 ? `${moment}:00` : moment}Z`) - Date.parse(`${from.slice(0, 10)}T00:00:00Z`)) / DAY_MS;
}

// What is said of a restriction, in the chosen language.
import { city } from "../../state/city.svelte";
import { f, locale, sayer } from "../../state/locale.svelte";
import { civilOf } from "../../lib/zone";
import { isOver, pastEnd, type Measure } from "./measures";
import { words } from "./words";

const t = sayer(words);

/** A word of the catalogue for a code, or the code itself. */
export function word(prefix: string, code: string): string {
  const key = `${prefix}${code}`;
  return key in words ? t(key as "live") : code;
}

export const civil = (at: string) => civilOf(Date.parse(at), city.zone);

export function nameOf(one: Measure): string {
  return locale.pick(one.place) || one.area || one.measure;
}

export function districtOf(one: Measure): string {
  const code = one.within?.split("/").at(-1);
  return code === undefined ? "" : city.name(code);
}

/** What comes next, at the end of its bar. */
export function nextOf(one: Measure, now: number): string {
  if (pastEnd(one, now)) return t("keptPast", { span: f.span((now - Date.parse(one.end)) / 1000) });
  if (one.phase === "suspended") return t("suspendedWhy", { why: one.suspended === null ? "" : `${word("why_", one.suspended.why)}${one.suspended.way === null ? "" : ` (${one.suspended.way})`}` });
  if (isOver(one)) return one.over_at === null ? t("ended") : `${word("p_", one.phase)} ${f.momentShort(civil(one.over_at))}`;
  if (one.phase === "live") return t("ends", { day: f.momentShort(civil(one.end)) });
  if (one.phase === "gated") return `${t("approved")} · ${t("starts", { day: f.momentShort(civil(one.start)) })}`;
  return t("draftGate");
}

// The situation as it is looked at: one reading for all pages of this feature, kept while one goes from one to the other.
import { api } from "../../api/client";
import { addDays } from "../../lib/dates";
import { city, time } from "../../state/city.svelte";
import { sayer } from "../../state/locale.svelte";
import { read, type Read } from "../../state/store.svelte";
import type { Outlook, Situation } from "./types";
import { words } from "./words";

/** Series begin with the outbreak, up to so many days. */
const LONGEST = 120;
/** Changes that can touch the picture; what is owed or ordered cannot. */
const OF_THE_PICTURE = ["city_founded", "reference_taken", "rows_accepted", "batch_closed"];

export function readSituation(): Read<Situation> {
  return read(
    () => ["situation", time.day, time.asked ?? "now"],
    (signal) => api.GET("/api/v1/days/{day}/situation", { params: { path: { day: time.day }, query: { days: LONGEST, ...(time.asked === undefined ? {} : { known_at: time.asked }) } }, signal }),
    { kinds: OF_THE_PICTURE, still: () => time.past, keepLast: true },
  );
}

/** The situation now, to be set beside one of the past; read only while `wanted`. */
export function readNow(wanted: () => boolean): Read<Situation> {
  const day = () => (city.now.endsWith("T00:00") ? addDays(city.now, -1) : city.now.slice(0, 10));
  return read(
    () => (wanted() ? ["situation", day(), "now"] : null),
    (signal) => api.GET("/api/v1/days/{day}/situation", { params: { path: { day: day() }, query: { days: LONGEST } }, signal }),
    { kinds: OF_THE_PICTURE },
  );
}

/** The last outlook that had been issued by the moment that is looked at. */
export function readOutlook(): Read<Outlook> {
  return read(
    () => {
      const day = city.days.findLast((one) => (city.replay || time.past ? `${addDays(one, 1)}T00:00` <= time.at : one <= time.day));
      return day === undefined ? null : ["outlook", day];
    },
    (signal) => {
      const day = city.days.findLast((one) => (city.replay || time.past ? `${addDays(one, 1)}T00:00` <= time.at : one <= time.day)) ?? time.day;
      return api.GET("/api/v1/days/{day}/outlook", { params: { path: { day } }, signal });
    },
    { kinds: ["artefact_issued"], still: () => time.past },
  );
}

const t = sayer(words);

/** The name of a place. Units that report for several districts have no entry among the areas; the one that a city calls its middle is named so. */
export function placeName(code: string): string {
  if (city.byCode.has(code)) return city.name(code);
  return /central/i.test(code) ? t("centralArea") : code;
}

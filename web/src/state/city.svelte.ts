// The city: its clock, its areas, and the moment that every page looks at.
import { answered, api, type Area, type City, type Problem } from "../api/client";
import { addDays, isMoment } from "../lib/dates";
import { civilOf, instantOf, wire } from "../lib/zone";
import { locale } from "./locale.svelte";
import { router } from "./router.svelte";

const ZONE = "Asia/Shanghai";
/** Days that the time bar shows. */
const LONGEST_BAR = 60;

class TheCity {
  about: City | null = $state.raw(null);
  areas: readonly Area[] = $state.raw([]);
  /** Days for which a brief was issued, oldest first. */
  days: readonly string[] = $state.raw([]);
  #learnt: readonly string[] = $state.raw([]);
  /** Why the city could not be read; pages wait for it, because their day is a day of its clock. */
  problem: Problem | null = $state.raw(null);
  ready = $state(false);
  /** How far this machine's clock is off the city's, in ms. */
  offset = $state(0);
  #tick = $state(Date.now());

  byCode = $derived(new Map(this.areas.map((area) => [area.code, area])));
  city = $derived(this.areas.find((area) => area.level === "city") ?? null);
  districts = $derived(this.areas.filter((area) => area.level === "district"));
  zone = $derived(this.about?.time_zone ?? ZONE);
  replay = $derived(this.about?.mode === "replay");

  constructor() {
    setInterval(() => (this.#tick = Date.now()), 5_000);
  }

  async load() {
    const asked = Date.now();
    const [about, areas, days, times] = await Promise.all([
      answered(api.GET("/api/v1/city")),
      answered(api.GET("/api/v1/areas")),
      answered(api.GET("/api/v1/briefs")),
      answered(api.GET("/api/v1/batches/times")),
    ]);
    if (about.ok) {
      this.about = about.value;
      this.offset = Date.parse(about.value.now) - (asked + Date.now()) / 2;
    }
    if (areas.ok) this.areas = areas.value;
    if (days.ok) this.days = days.value.days;
    if (times.ok) this.#learnt = [...new Set(times.value.moments.map(({ at }) => civilOf(Date.parse(at), this.zone).slice(0, 16)))];
    const failed = [about, areas].find((answer) => !answer.ok);
    this.problem = failed === undefined || failed.ok ? null : failed.problem;
    this.ready ||= this.problem === null;
  }

  name(code: string): string {
    const area = this.byCode.get(code);
    return area === undefined ? code : locale.name(area.short_zh, area.short_en);
  }

  fullName(code: string): string {
    const area = this.byCode.get(code);
    return area === undefined ? code : locale.name(area.name_zh, area.name_en);
  }

  /** The city's clock in ms, whatever this machine's says. */
  instant = $derived(this.#tick + this.offset);

  /** Now, civil. In a replay: the end of the last day that was run; before any was, the last arrival. */
  now = $derived.by(() => {
    if (!this.replay) return civilOf(this.instant, this.zone).slice(0, 16);
    const lastDay = this.days.at(-1);
    if (lastDay !== undefined) return `${addDays(lastDay, 1)}T00:00`;
    return this.#learnt.at(-1) ?? `${this.about?.outbreak_started ?? civilOf(this.instant, this.zone).slice(0, 10)}T00:00`;
  });

  /** Moments at which reports arrived, civil to the minute, oldest first: the dots of the time bar. */
  arrivals = $derived(this.#learnt.filter((one) => one <= this.now));
}

export const city = new TheCity();

class Time {
  /** The moment that was chosen, if it is one and lies before now. */
  #chosen = $derived(router.view.at !== null && isMoment(router.view.at) && router.view.at.slice(0, 16) < city.now ? router.view.at.slice(0, 16) : null);
  /** Whether the past is looked at: nothing can be changed then. */
  past = $derived(this.#chosen !== null);
  /** The moment that is looked at, civil to the minute. */
  at = $derived(this.#chosen ?? city.now);
  /** The day that is looked at. At midnight sharp it is the day that just ended. */
  day = $derived(this.at.endsWith("T00:00") ? addDays(this.at, -1) : this.at.slice(0, 10));
  /** The moment for the API, only when it is not now: `known_at` and `at` of its queries. */
  asked = $derived(this.#chosen === null ? undefined : wire(instantOf(this.#chosen, city.zone)));
  /** The first moment of the time bar: the outbreak's first day, but no more than two months back, unless somebody looks further. */
  first = $derived.by(() => {
    const began = city.about?.outbreak_started ?? this.day;
    const back = addDays(city.now, -LONGEST_BAR);
    const shown = began > back ? began : back;
    return `${this.day < shown ? (this.day > began ? this.day : began) : shown}T00:00`;
  });
  /** Where `[` and `]` stop: arrivals and ends of days, oldest first, the last one is now. */
  stops = $derived.by(() => {
    const stops = new Set<string>(city.arrivals.map((one) => one.slice(0, 16)));
    for (let day = addDays(this.first, 1), n = 0; `${day}T00:00` < city.now && n < 4000; day = addDays(day, 1), n++) stops.add(`${day}T00:00`);
    return [...stops].filter((stop) => stop > this.first && stop < city.now).sort().concat(city.now);
  });

  goTo(moment: string) {
    router.choose({ at: moment >= city.now ? null : moment });
  }

  step(by: 1 | -1) {
    const next = by === 1 ? this.stops.find((stop) => stop > this.at) : this.stops.findLast((stop) => stop < this.at);
    if (next !== undefined) this.goTo(next);
  }

  backToNow() {
    router.setQuery("with", null);
    router.choose({ at: null });
  }
}

export const time = new Time();

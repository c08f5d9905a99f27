import { expect, it } from "vitest";
import { asBrief, findings, numberOf, series, where, type Brief } from "./brief";

const sentence = (en: string) => ({ zh: en, en, synthetic: false });
const masthead = { day: "2022-11-18", outbreak_started: "2022-11-01" };

it("a document of another form is no brief", () => {
  for (const bad of [null, {}, [], "brief", { lead: [], points: [{}], titles: {}, facts: { masthead } }]) expect(asBrief(bad)).toBeNull();
  expect(asBrief({ lead: [], points: [], titles: {}, facts: { masthead } })).not.toBeNull();
});

it("findings come in the order of the brief, unknown ones last", () => {
  const titles = { zebra: sentence("z"), ages: sentence("a"), city: sentence("c"), outlook: sentence("o") };
  const brief = asBrief({ lead: [], points: [], titles, facts: { masthead } });
  expect(brief === null ? [] : findings(brief).map(([key]) => key)).toEqual(["city", "outlook", "ages", "zebra"]);
});

const with_ = (facts: object) => ({ lead: [], points: [], titles: {}, facts: { masthead, ...facts } }) as unknown as Brief;
const figure = (value: number | null) => (value === null ? { state: "unknown" } : { state: "known", value });

it("the table of districts names the most, and tells how many are silent", () => {
  const row = (code: string, n: number | null) => ({ place: { code, name: { zh: code, en: code }, full: { zh: code, en: code } }, new: figure(n), per_100k: figure(null), community_pct: figure(null) });
  const found = where(with_({ districts: { period: null, rows: [row("a", 3), row("b", null), row("c", 9)] } }), 1);
  expect(found).toMatchObject({ sum: 12, silent: 1, all: 3 });
  expect(found.rows.map((one) => one.place.code)).toEqual(["c"]);
});

it("a day without a count is a gap, and a median without its bands is not drawn", () => {
  const quantiles = (levels: number[]) => levels.map((level) => ({ level, value: level * 100 }));
  const made = series(with_({
    city: { days: [{ day: "2022-11-17", new: figure(null) }, { day: "2022-11-18", new: figure(4) }] },
    outlook: { state: "known", value: { city: { state: "known", value: { days: [{ day: "2022-11-19", quantiles: quantiles([0.025, 0.25, 0.5, 0.75, 0.975]) }, { day: "2022-11-20", quantiles: quantiles([0.5]) }] } } } },
  }));
  expect(made.reported.map((one) => one.n)).toEqual([null, 4]);
  expect(made.fan.map((one) => one.day)).toEqual(["2022-11-19"]);
});

it("the outbreak's first day has brief number 1", () => expect(numberOf(with_({}))).toBe(18));

import { expect, it } from "vitest";
import { asOutlook, fan, need, needInterval, spoken, type Outlook } from "./outlook";

const outlook: Outlook = {
  day: "2022-11-18", as_known_at: "", origin: "2022-11-17", days: ["2022-11-18", "2022-11-19"], levels: [0.025, 0.25, 0.5, 0.75, 0.975], engine: "e", seed: 1,
  series: [{ place: "500000", standing: "own", quantiles: [[1, 2, 3, 4, 5], [2, 3, 4, 5, 6]] }],
  demand: { levels: [0.1, 0.5, 0.9], kinds: { tubes: { "500000": [[10, 20, 40]] } } },
};

it("a fan has its days, its median and both bands", () => {
  expect(fan(outlook, "500000")).toEqual([
    { day: "2022-11-18", low95: 1, low50: 2, median: 3, high50: 4, high95: 5 },
    { day: "2022-11-19", low95: 2, low50: 3, median: 4, high50: 5, high95: 6 },
  ]);
});

it("without its bands there is no median, and a place without a forecast has none", () => {
  expect(fan({ ...outlook, levels: [0.1, 0.25, 0.5, 0.75, 0.9] }, "500000")).toEqual([]);
  expect(fan(outlook, "500101")).toEqual([]);
});

it("demand begins on the day after the meeting and says how wide its interval is", () => {
  expect(need(outlook, "tubes", "500000")).toEqual([{ day: "2022-11-19", low: 10, median: 20, high: 40 }]);
  expect(needInterval(outlook)).toBe(80);
  expect(need({ ...outlook, demand: null }, "tubes", "500000")).toEqual([]);
});

it("a brief that knows no outlook says nothing, and days that are unknown stay unknown", () => {
  expect(spoken({ facts: { outlook: { state: "unknown" } } })).toBeNull();
  const said = spoken({ facts: { outlook: { state: "known", value: { data_until: "2022-11-17", model: { zh: "", en: "" } } }, city: { days: [{ day: "2022-11-16", new: { state: "unknown" } }, { day: "2022-11-17", new: { state: "known", value: 7 } }] } } });
  expect(said?.reported).toEqual([{ day: "2022-11-16", n: null }, { day: "2022-11-17", n: 7 }]);
});

it("another document is no outlook", () => {
  for (const bad of [null, {}, { days: ["x"], levels: 1, series: [] }]) expect(asOutlook(bad)).toBeNull();
});

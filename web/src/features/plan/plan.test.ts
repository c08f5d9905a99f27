import { expect, it } from "vitest";
import { asPins, asPlan, demands, fallsShort, missing, proposals, series, whys, type Class, type Plan, type Short, type Single } from "./plan";

const single = (of: Partial<Single> & { class: Class }): Single => ({
  day: "2022-11-20", from: "500103", facility: "A", level: "makeshift", care: null, people: 10, minutes: 5, rides: [], window: { from: "06:00:00", until: "22:00:00" }, reasons: [], origin: "synthetic", ...of,
});
const short = (of: Partial<Short>): Short => ({ day: "2022-11-26", district: "500103", class: "mild", care: null, people: 5, cause: "beds", mends: [], ...of });
const plan = (of: Partial<NonNullable<Plan["transfer"]>["plan"]>): Plan => ({
  name: "p", day: "2022-11-19", as_known_at: "2022-11-20T00:00:00", made: { engine: "e", seed: 1, inputs: "x" }, gaps: [], places: [], facilities: [],
  transfer: { plan: { start: "2022-11-20", days: 7, orders: [], shortfalls: [], loads: [], tiers: [], origin: "synthetic", pins: [], gaps: [], ...of } },
});

it("orders are gathered and numbered as the server does: the most ill first, then by facility, first day only", () => {
  const found = proposals(plan({
    orders: [single({ class: "mild", facility: "B" }), single({ class: "mild", facility: "A" }), single({ class: "mild", facility: "A", from: "500101", people: 30 }), single({ class: "critical", facility: "Z" }), single({ class: "critical", day: "2022-11-21" })],
  }));
  expect(found.map(({ id, class: of, facility, people }) => [id, of, facility, people])).toEqual([["1120-01", "critical", "Z", 10], ["1120-02", "mild", "A", 40], ["1120-03", "mild", "B", 10]]);
  expect(found[1]?.from[0]).toEqual({ code: "500101", people: 30 });
  expect(found.map((one) => one.lifeSaving)).toEqual([true, false, false]);
});

it("reasons are said once, with the people or districts that they stand for", () => {
  const reasons = [{ code: "need_forecast", people: 10, quantiles: [0.5, 0.9] as [number, number] }, { code: "nearer_full", facility: "X" }];
  const [one] = proposals(plan({ orders: [single({ class: "mild", reasons }), single({ class: "mild", from: "500101", reasons })] }));
  expect(one === undefined ? [] : whys(one)).toEqual([{ code: "need_forecast", n: 20, upTo: 0.9 }, { code: "nearer_full", n: 2 }]);
});

it("who has no bed is counted on the last day only, because who waits is counted each day again", () => {
  const [one] = missing(plan({ shortfalls: [short({ day: "2022-11-20", people: 3 }), short({}), short({ district: "500101", cause: "staff", people: 7 })] }));
  expect(one).toMatchObject({ people: 12, first: "2022-11-20", last: "2022-11-26", causes: [{ cause: "staff", people: 7 }, { cause: "beds", people: 5 }] });
});

it("a facility's load says what would be in use if everybody came whose nearest it is", () => {
  const loads = [{ facility: "A", level: "general" as const, day: "2022-11-20", usable: 100, binding: "staffed", admitted: 10, occupied: 100, nearest_demand: 60 }];
  expect(series(plan({ loads }))[0]?.days[0]).toEqual({ day: "2022-11-20", usable: 100, occupied: 100, wanted: 150 });
});

it("demand that is unknown stays unknown, and falls short only where both sides are known", () => {
  const brief = (median: number | null) => ({ facts: { load: { state: "known", value: { levels: [{ name: { zh: "床", en: "beds" }, binding: { state: "unknown" }, days: [{ day: "2022-11-20", demand: median === null ? { state: "unknown" } : { state: "known", value: { median, low: 1, high: 900, interval_pct: 80 } }, usable: { state: "known", value: 100 } }] }] } } } });
  expect(demands({ facts: {} })).toEqual([]);
  const known = demands(brief(140.2))[0];
  const unknown = demands(brief(null))[0];
  expect(known === undefined ? null : fallsShort(known)).toEqual({ from: "2022-11-20", most: 41 });
  expect(unknown?.days[0]?.median).toBeNull();
  expect(unknown === undefined ? 1 : fallsShort(unknown)).toBeNull();
});

it("pins are tables, and a class that was left open is left out", () => {
  expect(asPins([{ kind: "forbid", from: "500112", facility: "A", class: "" }, { kind: "cap", facility: "A", level: "general", beds: 5 }])).toEqual({ forbid: [{ from: "500112", facility: "A" }], cap: [{ facility: "A", level: "general", beds: 5 }] });
});

it("a document of another form is no plan", () => {
  for (const bad of [null, {}, { name: "p", day: "d", facilities: [], places: [], transfer: { plan: { orders: 1 } } }]) expect(asPlan(bad)).toBeNull();
});

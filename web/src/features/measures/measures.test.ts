import { describe, expect, it } from "vitest";
import { asMeasure, asMeasures, bars, lackOf, lacks, lines, next, pastEnd, takes, type Measure, type Phase } from "./measures";

const at = (text: string) => Date.parse(`2022-11-${text}:00Z`);
const one = (more: Partial<Measure>): Measure => ({
  measure: "x-1", phase: "live", binds: true, scope: "area", area: "a", within: "500000/500103", place: null, what: null, why: null, rule: "r", clause: "c", evidence: [], decided_by: "p",
  start: "2022-11-16T00:00:00Z", review: "2022-11-19T00:00:00Z", end: "2022-11-21T00:00:00Z", over_at: null, suspended: null, override_until: null, override_used: false, review_open: false,
  persons: 40, households: 14, services: [], ways: [], notice: null, appeal_channel: null, assessment: null, judged: null, freed_households: 0, appeals: [], obligations: { owed: 0, all: 0 },
  steps: [{ at: "2022-11-16T00:00:00Z", what: "live" }], ...more,
});
const drawn = (measure: Measure, now: string) => bars(measure, at(now)).map((bar) => [bar.look, (bar.from - at("16T00:00".slice(0, 8))) / 86_400_000, (bar.to - at("16T00:00".slice(0, 8))) / 86_400_000]);

describe("bars", () => {
  it("in force run to their end", () => expect(drawn(one({}), "18T00:00")).toEqual([["live", 0, 5]]));
  it("kept past the end are dark, and stop at now", () => expect(drawn(one({}), "23T00:00")).toEqual([["live", 0, 5], ["past_end", 5, 7]]));
  it("suspended are hatched from then on, and do not bind in the drawing", () =>
    expect(drawn(one({ phase: "suspended", binds: false, steps: [{ at: "2022-11-16T00:00:00Z", what: "live" }, { at: "2022-11-17T00:00:00Z", what: "suspended" }] }), "18T00:00")).toEqual([["live", 0, 1], ["suspended", 1, 5]]));
  it("in force again after a suspension are two pieces", () =>
    expect(drawn(one({ steps: [{ at: "2022-11-16T00:00:00Z", what: "live" }, { at: "2022-11-17T00:00:00Z", what: "suspended" }, { at: "2022-11-18T00:00:00Z", what: "live" }] }), "19T00:00")).toEqual([["live", 0, 1], ["suspended", 1, 2], ["live", 2, 5]]));
  it("ended early stop there", () => expect(drawn(one({ phase: "ended", binds: false, steps: [{ at: "2022-11-16T00:00:00Z", what: "live" }, { at: "2022-11-18T00:00:00Z", what: "ended" }] }), "20T00:00")).toEqual([["live", 0, 2]]));
  it("not begun are outlined", () => {
    expect(drawn(one({ phase: "assessed", binds: false, steps: [] }), "15T00:00")).toEqual([["draft", 0, 5]]);
    expect(drawn(one({ phase: "gated", binds: false, steps: [] }), "15T00:00")).toEqual([["approved", 0, 5]]);
  });
  it("never begun and over are none", () => expect(drawn(one({ phase: "lapsed", binds: false, steps: [] }), "25T00:00")).toEqual([]));
});

describe("a life", () => {
  it("takes the steps of its phase and no others", () => {
    const all: Phase[] = ["draft", "assessed", "gated", "live", "suspended", "ended", "lapsed"];
    expect(all.filter((phase) => takes(phase, "activate"))).toEqual(["gated", "suspended"]);
    for (const phase of all) {
      const step = next(phase);
      if (step !== null) expect(takes(phase, step), phase).toBe(true);
    }
  });
  it("past its end is said only of what still binds", () => expect([pastEnd(one({}), at("23T00:00")), pastEnd(one({ binds: false }), at("23T00:00")), pastEnd(one({}), at("20T00:00"))]).toEqual([true, false, false]));
  it("has lines that know what nobody said from what is missing", () => {
    const of = lines(one({ persons: null, ways: [{ way: "door", kind: "exit", inspected: null }, { way: "lane", kind: "fire_lane", inspected: { at: "", by: "", open: true } }] }));
    expect(of.map((line) => [line.key, line.ok])).toEqual([["counted", null], ["weighed", false], ["food", false], ["exits", false], ["notice", false], ["appeal", false]]);
  });
});

describe("what the gate says", () => {
  it("is lacks with their mends", () =>
    expect(lacks("the gate of x-1 is shut: water: 0 of 64 reserved from start to end; exit `door` was not inspected", "reserve 64 more of water; have `door` inspected today")).toEqual([
      { lack: "water: 0 of 64 reserved from start to end", mend: "reserve 64 more of water" },
      { lack: "exit `door` was not inspected", mend: "have `door` inspected today" },
    ]));
  it("keeps the notice's own semicolon together", () => expect(lacks("the gate of x-1 is shut: no notice was given", "publish it; hand it to the person it holds")).toHaveLength(1));
  it("is said in either language where its form is known", () => {
    expect(lackOf("water: 0 of 64 reserved from start to end")).toEqual({ what: "service", service: "water", have: 0, need: 64 });
    expect(lackOf("fire lane `lane 2` was not inspected")).toEqual({ what: "way", kind: "fire_lane", way: "lane 2" });
    expect(lackOf("no notice was given")).toEqual({ what: "notice" });
    expect(lackOf("the book says no")).toBeNull();
  });
  it("is never paired wrongly", () => expect(lacks("the gate of x-1 is shut: a; b", "one; two; three").map((line) => line.mend)).toEqual([null, null]));
});

it("a document of another form is no restriction", () => {
  expect(asMeasure({ measure: "x" })).toBeNull();
  expect(asMeasures([one({}), {}])).toBeNull();
  expect(asMeasures([one({})])).toHaveLength(1);
});

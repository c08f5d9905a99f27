import { describe, expect, it } from "vitest";
import { asObligation, board, byOwner, fieldText, inOrder, isUrgent, lateBy, owedOf, rest, tally, type Item } from "./owed";

const AT = "2022-11-18T16:00:00Z";
function item(id: string, kind: string, due: string, more: Partial<Item> = {}): Item {
  return { obligation: id, kind, area: "500112", path: "500000/500112", section: "transfer", units: 3, due, synthetic: false, ...more };
}

describe("order", () => {
  it("is life first, then the longest overdue, then what is due", () => {
    const items = [item("a", "transfer", "2022-11-18T20:00:00Z"), item("b", "transfer", "2022-11-17T00:00:00Z"), item("c", "urgent_care_dispatch", "2022-11-18T15:50:00Z"), item("d", "transfer", "2022-11-16T00:00:00Z"), item("e", "urgent_care_ack", "2022-11-18T16:05:00Z")];
    expect(inOrder(items, AT).map((one) => one.obligation)).toEqual(["c", "d", "b", "e", "a"]);
  });
  it("says nothing is late at its very moment", () => expect(lateBy(item("a", "transfer", AT), AT)).toBe(0));
  it("knows what hangs on minutes", () => expect([isUrgent("urgent_care_dispatch"), isUrgent("transfer")]).toEqual([true, false]));
});

describe("sums", () => {
  const items = [
    item("a", "transfer", "2022-11-17T00:00:00Z"),
    item("b", "food_delivery", "2022-11-19T00:00:00Z", { units: 5 }),
    item("c", "transfer", "2022-11-17T00:00:00Z", { path: "500000", area: "500000", units: 7 }),
    item("d", "urgent_care_dispatch", "2022-11-17T00:00:00Z", { path: "500000/500103/500103001", area: "500103001", units: 1 }),
  ];
  const places = tally(items, "500000", ["500112", "500103", "500101"], AT);
  it("by place and kind lose nothing", () => {
    const all = [...places.values()].flat().reduce((sum, one) => sum + one.units, 0);
    expect(all).toBe(16);
    expect(places.get("500103")).toEqual([{ kind: "urgent_care_dispatch", units: 1, late_units: 1 }]);
    expect(places.get("500000")).toEqual([{ kind: "transfer", units: 7, late_units: 7 }]);
  });
  it("of the whole less its parts are the whole's own", () => {
    const whole = [{ kind: "transfer", units: 10, late_units: 10 }, { kind: "food_delivery", units: 5, late_units: 0 }];
    expect(rest(whole, [[{ kind: "transfer", units: 3, late_units: 3 }, { kind: "food_delivery", units: 5, late_units: 0 }]])).toEqual([{ kind: "transfer", units: 7, late_units: 7 }]);
  });
  it("make a matrix with life first in both directions", () => {
    const shown = board(places, ["500112", "500103", "500101"], true);
    expect(shown.columns.map((one) => one.id)).toEqual(["urgent_care_dispatch", "transfer", "food_delivery"]);
    expect(shown.rows.map((row) => row.id)).toEqual(["500103", "500000", "500112"]);
    expect(shown.rows[0]?.cells).toEqual([1, 0, 0]);
    expect(shown.without).toBe(1);
  });
  it("keep kinds that have no column of their own in the last one", () => {
    const kinds = Array.from({ length: 12 }, (_, nth) => ({ kind: `k${nth}`, units: nth + 1, late_units: 0 }));
    const shown = board(new Map([["500112", kinds]]), ["500112"], false);
    expect(shown.columns).toHaveLength(8);
    expect(shown.rows[0]?.cells.reduce((sum, n) => sum + n, 0)).toBe(78);
  });
  it("by owner put nobody first", () => {
    const rows = byOwner([...items, item("x", "transfer", "2022-11-20T00:00:00Z", { owner: "lead-transfer" })], AT);
    expect(rows.map((row) => [row.owner, row.items, row.late])).toEqual([[null, 4, 3], ["lead-transfer", 1, 0]]);
    expect(rows[0]?.oldest?.obligation).toBe("a");
  });
});

describe("an obligation", () => {
  const whole = { id: "x-1", kind: "transfer", path: "500000/500112", opened_at: AT, due: AT, section: "transfer", priority: 2, synthetic: true, fields: {}, split: [1, 2, 3, 4, 0, 0, 0, 0, 0], posted: "2022-11-18", version: 2 };
  it("is read only in the form that is known", () => {
    expect(asObligation({ ...whole, split: [1, 2] })).toBeNull();
    expect(asObligation(null)).toBeNull();
    const one = asObligation(whole);
    expect(one === null ? null : owedOf(one)).toBe(6);
  });
  it("has fields that are read without their type", () => expect([fieldText({ text: "x" }), fieldText({ date_time: "2022-11-18T20:00:00" }), fieldText({ flag: false })]).toEqual(["x", "2022-11-18 20:00:00", "false"]));
});

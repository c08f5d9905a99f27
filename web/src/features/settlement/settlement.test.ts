import { describe, expect, it } from "vitest";
import { asStatement, came, difference, grouped, sumOf, unexplained, went, type Line, type Stands } from "./settlement";

const line = (path: string, kind: string, carried_in: number, flows: number[], carried_out: number): Line => ({ path, kind, carried_in, flows, carried_out });
const LINES = [line("500000/500112", "transfer", 10, [5, 2, 1, 4, 1, 0, 0, 3], 10), line("500000/500103", "transfer", 7, [0, 3, 0, 2, 0, 1, 1, 2], 4), line("500000", "food_delivery", 0, [9, 0, 0, 9, 0, 0, 0, 0], 0)];
const whole: Stands = {
  sealed: false,
  seal: null,
  statement: { schema: "levee.statement/1", city: "x", scope: "500000", books: [], day: "2022-11-18", ends: "2022-11-18T16:00:00Z", previous_seal: null, lines: LINES, arrears: [
    { obligation: "a", kind: "transfer", path: "500000", section: "transfer", units: 3, due: "2022-11-18T00:00:00Z", reason: null, owner: null },
    { obligation: "b", kind: "transfer", path: "500000", section: "transfer", units: 3, due: "2022-11-18T00:00:00Z", reason: "no_staff", owner: null },
    { obligation: "c", kind: "transfer", path: "500000", section: "transfer", units: 3, due: "2022-11-18T00:00:00Z", reason: "no_staff", owner: "lead" },
  ] },
};

describe("the equation", () => {
  it("holds for accounts and for their sum", () => {
    for (const one of LINES) expect(difference(one)).toBe(0);
    const sum = sumOf(LINES);
    expect([sum.carried_in, came(sum), went(sum), sum.carried_out]).toEqual([17, 20, 23, 14]);
    expect(difference(sum)).toBe(0);
  });
  it("tells by how much it does not hold", () => expect(difference(line("x", "y", 10, [0, 0, 0, 4, 0, 0, 0, 0], 5))).toBe(1));
  it("loses nothing when lines are put together", () => {
    for (const by of [(one: Line) => one.kind, (one: Line) => one.path]) {
      const groups = grouped(LINES, by);
      expect(groups.reduce((sum, one) => sum + one.carried_out, 0)).toBe(14);
      expect(groups.reduce((sum, one) => sum + one.lines, 0)).toBe(3);
    }
  });
});

describe("a statement", () => {
  it("is read only in the form that is known", () => {
    expect(asStatement(whole)).not.toBeNull();
    expect(asStatement({ ...whole, statement: { ...whole.statement, schema: "levee.statement/2" } })).toBeNull();
    expect(asStatement({ ...whole, statement: { ...whole.statement, lines: [line("x", "y", 1, [1], 2)] } })).toBeNull();
    expect(asStatement(null)).toBeNull();
  });
  it("leaves to explain what lacks a reason or somebody who answers", () => expect(unexplained(whole.statement).map((one) => one.obligation)).toEqual(["a", "b"]));
});

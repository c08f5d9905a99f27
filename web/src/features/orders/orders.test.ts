import { expect, it } from "vitest";
import { against, inOrder, lateBy, planOf, units, type Order } from "./orders";

const order = (of: Partial<Order>): Order => ({
  order: "a", version: 1, state: "proposed", action: "transfer", area: "500101", path: "500000/500101", section: "transfer", due: "2022-11-20T14:00:00Z", meets: { x: 3, y: 4 }, why: "plan", rests_on: "r", holds: [], by: null, life_saving: false, reason: null, ...of,
});

it("one step follows the other, and what comes before is said", () => {
  expect(against(order({}), "approve")).toBeNull();
  expect(against(order({}), "issue")).toEqual({ is: "first", step: "approve" });
  expect(against(order({ state: "approved" }), "finish")).toEqual({ is: "first", step: "issue" });
  expect(against(order({ state: "issued" }), "accept")).toBeNull();
  expect(against(order({ state: "accepted" }), "finish")).toBeNull();
  for (const state of ["done", "failed", "cancelled"]) for (const step of ["approve", "issue", "cancel"] as const) expect(against(order({ state }), step)).toEqual({ is: "over" });
});

it("what saves lives is issued without approval and stands before everything", () => {
  const urgent = order({ order: "u", life_saving: true, due: "2022-11-25T00:00:00Z" });
  expect(against(urgent, "issue")).toBeNull();
  expect(against(urgent, "approve")).toEqual({ is: "life_saving" });
  expect(inOrder([order({}), urgent]).map((one) => one.order)).toEqual(["u", "a"]);
});

it("an order is late only while it is under way", () => {
  const now = Date.parse("2022-11-20T15:00:00Z");
  expect(lateBy(order({}), now)).toBe(3600);
  expect(lateBy(order({ state: "done" }), now)).toBe(0);
  expect(units(order({}))).toBe(7);
});

it("an order of a plan leads back to it", () => {
  expect(planOf("20221119-517af1fa#1120-19/1")).toEqual({ plan: "20221119-517af1fa", day: "2022-11-19", order: "1120-19" });
  expect(planOf("01a2046a6b417793b910c2b6136d72a3-1001")).toBeNull();
});

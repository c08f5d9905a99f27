// Orders by how far they have come, and which steps each may take. The server decides; this says beforehand why a step is refused.
import type { Schemas } from "../../api/client";

export type Order = Schemas["OrderShown"];
export type StepName = "approve" | "issue" | "accept" | "finish" | "fail" | "cancel";

/** Why a step cannot be taken now: what must come before, or that the order is over. Null = it may be asked for. */
export type Against = { is: "first"; step: "approve" | "issue" | "accept" } | { is: "past" } | { is: "over" } | { is: "life_saving" } | null;

/** How far an order can come. */
export const STATES = ["proposed", "approved", "issued", "accepted", "done", "failed", "cancelled"] as const;
const OVER = ["done", "failed", "cancelled"];

export function isOver(order: Order): boolean {
  return OVER.includes(order.state);
}

export function against(order: Order, step: StepName): Against {
  if (isOver(order)) return { is: "over" };
  const state = order.state;
  switch (step) {
    case "approve":
      return order.life_saving ? { is: "life_saving" } : state === "proposed" ? null : { is: "past" };
    case "issue":
      if (state === "approved" || (state === "proposed" && order.life_saving)) return null;
      return state === "proposed" ? { is: "first", step: "approve" } : { is: "past" };
    case "accept":
      return state === "issued" ? null : state === "accepted" ? { is: "past" } : { is: "first", step: "issue" };
    case "finish":
      return state === "accepted" ? null : { is: "first", step: state === "issued" ? "accept" : state === "approved" ? "issue" : "approve" };
    case "fail":
      return state === "accepted" || state === "issued" ? null : { is: "first", step: "issue" };
    case "cancel":
      return null;
  }
}

export function units(order: Order): number {
  return Object.values(order.meets).reduce((sum, n) => sum + n, 0);
}

/** Seconds past its time at an instant; 0 = in time. */
export function lateBy(order: Order, instant: number): number {
  return isOver(order) ? 0 : Math.max(0, (instant - Date.parse(order.due)) / 1000);
}

/** Life-saving care before all, then the first due first. */
export function inOrder(orders: readonly Order[]): Order[] {
  return [...orders].sort((a, b) => Number(b.life_saving) - Number(a.life_saving) || (a.due < b.due ? -1 : a.due > b.due ? 1 : 0) || (a.order < b.order ? -1 : 1));
}

/** A plan's order: `20221119-517af1fa#1120-19/1`. */
export function planOf(restsOn: string): { plan: string; day: string; order: string } | null {
  const found = /^((\d{4})(\d{2})(\d{2})-[0-9a-f]{8})#([\w-]+)(?:\/\d+)?$/.exec(restsOn);
  if (found === null) return null;
  const [, plan = "", year, month, date, order = ""] = found;
  return { plan, day: `${year}-${month}-${date}`, order };
}

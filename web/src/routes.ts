// Every page: its address, its place in the navigation, and the chunk that holds it. A page is loaded when somebody goes there.
import type { Component } from "svelte";
import { isDay } from "./lib/dates";

export type Section = "situation" | "outlook" | "plan" | "orders" | "owed" | "measures" | "brief" | "intake";
export type Place = Section | "admin" | "my" | "publicPage";

/** The eight pages of the top bar, in its order, each with its letter after `G`. */
export const SECTIONS: readonly (readonly [Section, letter: string])[] = [
  ["situation", "s"],
  ["outlook", "o"],
  ["plan", "p"],
  ["orders", "d"],
  ["owed", "w"],
  ["measures", "m"],
  ["brief", "b"],
  ["intake", "i"],
];

/** What an address names beside its page, such as a day or an id. */
export type Params = Readonly<Record<string, string>>;

/** A page takes what its address names; what was chosen in it (`at`, `area`, `metric`, `sel`) it reads from `router.view`. */
export type Page = Component<{ params: Params }>;

type Load = () => Promise<{ default: Page }>;

type Route = {
  /** `/plan/:day`; `:day` takes days of the calendar only. */
  path: string;
  place: Place;
  /** None: the page has its place but is not there yet. */
  load?: Load;
};

/** Fixed parts come before names, so that `/measures/audit` is not a measure called audit. */
const ROUTES: readonly Route[] = [
  { path: "/", place: "situation", load: () => import("./features/situation/SituationPage.svelte") },
  { path: "/situation", place: "situation", load: () => import("./features/situation/SituationPage.svelte") },
  { path: "/areas/:code", place: "situation", load: () => import("./features/situation/AreaPage.svelte") },
  { path: "/sources", place: "situation", load: () => import("./features/situation/SourcesPage.svelte") },
  { path: "/contradictions/:id", place: "situation", load: () => import("./features/situation/ContradictionPage.svelte") },
  { path: "/outlook", place: "outlook", load: () => import("./features/outlook/OutlookPage.svelte") },
  { path: "/outlook/:scenario", place: "outlook" },
  { path: "/plan", place: "plan", load: () => import("./features/plan/PlanPage.svelte") },
  { path: "/plan/:day", place: "plan", load: () => import("./features/plan/PlanPage.svelte") },
  { path: "/plan/:day/compare", place: "plan", load: () => import("./features/plan/ComparePage.svelte") },
  { path: "/orders", place: "orders", load: () => import("./features/orders/OrdersPage.svelte") },
  { path: "/orders/:id", place: "orders", load: () => import("./features/orders/OrdersPage.svelte") },
  { path: "/owed", place: "owed", load: () => import("./features/owed/OwedPage.svelte") },
  { path: "/owed/:id", place: "owed", load: () => import("./features/owed/ObligationPage.svelte") },
  { path: "/settlement/:day", place: "owed", load: () => import("./features/settlement/SettlementPage.svelte") },
  { path: "/measures", place: "measures", load: () => import("./features/measures/MeasuresPage.svelte") },
  { path: "/measures/audit", place: "measures", load: () => import("./features/measures/AuditPage.svelte") },
  { path: "/measures/:id", place: "measures", load: () => import("./features/measures/MeasurePage.svelte") },
  { path: "/brief", place: "brief", load: () => import("./features/brief/BriefPage.svelte") },
  { path: "/brief/:day", place: "brief", load: () => import("./features/brief/BriefPage.svelte") },
  { path: "/directives/:id", place: "brief" },
  { path: "/intake", place: "intake", load: () => import("./features/intake/IntakePage.svelte") },
  { path: "/intake/:batch", place: "intake", load: () => import("./features/intake/IntakePage.svelte") },
  { path: "/admin", place: "admin", load: () => import("./features/admin/AdminPage.svelte") },
  { path: "/my", place: "my" },
  { path: "/my/:order", place: "my" },
  { path: "/public", place: "publicPage" },
  { path: "/public/:place", place: "publicPage" },
];

export type Found = { route: Route; params: Params };

function parts(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function taken(route: Route, given: readonly string[]): Params | null {
  const wanted = parts(route.path);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [nth, want] of wanted.entries()) {
    const value = decoded(given[nth] ?? "");
    if (value === null) return null;
    if (!want.startsWith(":")) {
      if (want !== value) return null;
      continue;
    }
    if (want === ":day" && !isDay(value)) return null;
    params[want.slice(1)] = value;
  }
  return params;
}

/** The page of an address, or none. */
export function routeOf(path: string): Found | null {
  const given = parts(path);
  for (const route of ROUTES) {
    const params = taken(route, given);
    if (params !== null) return { route, params };
  }
  return null;
}

/** Whether a section has a page by now. */
export function isBuilt(place: Place): boolean {
  return ROUTES.some((route) => route.place === place && route.load !== undefined);
}

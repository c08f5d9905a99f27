// Every link of the app. State lives in the address (`at`, `area`, `metric`, `sel`): a link shows a colleague the same view.
import type { Lang } from "./i18n/core";

export const paths = {
  situation: () => "/situation",
  area: (code: string) => `/areas/${encodeURIComponent(code)}`,
  sources: () => "/sources",
  contradiction: (id: string) => `/contradictions/${encodeURIComponent(id)}`,
  outlook: () => "/outlook",
  scenario: (id: string) => `/outlook/${encodeURIComponent(id)}`,
  plan: () => "/plan",
  planOf: (day: string) => `/plan/${day}`,
  planCompare: (day: string) => `/plan/${day}/compare`,
  orders: () => "/orders",
  order: (id: string) => `/orders/${encodeURIComponent(id)}`,
  owed: () => "/owed",
  obligation: (id: string) => `/owed/${encodeURIComponent(id)}`,
  settlement: (day: string) => `/settlement/${day}`,
  measures: () => "/measures",
  measure: (id: string) => `/measures/${encodeURIComponent(id)}`,
  measuresAudit: () => "/measures/audit",
  briefLatest: () => "/brief",
  brief: (day: string) => `/brief/${day}`,
  directive: (id: string) => `/directives/${encodeURIComponent(id)}`,
  intake: () => "/intake",
  batch: (id: string) => `/intake/${encodeURIComponent(id)}`,
  admin: () => "/admin",
  my: () => "/my",
  myOrder: (id: string) => `/my/${encodeURIComponent(id)}`,
  publicPage: () => "/public",
  publicPlace: (place: string) => `/public/${encodeURIComponent(place)}`,
  /** Where another house sends the browser back to; the page for signing in stands there. */
  signInReturn: () => "/sign-in/return",
  /** The brief as one page that prints, from the server. */
  briefPage: (day: string, lang: Lang) => `/api/v1/days/${day}/brief?form=html&lang=${lang}`,
};

/** What of the view stands in the address. */
export const VIEW = ["at", "area", "metric", "sel"] as const;
export type ViewKey = (typeof VIEW)[number];

/** A link that keeps what was chosen elsewhere: the moment goes along to every page, a name of the target itself wins. */
export function carrying(to: string, from: URLSearchParams, keys: readonly ViewKey[] = ["at"]): string {
  const [path = "", query = ""] = to.split("?");
  const asked = new URLSearchParams(query);
  for (const key of keys) {
    const value = from.get(key);
    if (value !== null && !asked.has(key)) asked.set(key, value);
  }
  return queried(path, asked);
}

/** A path with its query, readable: a colon needs no percent sign. */
export function queried(path: string, query: URLSearchParams): string {
  const text = query.toString().replaceAll("%3A", ":");
  return text === "" ? path : `${path}?${text}`;
}

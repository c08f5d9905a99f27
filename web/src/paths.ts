// Every link of the app. State lives in the address: a link shows a colleague the same view.
import type { Lang } from "./lib/words";

export const paths = {
  brief: (day: string) => `/brief/${day}`,
  briefLatest: () => "/brief",
  situation: () => "/situation",
  outlook: () => "/outlook",
  plan: () => "/plan",
  orders: () => "/orders",
  owed: () => "/owed",
  measures: () => "/measures",
  intake: () => "/intake",
  admin: () => "/admin",
  my: () => "/my",
  publicPage: () => "/public",
  /** The brief as one page that prints, from the server. */
  briefPage: (day: string, lang: Lang) => `/api/v1/days/${day}/brief?form=html&lang=${lang}`,
};

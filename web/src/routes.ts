// Every page, by its address.
import { isDay } from "./lib/dates";

export type Section = "situation" | "outlook" | "plan" | "orders" | "owed" | "measures" | "brief" | "intake";

/** The eight pages of the top bar, in its order. */
export const SECTIONS: readonly Section[] = ["situation", "outlook", "plan", "orders", "owed", "measures", "brief", "intake"];

/** Sections whose screens are built; the others have their place and say that they are not there yet. */
export const BUILT: readonly Section[] = ["brief"];

export type Page =
  | { page: "brief"; day: string | null }
  | { page: "later"; section: Section | "admin" | "my" | "public" }
  | { page: "nowhere" };

export function pageOf(path: string): Page {
  const [first = "", second, ...rest] = path.split("/").filter((part) => part !== "");
  if (first === "") return { page: "brief", day: null };
  if (first === "brief" && rest.length === 0) {
    if (second === undefined) return { page: "brief", day: null };
    return isDay(second) ? { page: "brief", day: second } : { page: "nowhere" };
  }
  const section = SECTIONS.find((one) => one === first);
  if (section !== undefined) return { page: "later", section };
  if (first === "admin" || first === "my" || first === "public") return { page: "later", section: first };
  return { page: "nowhere" };
}

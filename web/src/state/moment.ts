// The moment that a request is about. A replay has no present, so it is told one; a city at work is told only when the past is looked at.
import { instantOf, wire } from "../lib/zone";
import { city, time } from "./city.svelte";

/** `at` of queries and commands; undefined = now of the server's clock. */
export function told(): string | undefined {
  return time.asked ?? (city.replay ? wire(instantOf(time.at, city.zone)) : undefined);
}

/** What was given of some fields: those that are undefined are left out, as the API wants it. */
export function given<T extends object>(of: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** `{ at }` for a body, or nothing. */
export function at(): { at?: string } {
  return given({ at: told() });
}

// People with their accounts, and the figures of the server. Pure.
import type { Schemas } from "../../api/client";

export type Account = Schemas["AccountShown"];
export type Somebody = Schemas["Somebody"];
export type Row = { id: string; person: Somebody | null; account: Account | null };

/** Everybody once: people with their account or none, then accounts that belong to nobody. */
export function joined(people: readonly Somebody[], accounts: readonly Account[]): Row[] {
  const byPerson = new Map(accounts.filter((one) => one.person).map((one) => [one.person ?? "", one]));
  const known = new Set(people.map((one) => one.id));
  return [
    ...accounts.filter((one) => !one.person || !known.has(one.person)).map((account) => ({ id: `@${account.login}`, person: null, account })),
    ...people.map((person) => ({ id: person.id, person, account: byPerson.get(person.id) ?? null })),
  ];
}

export type Standing = "none" | "closed" | "locked" | "invited" | "active";

export function standingOf(account: Account | null, now: number): Standing {
  if (account === null) return "none";
  if (account.closed) return "closed";
  if (account.locked_until && Date.parse(account.locked_until) > now) return "locked";
  return account.has_password || account.linked ? "active" : "invited";
}

/** The address that a link makes: the server tells the link itself or only its secret. */
export function linkAddress(link: string, origin: string): string {
  return /^https?:/.test(link) ? link : `${origin}/#link=${link.replace(/^.*#link=/, "")}`;
}

export type Route = { route: string; count: number; within: number | null };
export type Health = { waiting: number | null; streams: number | null; answered: number; failures: number; within: number | null; most: number; routes: Route[] };

type Buckets = Map<number, number>;

/** The least bound that 99 of 100 stay under; null when that is beyond the last bound. */
function ninetyNine(buckets: Buckets, count: number): number | null {
  for (const le of [...buckets.keys()].sort((a, b) => a - b)) if (Number.isFinite(le) && (buckets.get(le) ?? 0) >= 0.99 * count) return le;
  return null;
}

/** Reads the server's figures (Prometheus text). */
export function health(text: string): Health | null {
  const gauge = (name: string) => {
    const found = new RegExp(`^${name} (\\S+)$`, "m").exec(text);
    return found === null ? null : Number(found[1]);
  };
  const routes = new Map<string, { buckets: Buckets; count: number }>();
  let answered = 0;
  let failures = 0;
  let most = 0;
  const all: Buckets = new Map();
  for (const line of text.split("\n")) {
    const found = /^levee_http_request_seconds_(bucket|count)\{method="(\w+)",route="([^"]*)",status="(\d+)"(?:,le="([^"]+)")?\} (\d+)$/.exec(line);
    if (found === null) continue;
    const [, what, method = "", path = "", status = "", le, n = "0"] = found;
    const name = `${method} ${path}`;
    const route = routes.get(name) ?? { buckets: new Map<number, number>(), count: 0 };
    routes.set(name, route);
    if (what === "count") {
      route.count += Number(n);
      answered += Number(n);
      if (status.startsWith("5")) failures += Number(n);
    } else {
      const bound = le === "+Inf" ? Infinity : Number(le);
      if (Number.isFinite(bound)) most = Math.max(most, bound);
      route.buckets.set(bound, (route.buckets.get(bound) ?? 0) + Number(n));
      all.set(bound, (all.get(bound) ?? 0) + Number(n));
    }
  }
  if (routes.size === 0) return null;
  const list = [...routes].map(([route, { buckets, count }]) => ({ route, count, within: ninetyNine(buckets, count) }));
  list.sort((a, b) => (b.within ?? Infinity) - (a.within ?? Infinity) || b.count - a.count);
  return { waiting: gauge("levee_waiting_requests"), streams: gauge("levee_streams"), answered, failures, within: ninetyNine(all, answered), most, routes: list };
}

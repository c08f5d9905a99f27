// Where we are. Everything that a colleague should see when they open the link stands in the address; back and forth work because of it.
import { carrying, queried, VIEW, type ViewKey } from "../paths";
import { routeOf } from "../routes";

class Router {
  #href = $state(location.href);
  url = $derived(new URL(this.#href));
  path = $derived(this.url.pathname);
  found = $derived(routeOf(this.path));
  /** What was chosen: `at` the moment, `area`, `metric`, `sel` the thing that is open. */
  view: Readonly<Record<ViewKey, string | null>> = $derived.by(() => {
    const query = this.url.searchParams;
    return { at: query.get("at"), area: query.get("area"), metric: query.get("metric"), sel: query.get("sel") };
  });

  constructor() {
    addEventListener("popstate", () => (this.#href = location.href));
  }

  /** The address of a link, with the moment that is looked at. Use it for every `href` within the app. */
  href(to: string): string {
    return carrying(to, this.url.searchParams);
  }

  go(to: string, how: { replace?: boolean; bare?: boolean } = {}) {
    const address = how.bare === true ? to : this.href(to);
    if (how.replace === true) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    this.#href = location.href;
  }

  /** Chooses within the page. A null takes a choice away. Steps of the same kind do not fill the way back. */
  choose(chosen: Partial<Record<ViewKey, string | null>>, how: { push?: boolean } = {}) {
    const query = new URLSearchParams(this.url.search);
    for (const key of VIEW) {
      const value = chosen[key];
      if (value === undefined) continue;
      if (value === null) query.delete(key);
      else query.set(key, value);
    }
    this.go(queried(this.path, query), { replace: how.push !== true, bare: true });
  }

  /** Another value of the query that only one page knows, such as a filter. */
  query(name: string): string | null {
    return this.url.searchParams.get(name);
  }

  setQuery(name: string, value: string | null) {
    const query = new URLSearchParams(this.url.search);
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
    this.go(queried(this.path, query), { replace: true, bare: true });
  }

  /** Links of the app change the page without loading it anew; everything else is the browser's. */
  follow = (event: MouseEvent) => {
    const anchor = event.target instanceof Element ? event.target.closest("a") : null;
    if (anchor === null || anchor.target !== "" || anchor.hasAttribute("download") || anchor.origin !== location.origin) return;
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (anchor.pathname.startsWith("/api/") || (anchor.hash !== "" && anchor.pathname === location.pathname)) return;
    event.preventDefault();
    this.go(anchor.pathname + anchor.search);
  };
}

export const router = new Router();
